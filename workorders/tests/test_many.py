"""Many at once: a pasted list, a preview with prices, doubles and mistakes, and an order for each good line."""

import json
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains

from services.models import ServiceGroup
from tests.factories import CustomerFactory, PriceAgreementFactory, ServiceFactory, ServiceGroupFactory, VehicleFactory, VehicleTypeFactory
from tests.forms_of_pages import forms_on
from tests.outside_server import outside
from vehicles.models import TypeRule
from workorders.many import split, work_choices
from workorders.models import WorkOrder

from .again import edited, net, same, saved

URL = "/werkorders/meer-tegelijk/"


@pytest.fixture
def kind(owner):
    return VehicleTypeFactory(name="Auto standaard")


@pytest.fixture
def package(kind):
    """A package of two handlings for 100 euro."""
    group = ServiceGroupFactory(name="Verkoopklaar", vehicle_type=kind, is_package=True, package_price=Decimal(100))
    for name in ("Wassen", "Zuigen"):
        ServiceFactory(name=name, group=group, price=Decimal(60))
    return "pakket:Verkoopklaar"


@pytest.fixture
def send(owner, kind, package):
    customer = CustomerFactory(name="Dealer De Vries")

    def post(plates, **typed):
        sent = {"customer": customer.pk, "plates": plates, "work": [package], "vehicle_type": kind.pk}
        return owner.post(URL, sent | typed, follow=True)

    return post


@pytest.fixture
def confirm(owner, send):
    """Look at what is made, and make it."""

    def post(plates, **typed):
        return owner.post(send(plates, **typed).redirect_chain[-1][0])

    return post


def test_a_list_is_cut_however_it_was_pasted():
    assert split("GB-001-B\r\nGB-002-B, GB-003-B;\tGB-004-B\n\n  ") == ["GB-001-B", "GB-002-B", "GB-003-B", "GB-004-B"]


def test_packages_stand_first_and_names_once(kind, package):
    other = VehicleTypeFactory(name="Auto XL")
    for of_type in (kind, other):
        ServiceFactory(name="Polijsten", group=ServiceGroupFactory(name="Lak", vehicle_type=of_type))

    assert work_choices() == [("pakket:Verkoopklaar", "Pakket Verkoopklaar"), ("handeling:Polijsten", "Lak: Polijsten")]


def test_first_a_preview_then_the_orders(send, confirm, kind):
    VehicleFactory(plate="GB001B", plate_shown="GB-001-B", type=kind, make="Volvo")

    preview = send("gb001b\ngb-002-b\nGB-001-B\n??")
    assert not WorkOrder.objects.exists()
    assert [row.net for row in preview.context["proposal"].good] == [Decimal(100), Decimal(100)]
    for text in ("2 werkorders maken", "Dit staat al eerder in de lijst.", "Nieuw voertuig", "€\xa0200,00", "??"):
        assertContains(preview, text)

    response = confirm("gb001b\ngb-002-b\nGB-001-B\n??")
    assert response.url == reverse("workorders:overview")
    orders = WorkOrder.objects.order_by("number")
    assert [order.vehicle.plate for order in orders] == ["GB001B", "GB002B"]
    assert [sum(line.amount for line in order.lines.all()) for order in orders] == [Decimal(100), Decimal(100)]
    assert {order.customer.name for order in orders} == {"Dealer De Vries"}


def test_the_customers_own_price_counts(send, kind):
    service = ServiceFactory(name="Polijsten", price=Decimal(200), group__vehicle_type=kind)
    agreement = PriceAgreementFactory(service=service, value=Decimal(150))

    preview = send("GB-001-B", customer=agreement.customer_id, work=["handeling:Polijsten"])

    assert preview.context["proposal"].good[0].net == Decimal(150)


def test_a_car_with_an_open_order_is_told(send, confirm, kind):
    confirm("GB-001-B")

    assertContains(send("GB-001-B"), f"Er loopt al werkorder {WorkOrder.objects.get().number}.")


def test_what_a_vehicle_type_does_not_have_is_told(send):
    camper = VehicleTypeFactory(name="Camper")
    VehicleFactory(plate="GB001B", plate_shown="GB-001-B", type=camper)

    assertContains(send("GB-001-B"), "Camper heeft dit niet: Verkoopklaar.")


