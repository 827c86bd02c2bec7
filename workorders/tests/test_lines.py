"""Quantity, discount with its reason, lines of one's own, expected minutes, and what is written down when they change."""

from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories import CustomerFactory, MembershipFactory, ServiceFactory, VehicleFactory, WorkOrderFactory
from workorders.models import Bay, WorkOrder, WorkOrderLine

URL = "workorders:create"


@pytest.fixture
def service(company):
    return ServiceFactory(name="Wassen", group__name="Exterieur", price=Decimal("20.00"), minutes=25)


@pytest.fixture
def fields(service):
    customer = CustomerFactory(name="Dealer De Vries")
    return {
        "customer_type": customer.type_id,
        "customer": customer.pk,
        "vehicle_type": service.group.vehicle_type_id,
        "plate": "gb-001-k",
        "country": "NL",
        "services": [service.pk],
        "status": "planned",
    }


def own_lines(*lines):
    """The fields of lines of one's own."""
    sent = {"regels-TOTAL_FORMS": len(lines), "regels-INITIAL_FORMS": 0}
    for place, line in enumerate(lines):
        sent |= {f"regels-{place}-{name}": value for name, value in line.items()}
    return sent


def taken_in(owner, fields):
    assert owner.post(reverse(URL), fields).status_code == 302
    return WorkOrder.objects.with_minutes().latest("pk")


def test_quantity_and_discount_are_on_the_line_and_in_the_total(owner, fields, service):
    how_much = {f"quantity_{service.pk}": "2,5", f"discount_{service.pk}": "10", f"discount_reason_{service.pk}": "Vaste klant"}

    order = taken_in(owner, fields | how_much)

    line = order.lines.get()
    assert (line.quantity, line.discount, line.discount_reason) == (Decimal("2.5"), Decimal("10"), "Vaste klant")
    assert line.amount == order.net == Decimal("45.00")
    assert order.minutes == order.expected_minutes == 63
    page = owner.get(reverse("workorders:detail", args=[order.pk]))
    assertContains(page, "2,50 ×")
    assertContains(page, "Vaste klant")


def test_the_database_adds_up_as_python_does(company):
    for quantity, price, discount in [("0.33", "12.35", "33.33"), ("3", "0.05", "50"), ("1.5", "19.99", "12.5"), ("1", "0.01", "50")]:
        line = WorkOrderLine(quantity=Decimal(quantity), unit_price=Decimal(price), discount=Decimal(discount), vat_rate="21")
        line.discount_amount = Decimal("0.01")
        line.order = WorkOrderFactory(vehicle=VehicleFactory())
        line.save()
        assert WorkOrder.objects.get(pk=line.order_id).net == line.amount


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"discount": "10"}, "Vul de reden van de korting in."),
        ({"discount": "101", "discount_reason": "x"}, "Zorg ervoor dat"),
        ({"discount": "veel", "discount_reason": "x"}, "Voer een getal in."),
        ({"quantity": "0"}, "Zorg ervoor dat"),
        ({"quantity": "-1"}, "Zorg ervoor dat"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(owner, fields, service, typed, message):
    response = owner.post(reverse(URL), fields | {f"{name}_{service.pk}": value for name, value in typed.items()})

    assertContains(response, message, status_code=422)
    assert not WorkOrder.objects.exists()


def test_a_line_of_ones_own_needs_no_handling(owner, fields):
    line = {"description": "Kinderstoel reinigen", "quantity": "2", "unit_price": "12,50", "vat_rate": "9", "minutes": "15"}

    order = taken_in(owner, fields | {"services": []} | own_lines(line, {"quantity": "1"}))

    made = order.lines.get()
    assert (made.service, made.description, made.amount, made.vat_rate) == (None, "Kinderstoel reinigen", Decimal("25.00"), "9")
    assert order.minutes == 30


def test_a_discount_in_euro_and_what_is_taken_off(owner, fields, service):
    trade_in = {"description": "Inruil matten", "quantity": "-1", "unit_price": "5", "vat_rate": "21"}
    how_much = {f"discount_{service.pk}": "€ 2,50", f"discount_reason_{service.pk}": "Vaste klant"}

    order = taken_in(owner, fields | how_much | own_lines(trade_in))

    handling, taken = order.lines.all()
    assert (handling.discount, handling.discount_amount, taken.amount) == (0, Decimal("2.50"), Decimal("-5.00"))
    assert order.net == handling.amount + taken.amount == service.price - Decimal("7.50")
    assertContains(owner.get(reverse("workorders:edit", args=[order.pk])), 'value="€ 2,50"')


@pytest.mark.parametrize(
    ("line", "at", "message"),
    [
        ({"quantity": "-1", "unit_price": "1000"}, "quantity", "onder nul"),
        ({"quantity": "-1", "unit_price": "1", "minutes": "5"}, "minutes", "kost geen tijd"),
        ({"unit_price": "5", "discount": "€ 6", "discount_reason": "x"}, "discount", "hoger dan het bedrag"),
    ],
)
def test_too_much_taken_off_is_told_at_its_field(owner, fields, line, at, message):
    response = owner.post(reverse(URL), fields | own_lines({"description": "Inruil", "vat_rate": "21"} | line))

    assert response.status_code == 422
    assert message in str(response.context["form"].free_lines.forms[0].errors[at])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"unit_price": "5"}, "Vul in wat dit is."),
        ({"description": "Iets"}, "Vul de prijs in"),
        ({"description": "Iets", "unit_price": "x"}, "Voer een getal in."),
    ],
)
def test_half_a_line_is_told_and_kept(owner, fields, line, message):
    response = owner.post(reverse(URL), fields | own_lines(line))

    assertContains(response, message, status_code=422)
    for typed in line.values():
        assertContains(response, f'value="{typed}"', status_code=422)


