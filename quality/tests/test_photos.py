"""Photos of the tablet: announced with what was done, sent after it; obligatory for some items; in two sizes; the original on request."""

import io
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from pytest_django.asserts import assertContains, assertNotContains

from cleanconnect.uploads import SMALL, make_small, small_name
from quality.checking import answer
from quality.models import ChecklistItem, CheckPhoto, Defect, TabletAction
from quality.tests.test_replay import send
from tests.factories import ChecklistItemFactory, WorkOrderFactory
from workorders.models import OrderPhoto, WorkOrder


def picture(size=(1200, 900), name="velg.jpg", **options):
    made = io.BytesIO()
    Image.new("RGB", size, "red").save(made, "JPEG", **options)
    return SimpleUploadedFile(name, made.getvalue(), content_type="image/jpeg")


@pytest.fixture
def order(company):
    return WorkOrderFactory(number=9000)


@pytest.fixture
def item(company):
    return ChecklistItemFactory(name="Velgen schoon", needs_photo=True)


def at(name, order, *args):
    return reverse(f"quality:{name}", args=[order.pk, *args])


def test_an_item_that_asks_a_photo_keeps_the_order_open_without_one(employee, order, item):
    answer(order, item, passed=True, by=employee.membership)

    assertContains(employee.post(at("finish", order)), "foto ontbreekt", status_code=422)
    employee.post(at("add-item-photo", order, item.pk), {"photo": picture()})
    employee.post(at("finish", order))

    order.refresh_from_db()
    assert order.status == WorkOrder.Status.COMPLETED
    photo = order.check_photos.get()
    assert (photo.item, photo.taken_by) == (item, employee.membership)
    assert employee.get(reverse("quality:check-photo", args=[photo.pk]))["Content-Type"] == "image/webp"


def test_finishing_waits_for_no_upload(employee, owner, order, item):
    uid = uuid4()
    send(employee, at("answer", order, item.pk), {"antwoord": "ja"})
    send(employee, at("add-item-photo", order, item.pk), {"photo_uid": str(uid)})
    send(employee, at("defect-create", order), {"description": "Deuk", "photo_uid": str(uuid4())})

    done = send(employee, at("finish", order))

    assert done.json()["outcome"] == "done"
    order.refresh_from_db()
    assert order.status == WorkOrder.Status.COMPLETED
    assertContains(owner.get(reverse("workorders:detail", args=[order.pk])), "2 foto’s nog onderweg")

    arrived = send(employee, at("send-photo", order), {"uid": str(uid), "photo": picture()})

    assert arrived.json()["outcome"] == "done"
    assert order.check_photos.get().photo
    assertContains(owner.get(reverse("workorders:detail", args=[order.pk])), "1 foto nog onderweg")


@pytest.mark.parametrize(
    ("name", "typed", "rows"),
    [
        ("defect-create", {"description": "Deuk"}, Defect),
        ("add-damage", {"place": "roof", "kind": "dent"}, OrderPhoto),
        ("add-photos", {"moment": "after"}, OrderPhoto),
    ],
)
def test_a_photo_finds_what_it_belongs_to_and_arrives_once(employee, order, name, typed, rows):
    uid, sent = uuid4(), uuid4()
    send(employee, at(name, order), typed | {"photo_uid": str(uid)})
    assert rows.objects.get().is_underway

    for _again in range(2):
        assert send(employee, at("send-photo", order), {"uid": str(uid), "photo": picture()}, uid=sent).json()["outcome"] == "done"

    row = rows.objects.get()
    assert row.photo
    assert not row.is_underway


def test_several_photos_are_announced_at_once(employee, order):
    uids = [uuid4(), uuid4()]

    send(employee, at("add-photos", order), {"moment": "intake", "photo_uid": ",".join(map(str, uids))})

    assert {photo.photo_uid for photo in order.photos.all()} == set(uids)


def test_a_file_that_is_no_photo_is_told_and_waited_for_no_longer(employee, owner, order, item):
    uid = uuid4()
    send(employee, at("add-item-photo", order, item.pk), {"photo_uid": str(uid)})
    lying = SimpleUploadedFile("velg.jpg", b"geen foto", content_type="image/jpeg")

    told = send(employee, at("send-photo", order), {"uid": str(uid), "photo": lying}).json()

    assert told["outcome"] == "kept"
    assert "geen foto die we kunnen lezen" in told["why"]
    assert not CheckPhoto.objects.get().is_underway
    assertContains(owner.get(reverse("quality:kept")), "geen foto die we kunnen lezen")


