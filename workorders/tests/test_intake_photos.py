"""The state of a car when it comes in: photos, damage on the drawing, and the papers with them."""

import io
from datetime import date

import pytest
import segno
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from pytest_django.asserts import assertContains

from tests.factories import VehicleFactory, WorkOrderFactory, WorkOrderLineFactory
from workorders.car import HEIGHT, PLACES, WIDTH, drawing
from workorders.models import DamageMark, OrderPhoto, WorkOrder
from workorders.printing import document, qr_code


def picture(name="foto.jpg", size=(40, 30)):
    made = io.BytesIO()
    Image.new("RGB", size, "red").save(made, "JPEG")
    return SimpleUploadedFile(name, made.getvalue(), content_type="image/jpeg")


@pytest.fixture
def order(company):
    return WorkOrderLineFactory(order__vehicle=VehicleFactory(), description="Exterieur: Wassen").order


def test_damage_is_marked_with_its_photo(employee, order):
    sent = {"place": "roof", "kind": "dent", "note": "Hagel", "photo": picture()}

    assert employee.post(reverse("quality:add-damage", args=[order.pk]), sent).status_code == 302

    mark = order.damage_marks.get()
    assert (mark.place, mark.kind, mark.note, mark.marked_by) == ("roof", "dent", "Hagel", employee.membership)
    page = employee.get(reverse("workorders:intake", args=[order.pk]))
    assertContains(page, "is-marked", count=1)
    assertContains(page, reverse("workorders:photo", args=[mark.photo.pk]))
    assert employee.get(reverse("workorders:photo", args=[mark.photo.pk]))["Content-Type"] == "image/webp"


def test_a_mark_goes_and_its_photo_stays(employee, order):
    employee.post(reverse("quality:add-damage", args=[order.pk]), {"place": "roof", "kind": "dent", "photo": picture()})

    employee.post(reverse("workorders:remove-mark", args=[order.pk, order.damage_marks.get().pk]))

    assert not order.damage_marks.exists()
    assert order.photos.count() == 1


def test_several_photos_are_kept_at_once(employee, order):
    sent = {"photos": [picture("a.jpg"), picture("b.jpg")], "moment": "after"}

    employee.post(reverse("quality:add-photos", args=[order.pk]), sent)

    assert [photo.get_moment_display() for photo in order.photos.all()] == ["na afloop", "na afloop"]
    assert all(default_storage.exists(photo.photo.name) for photo in order.photos.all())


@pytest.mark.parametrize("name", ["photos", "photo"])
def test_what_is_no_photo_is_told_and_nothing_is_kept(employee, order, name):
    lie = SimpleUploadedFile("lief.jpg", b"<html>", content_type="image/jpeg")
    address = "quality:add-photos" if name == "photos" else "quality:add-damage"
    sent = {"photos": [picture(), lie], "moment": "intake"} if name == "photos" else {"place": "roof", "kind": "dent", "photo": lie}

    response = employee.post(reverse(address, args=[order.pk]), sent)

    assertContains(response, "Dit bestand is geen foto die we kunnen lezen", status_code=422)
    assert not OrderPhoto.objects.exists()
    assert not DamageMark.objects.exists()


def test_too_many_photos_and_a_place_that_is_none_are_told(employee, order):
    many = {"photos": [picture(f"{n}.jpg", (2, 2)) for n in range(13)], "moment": "intake"}
    assertContains(employee.post(reverse("quality:add-photos", args=[order.pk]), many), "ten hoogste 12", status_code=422)
    assert employee.post(reverse("quality:add-damage", args=[order.pk]), {"place": "wing", "kind": "dent"}).status_code == 422


def test_a_customer_sees_photos_of_its_own_cars_only(customer, order):
    mine = WorkOrderFactory(number=9000, customer=customer.membership.customer, vehicle=VehicleFactory())
    photos = [OrderPhoto.objects.create(order=one, photo=default_storage.save("1/x.webp", picture())) for one in (mine, order)]

    assert [customer.get(reverse("workorders:photo", args=[photo.pk])).status_code for photo in photos] == [200, 404]
    assert customer.get(reverse("workorders:intake", args=[mine.pk])).status_code == 403


def test_every_place_lies_on_the_drawing_and_marks_stand_beside_each_other(company, order):
    assert all(0 < place.x < WIDTH and 0 < place.y < HEIGHT for place in PLACES.values())
    marks = [DamageMark(order=order, place=place, kind="dent") for place in ("roof", "boot", "roof", "inside")]

    found = {one["name"]: one["marks"] for one in drawing(marks, "roof")}

    assert [number for number, _x in found["roof"]] == [1, 3]
    assert len({x for _number, x in found["roof"]}) == 2
    assert found["inside"]
    assert "inside" not in {one["name"] for one in drawing([])}


@pytest.mark.parametrize("name", ["slip", "label"])
def test_the_papers_are_pdfs_with_a_code_that_opens_the_check(employee, customer, order, name):
    response = employee.get(reverse(f"workorders:{name}", args=[order.pk]))

    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    assert customer.get(reverse(f"workorders:{name}", args=[order.pk])).status_code == 403


def test_the_code_holds_the_address_of_the_check(order, settings):
    address = settings.SITE_URL + reverse("quality:check", args=[order.pk])
    assert qr_code(order) == segno.make(address, error="m", micro=False).svg_inline(scale=1, border=2, omitsize=True)


def test_the_slips_of_a_day_are_one_file(employee, company):
    for _ in range(3):
        WorkOrderFactory(vehicle=VehicleFactory(), planned_on=date(2026, 12, 7))
    address = reverse("workorders:slips-of-day")

    assert employee.get(address, {"dag": "2026-12-07"}).content.startswith(b"%PDF")
    assert len(document("workorders/slip_pdf.html", WorkOrder.objects.with_minutes(), company).pages) == 3
    assert employee.get(address, {"dag": "2026-12-08"}).status_code == 404
    assert employee.get(address, {"dag": "2026-99-99"}).status_code == 404
