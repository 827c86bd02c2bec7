"""A large photo from the hall: its row says that it is being made, the mail waits for it a moment, and nothing is lost."""

import io
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from pytest_django.asserts import assertContains

from cleanconnect.jobs import Job
from notifications.models import Message
from quality import tasks
from quality.models import CheckPhoto, Defect, TabletAction
from quality.tests.test_replay import send
from tests.factories import ChecklistItemFactory, ServiceFactory, WorkOrderFactory


@pytest.fixture(autouse=True)
def _large_begins_here(settings):
    settings.PHOTO_AT_ONCE_PIXELS = 10_000


@pytest.fixture
def order(company):
    return WorkOrderFactory(number=9000, customer__email="klant@example.nl")


def picture(format="JPEG"):
    made = io.BytesIO()
    Image.new("RGB", (400, 300), "red").save(made, format)
    return SimpleUploadedFile("deuk.jpg", made.getvalue(), content_type="image/jpeg")


def at(name, order, *args):
    return reverse(f"quality:{name}", args=[order.pk, *args])


def test_the_mail_of_a_defect_shows_the_photo_once_it_is_made(employee, order):
    employee.post(at("defect-create", order), {"description": "Deuk", "photo": picture()})
    defect = Defect.objects.get()
    waiting = Message.objects.get()
    assert (defect.is_waiting, waiting.pictures) == (True, [])

    tasks.make_defect_photo(defect.company_id, defect.pk)

    defect.refresh_from_db()
    waiting.refresh_from_db()
    assert [name for name, _address in waiting.pictures] == [defect.photo.name]


def test_who_is_asked_for_approval_sees_the_photo_in_the_mail(employee, order):
    service = ServiceFactory(name="Polijsten", price="80.00", minutes=45, group__name="Lak", group__vehicle_type=order.vehicle.type)
    employee.post(at("defect-create", order), {"description": "Deuk", "photo": picture(), "service": service.pk})
    mail = Message.objects.get(event="approval")
    assert not Job.objects.due().filter(task="notifications.tasks.deliver", row_id=mail.pk).exists()
    defect = Defect.objects.get()

    tasks.make_defect_photo(defect.company_id, defect.pk)

    mail.refresh_from_db()
    defect.refresh_from_db()
    ((name, address),) = mail.pictures
    assert name == defect.photo.name
    assert address in mail.text
    assert Job.objects.due().filter(task="notifications.tasks.deliver", row_id=mail.pk).exists()


def test_a_photo_of_the_check_is_underway_then_made_then_there(employee, order):
    item, uid = ChecklistItemFactory(name="Velgen", needs_photo=True), uuid4()
    send(employee, at("add-item-photo", order, item.pk), {"photo_uid": str(uid)})
    assert CheckPhoto.objects.get().is_underway

    send(employee, at("send-photo", order), {"uid": str(uid), "photo": picture()})
    photo = CheckPhoto.objects.get()
    assert (photo.is_underway, photo.is_waiting) == (False, True)
    assertContains(employee.get(at("check", order)), "foto wordt verwerkt")

    tasks.make_check_photo(photo.company_id, photo.pk)

    assertContains(employee.get(at("check", order)), reverse("quality:check-photo", args=[photo.pk]) + "?maat=klein")


@pytest.mark.parametrize("format", ["JPEG", "HEIF"])
def test_a_large_photo_of_what_was_not_done_is_kept_as_it_came(employee, owner, order, format):
    sent = picture(format)

    told = send(employee, at("send-photo", order), {"uid": str(uuid4()), "photo": sent}).json()

    action = TabletAction.objects.get()
    assert told["outcome"] == "kept"
    sent.seek(0)
    assert action.photo.open().read() == sent.read()
    assert owner.get(reverse("quality:kept-photo", args=[action.pk])).status_code == 200