def test_a_photo_of_what_was_not_done_is_kept(employee, order):
    told = send(employee, at("send-photo", order), {"uid": str(uuid4()), "photo": picture()}).json()

    assert told["outcome"] == "kept"
    assert TabletAction.objects.get().photo


def test_photos_of_one_order_do_not_end_up_with_another(employee, order):
    uid, other = uuid4(), WorkOrderFactory(number=9001)
    send(employee, at("defect-create", order), {"description": "Deuk", "photo_uid": str(uid)})

    send(employee, at("send-photo", other), {"uid": str(uid), "photo": picture()})

    assert Defect.objects.get().is_underway


@pytest.mark.parametrize("uids", ["nonsense", "1,2", "\x00"])
def test_nonsense_for_an_id_is_refused(employee, order, item, uids):
    assert employee.post(at("add-photos", order), {"moment": "intake", "photo_uid": uids}).status_code == 422
    employee.post(at("add-item-photo", order, item.pk), {"photo_uid": uids})

    assert not OrderPhoto.objects.exists()
    assert not CheckPhoto.objects.exists()


def test_the_small_size_is_made_once_and_served(employee, order, item):
    employee.post(at("add-item-photo", order, item.pk), {"photo": picture()})
    photo = order.check_photos.get()
    address = reverse("quality:check-photo", args=[photo.pk])
    before = len(b"".join(employee.get(f"{address}?maat=klein").streaming_content))

    make_small(photo.photo.name)
    make_small(photo.photo.name)

    small = b"".join(employee.get(f"{address}?maat=klein").streaming_content)
    assert len(small) < before
    assert max(Image.open(io.BytesIO(small)).size) == max(SMALL)
    assert default_storage.exists(small_name(photo.photo.name))


def test_the_small_size_is_asked_of_a_worker(employee, order, item, monkeypatch, django_capture_on_commit_callbacks):
    asked = []
    monkeypatch.setattr("workorders.tasks.make_small.delay", lambda *args: asked.append(args))

    with django_capture_on_commit_callbacks(execute=True):
        employee.post(at("add-item-photo", order, item.pk), {"photo": picture()})

    assert asked == [(order.company_id, order.check_photos.get().photo.name)]


def test_the_original_is_kept_only_where_the_owner_wants_it_and_is_the_owners(company, employee, owner, order, item):
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    employee.post(at("add-item-photo", order, item.pk), {"photo": picture(exif=exif)})
    company.keeps_originals = True
    company.save()
    employee.post(at("add-item-photo", order, item.pk), {"photo": picture(exif=exif)})

    without, with_original = order.check_photos.all()
    assert not without.original
    assert owner.get(reverse("quality:check-photo-original", args=[without.pk])).status_code == 404
    address = reverse("quality:check-photo-original", args=[with_original.pk])
    found = b"".join(owner.get(address).streaming_content)
    assert Image.open(io.BytesIO(found)).getexif()[0x010F] == "Camera"
    assert employee.get(address).status_code == 403
    shown = Image.open(io.BytesIO(b"".join(owner.get(reverse("quality:check-photo", args=[with_original.pk])).streaming_content)))
    assert not shown.getexif()


def test_overdoen_keeps_the_order_open_until_it_is_done(employee, order):
    item = ChecklistItemFactory(name="Asbak leeg")
    employee.post(at("answer", order, item.pk), {"antwoord": "overdoen"})

    page = employee.post(at("finish", order))
    assertContains(page, "Asbak leeg", status_code=422)
    assertNotContains(page, "foto ontbreekt", status_code=422)
    assertContains(employee.get(at("check", order)), "0 van 1 beantwoord")
    employee.post(at("answer", order, item.pk), {"antwoord": "ja"})
    employee.post(at("finish", order))

    order.refresh_from_db()
    assert order.status == WorkOrder.Status.COMPLETED


def test_a_defect_needs_no_words_when_its_kind_is_pressed(employee, order):
    item = ChecklistItemFactory(name="Portieren")
    employee.post(at("defect-create", order), {"kind": "dent", "place": "left_front_door"})
    employee.post(at("defect-create", order), {"kind": "scratch", "item": item.pk})

    nothing = employee.post(at("defect-create", order), {})

    assertContains(nothing, "Kies wat het is, of omschrijf het.", status_code=422)
    assert {defect.description for defect in order.defects.all()} == {"Deuk, linkervoorportier", "Kras, Portieren"}


def test_the_owner_says_which_item_asks_a_photo(owner, company):
    group = ChecklistItemFactory().group

    owner.post(reverse("quality:item-create"), {"group": group.pk, "name": "Motorruimte", "needs_photo": "on"})

    assert ChecklistItem.objects.get(name="Motorruimte").needs_photo