def test_a_new_car_without_a_type_is_told(send, confirm):
    response = send("GB-001-B", vehicle_type="")

    assertContains(response, "kies het soort voertuig")
    assert confirm("GB-001-B", vehicle_type="").status_code == 200
    assert not WorkOrder.objects.exists()


def test_a_vin_will_do(confirm):
    confirm("WVWZZZ1JZXW000001")

    assert WorkOrder.objects.get().vehicle.vin == "WVWZZZ1JZXW000001"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"customer": ""}, "Dit veld is verplicht"),
        ({"plates": ""}, "Dit veld is verplicht"),
        ({"plates": "GB-001-B\n" * 101}, "het maximum is 100"),
        ({"work": []}, "Dit veld is verplicht"),
        ({"work": ["pakket:Bestaat niet"]}, "geldige keuze"),
        ({"planned_on": "morgen"}, "geldige datum"),
    ],
)
def test_a_mistake_is_told_at_its_field(send, typed, said):
    plates = typed.pop("plates", "GB-001-B")

    assertContains(send(plates, **typed), said, status_code=422)
    assert not WorkOrder.objects.exists()


def test_a_customer_who_wants_a_purchase_number_gets_it_on_every_order(send, confirm):
    customer = CustomerFactory(po_required=True)

    assertContains(send("GB-001-B", customer=customer.pk), "vraagt dit op elke werkorder", status_code=422)
    confirm("GB-001-B\nGB-002-B", customer=customer.pk, po_number="PO-7")
    assert set(WorkOrder.objects.values_list("po_number", flat=True)) == {"PO-7"}


def test_a_preview_of_many_asks_as_little_as_one_of_few(send):
    send("GB-001-B")
    with CaptureQueriesContext(connection) as few:
        send("GB-001-B")
    with CaptureQueriesContext(connection) as many:
        send("\n".join(f"GB-{n:03}-B" for n in range(100)))

    assert len(many) == len(few)


def test_without_any_handling_it_says_what_is_needed(owner):
    assertContains(owner.get(URL), "Nog geen werkzaamheden")


def answering(query):
    """A server like the RDW's that knows one of the plates of the list, and is asked for all of them at once."""
    golf = {"kenteken": "GB003B", "voertuigsoort": "Bedrijfsauto", "merk": "VOLKSWAGEN", "handelsbenaming": "CADDY"}
    return 200, json.dumps([golf] if "'GB003B'" in query["$where"][0] else [])


def test_new_plates_are_asked_of_the_rdw_in_one_request(owner, send, confirm, kind, settings):
    bus = VehicleTypeFactory(name="Bus")
    TypeRule.objects.create(kind="Bedrijfsauto", vehicle_type=bus)
    ServiceFactory(name="Poetsen", price=Decimal(80), group=ServiceGroupFactory(name="Beurt", vehicle_type=bus))
    ServiceFactory(name="Poetsen", price=Decimal(50), group=ServiceGroupFactory(name="Beurt", vehicle_type=kind))
    with outside(answering) as server:
        settings.RDW_URL = server.url

        page = send("GB-003-B\nGB-004-B", work=["handeling:Poetsen"])
        confirm("GB-003-B\nGB-004-B", work=["handeling:Poetsen"])

    assertContains(page, "Volkswagen Caddy")
    rows = page.context["proposal"].rows
    assert [(row.vehicle_type.name, row.net) for row in rows] == [
        ("Bus", Decimal(80)),
        ("Auto standaard", Decimal(50)),
    ]
    assert len(server.asked) == 1
    made = {order.vehicle.plate: order.vehicle for order in WorkOrder.objects.select_related("vehicle__type")}
    assert (made["GB003B"].make_and_model, made["GB003B"].type.name) == ("Volkswagen Caddy", "Bus")
    assert (made["GB004B"].make_and_model, made["GB004B"].type.name) == ("", "Auto standaard")


