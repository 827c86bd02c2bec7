"""Large photos cost the web no more than a look at their first bytes; a worker makes them, one at a time and within limits."""

import io
import re

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, ImageFile
from pytest_django.asserts import assertContains, assertNotContains

from cleanconnect.jobs import Job
from cleanconnect.uploads import clean_picture, look_at
from tests.factories import WorkOrderFactory
from workorders import tasks
from workorders.models import OrderPhoto, photographed

LARGE = (500, 400)


@pytest.fixture(autouse=True)
def _large_begins_here(settings):
    settings.PHOTO_AT_ONCE_PIXELS = 100_000


def picture(format="JPEG", size=LARGE, cut=None, **options):
    made = io.BytesIO()
    Image.effect_noise(size, 20).convert("RGB").save(made, format, **options)
    return SimpleUploadedFile(f"foto.{format.lower()}", made.getvalue()[:cut], content_type="image/jpeg")


def flat(format, size):
    """A picture of one colour: tiny on disk, however many pixels."""
    made = io.BytesIO()
    Image.new("L", size).save(made, format)
    return SimpleUploadedFile("foto", made.getvalue())


@pytest.fixture
def decoded(monkeypatch):
    """The sizes of the pictures that were decoded."""
    sizes, load = [], ImageFile.ImageFile.load

    def counted(self):
        sizes.append(self.size)
        return load(self)

    monkeypatch.setattr(ImageFile.ImageFile, "load", counted)
    return sizes


@pytest.fixture
def order(company):
    return WorkOrderFactory()


def added(client, order, *photos):
    return client.post(reverse("quality:add-photos", args=[order.pk]), {"moment": "intake", "photos": list(photos)})


@pytest.fixture
def waiting(employee, order):
    """A photo that no worker has made yet."""
    added(employee, order, picture())
    return OrderPhoto.objects.get()


def developed(photo):
    tasks.make_photo(photo.company_id, photo.pk)
    photo.refresh_from_db()
    return photo


def test_twelve_large_photos_are_kept_without_being_decoded(employee, order, decoded):
    photos = [picture(format) for format in ("JPEG", "PNG", "WEBP", "HEIF") * 3]
    decoded.clear()

    response = added(employee, order, *photos)

    assert response.status_code == 302
    assert decoded == []
    assert [(bool(row.upload), bool(row.photo), row.is_waiting) for row in OrderPhoto.objects.all()] == [(True, False, True)] * 12
    assert Job.objects.filter(task="workorders.tasks.make_photo").count() == 12


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_worker_makes_the_photo_and_the_upload_goes(employee, order, format, django_capture_on_commit_callbacks):
    added(employee, order, picture(format))
    photo = OrderPhoto.objects.get()
    upload = photo.upload.name

    with django_capture_on_commit_callbacks(execute=True):
        developed(photo)

    assert (photo.is_waiting, photo.upload.name, photo.failure) == (False, "", "")
    assert Image.open(photo.photo.open()).size == LARGE
    assert not default_storage.exists(upload)


def test_a_company_that_keeps_originals_keeps_the_upload(employee, order, company, django_capture_on_commit_callbacks):
    company.keeps_originals = True
    company.save()
    sent = picture()
    content = sent.read()
    sent.seek(0)
    added(employee, order, sent)

    with django_capture_on_commit_callbacks(execute=True):
        photo = developed(OrderPhoto.objects.get())

    assert photo.original.open().read() == content


def test_the_page_shows_that_a_photo_is_being_made_and_asks_again(employee, order, waiting):
    address = reverse("workorders:photo", args=[waiting.pk])
    page = employee.get(reverse("workorders:intake", args=[order.pk]))

    assertContains(page, "foto wordt verwerkt")
    assertContains(page, f'hx-get="{address}?stand=1')
    assertContains(page, "Vernieuwen")
    asked = employee.get(f"{address}?stand=1&alt=Foto")
    assertContains(asked, "foto wordt verwerkt")
    assert "no-store" in asked["Cache-Control"]

    developed(waiting)

    shown = employee.get(f"{address}?stand=1&alt=Foto%201")
    assertContains(shown, f'<img src="{address}?maat=klein" alt="Foto 1"')
    assertNotContains(shown, "hx-get")


@pytest.mark.parametrize("error", [MemoryError, SoftTimeLimitExceeded])
def test_a_photo_that_takes_too_much_is_told(employee, order, waiting, monkeypatch, error):
    def too_much(*args, **kwargs):
        raise error

    monkeypatch.setattr(photographed, "make_picture", too_much)

    developed(waiting)

    assertContains(employee.get(reverse("workorders:intake", args=[order.pk])), "te groot om te verwerken")


def test_a_photo_that_does_not_decode_is_told(employee, order, waiting, django_capture_on_commit_callbacks):
    with default_storage.open(waiting.upload.name) as file:
        content = bytearray(file.read())
    sof = re.search(rb"\xff\xc4", content).start()
    content[sof + 4 : sof + 200] = b"\xff" * 196
    with open(default_storage.path(waiting.upload.name), "wb") as file:
        file.write(content)

    with django_capture_on_commit_callbacks(execute=True):
        developed(waiting)

    assert (waiting.is_waiting, bool(waiting.photo), bool(waiting.upload)) == (False, False, False)
    assertContains(employee.get(reverse("workorders:intake", args=[order.pk])), "geen foto die we kunnen lezen")


def test_a_photo_that_ends_its_worker_three_times_is_given_up(waiting):
    Job.objects.filter(task="workorders.tasks.make_photo").update(attempts=3)

    developed(waiting)

    assert (waiting.is_waiting, waiting.failure) == (False, "Deze foto is niet te verwerken; maak hem opnieuw.")


def test_a_jpeg_is_decoded_no_larger_than_it_is_shown(decoded):
    upload = picture(size=(3000, 2400))
    decoded.clear()

    made = clean_picture(upload, max_size=(600, 600), at_once=True)

    assert max(decoded) == (750, 600)
    assert Image.open(io.BytesIO(made.read())).size == (600, 480)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize("part", [0.3, 0.9])
def test_a_photo_that_was_cut_off_is_refused_by_its_lengths(decoded, format, part):
    whole = picture(format)
    look_at(whole)
    decoded.clear()

    with pytest.raises(ValidationError, match="foto"):
        look_at(picture(format, cut=int(whole.size * part)))

    assert decoded == []


@pytest.mark.parametrize(("format", "size"), [("PNG", (4900, 4900)), ("WEBP", (4900, 4900)), ("JPEG", (7100, 7100))])
def test_a_picture_with_too_many_pixels_is_refused_unseen(decoded, format, size):
    upload = flat(format, size)
    decoded.clear()

    with pytest.raises(ValidationError, match="te veel pixels"):
        look_at(upload)

    assert decoded == []


@pytest.mark.parametrize(("format", "size"), [("PNG", (4800, 4900)), ("JPEG", (7000, 7000))])
def test_flat_pictures_may_have_24_megapixels_and_those_of_telephones_50(decoded, format, size):
    upload = flat(format, size)
    decoded.clear()

    assert look_at(upload) == (format, size[0] * size[1])

    assert decoded == []
