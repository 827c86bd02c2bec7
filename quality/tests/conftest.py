import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.factories import ChecklistItemFactory, WorkOrderFactory


@pytest.fixture(autouse=True)
def nudges(monkeypatch):
    """The messages handed to a worker, as `(company id, message id)`, instead of the queue."""
    sent = []
    monkeypatch.setattr("notifications.tasks.deliver.delay", lambda *args: sent.append(args))
    return sent


@pytest.fixture
def order(company):
    """A planned order of a customer with an e-mail address."""
    return WorkOrderFactory(customer__name="Dealer Jansen", customer__email="jansen@dealer.example", vehicle__plate="GB001K")


@pytest.fixture
def item(company):
    """The only item of the checklist."""
    return ChecklistItemFactory(name="Velgen schoon", group__name="Exterieur")


@pytest.fixture
def picture():
    """Makes an uploaded picture of a size."""

    def make(size=(640, 480), format="JPEG", name="kras.jpg"):
        made = io.BytesIO()
        Image.new("RGB", size, "#888").save(made, format)
        return SimpleUploadedFile(name, made.getvalue(), "image/jpeg")

    return make