@pytest.mark.parametrize("answer", [(500, "kapot"), (200, "<html>"), (200, "{}"), "cut"])
def test_a_broken_rdw_is_no_matter(send, settings, answer):
    with outside(lambda query: answer) as server:
        settings.RDW_URL = server.url

        assertContains(send("GB-003-B"), "1 werkorder")


def test_what_was_typed_after_the_preview_needs_another_preview(owner, send):
    preview = send("GB-001-B", note="Voor de preview").redirect_chain[-1][0]

    owner.post(preview, {"note": "Erna", "po_number": "PO-9"})

    order = WorkOrder.objects.get()
    assert (order.note, order.po_number) == ("Voor de preview", "")


def test_the_preview_shows_all_that_is_made_and_has_nothing_to_fill_in(send):
    page = send("GB-001-B", note="Hond in de auto", po_number="PO-7", cost_centre="K-1", planned_on="2026-12-01")

    for text in ("Dealer De Vries", "1 december 2026", "Pakket Verkoopklaar", "PO-7", "K-1", "Hond in de auto"):
        assertContains(page, text)
    (form,) = [form for form in forms_on(page, "/voorbeeld/") if form.action == "/voorbeeld/"]
    assert {name for name, _value in form.fields} == {"csrfmiddlewaretoken", "formulier"}


def test_a_price_that_changed_meanwhile_is_shown_again_first(owner, send, package):
    preview = send("GB-001-B").redirect_chain[-1][0]
    ServiceGroup.objects.update(package_price=Decimal(120))

    response = owner.post(preview, follow=True)

    assertContains(response, "intussen iets veranderd")
    assertContains(response, "€\xa0120,00")
    assert not WorkOrder.objects.exists()


def test_a_list_is_taken_in_once(owner, send):
    preview = send("GB-001-B").redirect_chain[-1][0]
    owner.post(preview)

    assertContains(owner.post(preview, follow=True), "niet nog eens gedaan")
    assert WorkOrder.objects.count() == 1


def test_what_was_typed_comes_back_to_be_mended(owner, send):
    page = send("GB-001-B\n??", note="Hond in de auto")

    again = owner.get(page.context["change_page"])

    assertContains(again, "Hond in de auto")
    assertContains(again, "??")


def test_a_package_is_one_on_each_order_and_comes_back_as_one(owner, confirm):
    confirm("GB-001-B\nGB-002-B")

    for order in WorkOrder.objects.all():
        assert {line.in_package for line in order.lines.all()} == {True}
        assert net(edited(owner, order)) == net(saved(owner, same(owner, order))) == Decimal(100)


def test_a_handling_is_not_taken_out_of_a_package_that_has_one_of_that_name(confirm, kind):
    washing = ServiceFactory(name="Wassen", price=Decimal(45), group=ServiceGroupFactory(name="Exterieur", vehicle_type=kind))

    confirm("GB-001-B", work=["handeling:Wassen"])

    line = WorkOrder.objects.get().lines.get()
    assert (line.service, line.in_package, line.amount) == (washing, False, Decimal(45))


def test_a_package_and_a_handling_of_the_same_name_are_both_done(send, confirm, kind, package):
    ServiceFactory(name="Wassen", price=Decimal(45), group=ServiceGroupFactory(name="Exterieur", vehicle_type=kind))

    preview = send("GB-001-B", work=[package, "handeling:Wassen"])
    confirm("GB-001-B", work=[package, "handeling:Wassen"])

    order = WorkOrder.objects.get()
    assert preview.context["proposal"].total == net(order) == Decimal(145)
    assert sorted(order.lines.values_list("service__group__name", "in_package")) == [
        ("Exterieur", False),
        ("Verkoopklaar", True),
        ("Verkoopklaar", True),
    ]


def test_a_handling_that_is_only_in_a_package_is_ordered_apart_at_its_own_price(confirm, kind):
    camper = VehicleTypeFactory(name="Camper")
    ServiceFactory(name="Zuigen", price=Decimal(30), group=ServiceGroupFactory(name="Interieur", vehicle_type=camper))

    confirm("GB-001-B", work=["handeling:Zuigen"])

    line = WorkOrder.objects.get().lines.get()
    assert (line.in_package, line.amount) == (False, Decimal(60))
