"""Mankementen: reported with a photo, told to the customer, listed, and their photos kept from others."""

import re
import struct
import zlib

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from notifications.models import Message
from quality.models import Defect
from quality.reporting import report
from tests.factories import WorkOrderFactory

DEFECTS = reverse("quality:defects")


def address(order):
    return reverse("quality:defect-create", args=[order.pk])


def photo_of(defect):
    return reverse("quality:defect-photo", args=[defect.pk])


def photos():
    """The files in the storage."""
    try:
        folders = default_storage.listdir("")[0]
        return [name for folder in folders for name in default_storage.listdir(f"{folder}/mankementen")[1]]
    except FileNotFoundError:
        return []


def bomb(width=60_000, height=60_000):
    """A small PNG that says it is huge."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(b"\x00" * 1000))
    return SimpleUploadedFile("bom.png", b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b""), "image/png")


def test_a_defect_is_kept_and_mailed_to_the_customer(employee, order, item, picture, nudges, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = employee.post(address(order), {"description": "Kras op het portier", "item": item.pk, "photo": picture()}, follow=True)

    defect, message = Defect.objects.get(), Message.objects.get()
    assert (defect.order, defect.item, defect.found_by) == (order, item, employee.membership)
    assert re.fullmatch(rf"{order.company_id}/mankementen/[0-9a-f]{{32}}\.webp", defect.photo.name)
    assert (message.event, message.event_key, message.to_email) == ("defect", str(defect.pk), "jansen@dealer.example")
    assert order.vehicle.plate_shown in message.subject
    assert "Kras op het portier" in message.text
    assert message.attachments == []
    assert nudges == [(order.company_id, message.pk)]
    assert response.redirect_chain[-1][0] == reverse("quality:check", args=[order.pk])
    assert "Kras op het portier" in response.content.decode()


def test_the_mail_leads_to_the_page_of_the_defect(employee, order, picture):
    employee.post(address(order), {"description": "Kras", "photo": picture()})

    message = Message.objects.get()
    assert order.defects.get().link in message.text
    assert message.pictures == [[order.defects.get().photo.name, order.defects.get().link]]


def test_the_mail_shows_what_was_typed_as_it_was_typed(employee, order):
    employee.post(address(order), {"description": 'Kras > 3 cm & "diep" 😬'})

    assert 'Kras > 3 cm & "diep" 😬' in Message.objects.get().text


def test_without_an_address_the_page_says_that_nobody_is_told(employee, order):
    order.customer.email = ""
    order.customer.save()

    page = employee.get(address(order)).content.decode()
    after = employee.post(address(order), {"description": "Kras"}, follow=True).content.decode()

    assert "krijgt hierover geen e-mail" in page
    assert "De klant krijgt hierover geen e-mail" in after
    assert Defect.objects.get().description == "Kras"
    assert not Message.objects.exists()


def test_the_form_comes_from_a_nee_with_its_item_chosen(employee, order, item):
    page = employee.get(address(order), {"onderdeel": item.pk}).content.decode()

    assert f'<option value="{item.pk}" selected>' in page
    assert "dealer jansen krijgt hierover een e-mail" in page.lower()


@pytest.mark.parametrize("value", ["x", "\x00", "9" * 40, "<b>"])
def test_a_strange_item_in_the_address_is_no_matter(employee, order, item, value):
    assert employee.get(address(order), {"onderdeel": value}).status_code == 200


@pytest.mark.parametrize("description", ["", "   ", "x" * 1001])
def test_a_wrong_text_is_told_and_stays(employee, order, item, picture, description):
    response = employee.post(address(order), {"description": description, "item": item.pk, "photo": picture()})

    form = response.context["form"]
    assert response.status_code == 422
    assert form.errors["description"]
    assert (form["description"].value(), form["item"].value()) == (description, str(item.pk))
    assert "Kies de foto opnieuw" in response.content.decode()
    assert (Defect.objects.count(), Message.objects.count(), photos()) == (0, 0, [])


@pytest.mark.parametrize(
    "upload",
    [
        lambda: SimpleUploadedFile("kras.jpg", b"geen foto", "image/jpeg"),
        lambda: SimpleUploadedFile("kras.jpg", b"", "image/jpeg"),
        lambda: SimpleUploadedFile("kras.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        lambda: SimpleUploadedFile("kras.html", b"<script>alert(1)</script>", "text/html"),
        bomb,
        lambda: bomb(7100, 7100),
    ],
)
def test_what_is_no_photo_is_refused_and_the_text_stays(employee, order, upload):
    response = employee.post(address(order), {"description": "Kras op het portier", "photo": upload()})

    form = response.context["form"]
    assert response.status_code == 422
    assert form.errors["photo"]
    assert form["description"].value() == "Kras op het portier"
    assert (Defect.objects.count(), photos()) == (0, [])


def test_a_photo_that_is_too_large_is_refused(employee, order, picture, settings):
    settings.PHOTO_MAX_BYTES = 1024

    response = employee.post(address(order), {"description": "Kras", "photo": picture((2000, 2000), "PNG")})

    assert response.status_code == 422
    assert "te groot" in response.content.decode()


def test_a_photo_that_is_cut_off_is_refused(employee, order, picture):
    whole = picture((800, 800)).read()

    response = employee.post(address(order), {"description": "Kras", "photo": SimpleUploadedFile("kras.jpg", whole[: len(whole) // 2])})

    assert response.status_code == 422
    assert response.context["form"].errors["photo"]


def test_when_the_mail_fails_neither_the_defect_nor_its_file_stays(employee, order, picture, monkeypatch):
    from cleanconnect.uploads import clean_picture

    def fail(defect):
        raise ConnectionError

    monkeypatch.setattr("quality.mails.defect", fail)

    with pytest.raises(ConnectionError):
        report(order, description="Kras", photo=clean_picture(picture()), by=employee.membership)

    assert (Defect.objects.count(), photos()) == (0, [])


def test_the_neighbours_item_and_order_are_refused(employee, order, neighbour):
    response = employee.post(address(order), {"description": "Kras", "item": neighbour.row("ChecklistItem").pk})

    assert response.status_code == 422
    assert "item" in response.context["form"].errors
    assert employee.post(address(neighbour.row("WorkOrder")), {"description": "Kras"}).status_code == 404


def test_a_customer_reports_no_defect(customer):
    order = WorkOrderFactory(customer=customer.membership.customer)

    assert customer.post(address(order), {"description": "Kras"}).status_code == 403


@pytest.fixture
def defect(employee, item, customer, picture):
    """A defect with a photo on an order of `customer`."""
    from cleanconnect.uploads import clean_picture

    order = WorkOrderFactory(customer=customer.membership.customer, vehicle__plate="KK123K", vehicle__plate_shown="KK-123-K")
    return report(order, description="Ster in de voorruit", item=item, photo=clean_picture(picture()), by=employee.membership)


@pytest.mark.parametrize("role", ["owner", "employee"])
def test_the_list_shows_what_was_found_where_when_and_by_whom(request, defect, role):
    page = request.getfixturevalue(role).get(DEFECTS).content.decode()

    assert "Ster in de voorruit" in page
    assert "KK-123-K" in page
    assert "Dealer De Vries" in page
    assert "Wim Werknemer" in page
    assert photo_of(defect) in page
    assert reverse("workorders:detail", args=[defect.order_id]) in page


def test_a_customer_sees_its_own_without_names(customer, defect, order, employee):
    report(order, description="Van een ander", by=employee.membership)

    page = customer.get(DEFECTS).content.decode()

    assert "Ster in de voorruit" in page
    assert photo_of(defect) in page
    assert "Van een ander" not in page
    assert "Wim Werknemer" not in page
    assert "Velgen schoon" not in page


@pytest.mark.parametrize(("text", "found"), [("kk-123", True), ("VOORRUIT", True), ("de vries", True), ("motorkap", False), ("%", False)])
def test_a_defect_is_found_by_plate_text_or_customer(employee, defect, text, found):
    page = employee.get(DEFECTS, {"zoek": text}).content.decode()

    assert ("Ster in de voorruit" in page) is found
    assert ("Geen mankementen gevonden" in page) is not found


@pytest.mark.parametrize("role", ["owner", "employee", "customer"])
def test_the_photo_opens_for_who_may_see_it(request, defect, role):
    response = request.getfixturevalue(role).get(photo_of(defect))

    assert response.status_code == 200
    assert b"".join(response.streaming_content)[8:12] == b"WEBP"
    assert response["Content-Type"] == "image/webp"
    assert "private" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == "inline"


def test_the_photo_of_another_customer_or_company_is_not_there(customer, owner, order, employee, neighbour, picture):
    from cleanconnect.uploads import clean_picture

    others = report(order, description="Van een ander", photo=clean_picture(picture()), by=employee.membership)

    assert customer.get(photo_of(others)).status_code == 404
    assert owner.get(photo_of(others)).status_code == 200
    assert owner.get(photo_of(neighbour.row("Defect"))).status_code == 404


def test_a_defect_without_a_photo_has_none_to_open(owner, order):
    bare = report(order, description="Kras", by=owner.membership)

    assert owner.get(photo_of(bare)).status_code == 404
    assert photo_of(bare) not in owner.get(DEFECTS).content.decode()


def test_a_photo_whose_file_is_gone_is_not_there(owner, defect):
    default_storage.delete(defect.photo.name)

    assert owner.get(photo_of(defect)).status_code == 404


def test_an_empty_list_says_what_will_be_here(owner, customer):
    assert "Nog geen mankementen" in owner.get(DEFECTS).content.decode()
    assert "Vinden we bij de behandeling iets" in customer.get(DEFECTS).content.decode()


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("role", "queries"), [("owner", 8), ("customer", 9)])
def test_as_many_queries_for_any_number_of_defects(request, customer, employee, item, role, queries, count, django_assert_num_queries):
    for _ in range(count):
        order = WorkOrderFactory(customer=customer.membership.customer)
        report(order, description="Kras", item=item, by=employee.membership)
    client = request.getfixturevalue(role)
    client.get(DEFECTS)

    with django_assert_num_queries(queries):
        client.get(DEFECTS)