def test_an_order_without_anything_is_refused(owner, fields):
    response = owner.post(reverse(URL), fields | {"services": []} | own_lines({"quantity": "1"}))

    assertContains(response, "Kies ten minste één handeling", status_code=422)


def test_the_running_total_counts_everything_and_forgives_what_is_half_typed(owner, fields, service):
    typed = (
        fields
        | {f"quantity_{service.pk}": "2", f"discount_{service.pk}": "abc"}
        | own_lines({"description": "Extra", "unit_price": "10", "minutes": "5"})
    )

    page = owner.post(reverse("workorders:create-choices"), typed)

    assertContains(page, "€\xa050,00")
    assertContains(page, "55 min")
    assertContains(page, 'name="regels-1-description"')


def action(service):
    return {f"discount_{service.pk}": "25", f"discount_reason_{service.pk}": "Actie"}


def edit_fields(owner, order, **changed):
    form = owner.get(reverse("workorders:edit", args=[order.pk])).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "", [])}
    sent["services"] = [line.service_id for line in order.lines.all() if line.service_id]
    rows = [
        {name: str(row[name].value()).replace(".", ",") for name in row.fields if row[name].value() is not None}
        for row in form.free_lines.forms
    ]
    return sent | own_lines(*rows) | changed


def test_editing_shows_the_lines_and_writes_down_what_changed(owner, fields, service):
    order = taken_in(owner, fields | own_lines({"description": "Extra", "unit_price": "10"}))
    sent = edit_fields(
        owner, order, **{f"discount_{service.pk}": "25", f"discount_reason_{service.pk}": "Actie", "note": "Let op de spiegel"}
    )

    assert owner.post(reverse("workorders:edit", args=[order.pk]), sent).status_code == 302

    texts = [change.text for change in order.changes.all()]
    assert "Notitie voor de werknemer: – → Let op de spiegel" in texts
    assert any("Prijs van Exterieur: Wassen" in text and "− 25% (Actie)" in text for text in texts)
    assert len(texts) == 2
    assert [line.description for line in order.lines.all()] == ["Exterieur: Wassen", "Extra"]
    order.refresh_from_db()
    assert order.version == 2


def test_a_line_that_was_approved_keeps_its_reason_when_the_order_is_edited(owner, fields):
    order = taken_in(owner, fields | own_lines({"description": "Polijsten", "unit_price": "80"}))
    order.lines.filter(service=None).update(price_reason="akkoord van Jansen")

    owner.post(reverse("workorders:edit", args=[order.pk]), edit_fields(owner, order, note="Kras"))

    assert order.lines.get(service=None).price_reason == "akkoord van Jansen"


def test_prices_in_the_timeline_are_for_who_may_see_prices(owner, employee, company, fields, service):
    order = taken_in(owner, fields)
    owner.post(
        reverse("workorders:edit", args=[order.pk]),
        edit_fields(owner, order, **{f"discount_{service.pk}": "25", f"discount_reason_{service.pk}": "Actie", "note": "Kras"}),
    )
    page = reverse("workorders:detail", args=[order.pk])

    assertContains(owner.get(page), "Prijs van Exterieur")
    for text in ("Prijs van", "Actie", "€", "25%"):
        assertNotContains(employee.get(page), text)
    assertContains(employee.get(page), "Notitie voor de werknemer: – → Kras")


def test_people_are_assigned_and_taken_off_again(owner, fields):
    wim, jan = MembershipFactory(name="Wim"), MembershipFactory(name="Jan")
    order = taken_in(owner, fields | {"assigned": [wim.pk, jan.pk]})
    assert [person.name for person in order.assigned] == ["Jan", "Wim"]

    owner.post(reverse("workorders:edit", args=[order.pk]), edit_fields(owner, order, assigned=[wim.pk]))

    assert list(order.assignments.values_list("membership__name", flat=True)) == ["Wim"]
    assert order.changes.get().text == "Werknemers: Jan, Wim → Wim"


def test_a_customer_is_nobodys_employee(owner, customer, fields):
    response = owner.post(reverse(URL), fields | {"assigned": [customer.membership.pk]})

    assert response.status_code == 422
    assert "assigned" in response.context["form"].errors


def test_time_bay_and_material_stay_with_the_order(owner, fields):
    bay = Bay.objects.create(name="Wasbrug")

    order = taken_in(
        owner,
        fields | {"planned_on": "2026-12-01", "planned_time": "09:30", "planned_minutes": "40", "bay": bay.pk, "material_cost": "7,25"},
    )

    assert (order.planned_time.strftime("%H:%M"), order.minutes, order.bay, order.material_cost) == ("09:30", 40, bay, Decimal("7.25"))
