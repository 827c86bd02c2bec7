"""The timeline of an order: what every room knows of it, as far as who looks may see it."""

from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from dossiers.timeline import timeline
from invoicing import collecting
from invoicing.tests.given import buyer
from quality.checking import answer
from quality.completion import NotReopenable, complete, reopen
from quality.reporting import report
from tests.factories import ChecklistItemFactory, VehicleFactory, WorkOrderFactory, WorkOrderLineFactory
from workorders.models import OrderChange, OrderPhoto, WorkOrder
from workorders.status import NotAllowed, move
from workorders.working import start, stop, worked_minutes

Status = WorkOrder.Status


@pytest.fixture
def order(customer):
    order = WorkOrderFactory(number=9000, customer=customer.membership.customer, vehicle=VehicleFactory())
    WorkOrderLineFactory(order=order)
    return order


def test_everything_that_happened_is_there_and_a_customer_sees_its_part(owner, employee, customer, order):
    wim = employee.membership
    OrderPhoto.objects.create(order=order, photo="x.webp", added_by=wim)
    OrderChange.objects.create(order=order, version=2, text="Prijs van Wassen: 1 → 2", is_about_price=True, by=owner.membership)
    start(order, by=wim)
    answer(order, ChecklistItemFactory(name="Velgen schoon"), passed=True, by=wim)
    answer(order, ChecklistItemFactory(name="Geen krassen"), passed=False, by=wim)
    order.customer.email = "k@klant.example"
    order.customer.save()
    report(order, description="Kras op de deur", by=wim)
    stop(order, by=wim)

    texts = [event.text for event in timeline(order, owner.membership)]

    for text in (
        "Foto bij binnenkomst",
        "Prijs van Wassen: 1 → 2",
        "Begonnen met werken",
        "Kwaliteitscheck: 1 keer Ja",
        "Kwaliteitscheck: Nee bij Geen krassen",
        "Mankement: Kras op de deur",
        "Gestopt na 0 minuten",
    ):
        assert text in texts
    assert any(text.startswith("E-mail aan") for text in texts)
    page = customer.get(reverse("workorders:detail", args=[order.pk]))
    assertContains(page, "Kras op de deur")
    assertContains(page, "Foto bij binnenkomst")
    for text in ("Wim Werknemer", "Prijs van Wassen", "Begonnen met werken", "E-mail aan"):
        assertNotContains(page, text)


def test_an_invoice_is_on_it_for_who_may_see_invoices(owner, employee, company):
    line = WorkOrderLineFactory(order=WorkOrderFactory(customer=buyer(), vehicle=VehicleFactory()))
    order = complete(line.order, by=owner.membership)
    for name, value in {
        "street": "A 1",
        "postcode": "1234 AB",
        "city": "B",
        "kvk_number": "90004712",
        "iban": "NL02ABNA0123456789",
    }.items():
        setattr(company, name, value)
    company.vat_number = "NL000099998B57"
    company.save()
    invoice = collecting.issue_invoice(order.customer, [order], by=owner.membership)

    assert f"Gefactureerd: {invoice}" in [event.text for event in timeline(order, owner.membership)]
    assert not [event for event in timeline(order, employee.membership) if event.icon == "receipt"]
    with pytest.raises(NotReopenable, match="keur de werkorder dan af"):
        reopen(order, by=owner.membership)

    redone = move(order, Status.REJECTED, by=owner.membership, reason="Strepen in de lak")
    assert redone.is_open
    assert owner.get(reverse("workorders:edit", args=[order.pk])).status_code == 404
    complete(redone, by=owner.membership)
    assert order not in collecting.to_invoice()
    with pytest.raises(collecting.AlreadyInvoiced):
        collecting.issue_invoice(order.customer, [order], by=owner.membership)


def test_rejected_work_is_done_again_on_the_same_order_with_who_and_why(owner, employee, order):
    move(order, Status.TO_CHECK, by=employee.membership)
    address = reverse("workorders:set-status-because", args=[order.pk, "rejected"])
    assertContains(employee.get(address), "geen tweede factuur")

    employee.post(address, {"reason": "Velgen vergeten"})

    order.refresh_from_db()
    assert order.status == Status.REJECTED
    assert order in WorkOrder.objects.open()
    assertContains(employee.get(reverse("quality:today")), "Afgekeurd")
    change = order.status_changes.last()
    assert (change.reason, change.by) == ("Velgen vergeten", employee.membership)
    assert complete(order, by=employee.membership).status == Status.COMPLETED
    assert collecting.to_invoice().filter(pk=order.pk).count() == 1


def test_an_order_that_waits_for_approval_is_not_finished(owner, employee, order):
    move(order, Status.WAITING, by=employee.membership, reason="Uitdeuken, € 80")

    with pytest.raises(NotAllowed):
        complete(order, by=employee.membership)
    response = employee.post(reverse("quality:finish", args=[order.pk]), follow=True)
    assertContains(response, "wacht op akkoord en kan niet gereed worden gemeld")
    move(order, Status.IN_PROGRESS, by=owner.membership)
    assert complete(order, by=employee.membership).status == Status.COMPLETED


def test_work_starts_and_stops_one_car_at_a_time(employee, order):
    other = WorkOrderFactory(number=9001, vehicle=VehicleFactory())
    address = "quality:work"

    employee.post(reverse(address, args=[order.pk]), {"start": "ja"})
    employee.post(reverse(address, args=[order.pk]), {"start": "ja"})
    order.refresh_from_db()
    assert order.status == Status.IN_PROGRESS
    assert order.work_sessions.filter(stopped_at=None).count() == 1
    assertContains(employee.get(reverse("quality:check", args=[order.pk])), 'name="stop"')

    employee.post(reverse(address, args=[other.pk]), {"start": "ja"})
    assert not order.work_sessions.filter(stopped_at=None).exists()
    employee.post(reverse(address, args=[other.pk]), {"stop": "ja"})
    assert not other.work_sessions.filter(stopped_at=None).exists()
    assert worked_minutes(other) == 0


def test_finishing_stops_everybody(owner, employee, order):
    start(order, by=employee.membership)
    start(order, by=owner.membership)

    complete(order, by=employee.membership)

    assert order.work_sessions.filter(stopped_at=None).count() == 0
    response = employee.post(reverse("quality:work", args=[order.pk]), {"start": "ja"}, follow=True)
    assertContains(response, "is niet meer in behandeling")


def test_a_discount_and_a_quantity_are_on_the_invoice(owner, company):
    line = WorkOrderLineFactory(
        order=WorkOrderFactory(customer=buyer(), vehicle=VehicleFactory()),
        quantity=Decimal("3"),
        unit_price=Decimal("19.99"),
        discount=Decimal("12.5"),
        discount_reason="Vaste klant",
    )
    free = WorkOrderLineFactory(order=line.order, service=None, description="Kinderstoel", unit_price=Decimal("5"), discount=Decimal("100"))
    order = complete(line.order, by=owner.membership)
    for name, value in {
        "street": "A 1",
        "postcode": "1234 AB",
        "city": "B",
        "kvk_number": "90004712",
        "iban": "NL02ABNA0123456789",
    }.items():
        setattr(company, name, value)
    company.vat_number = "NL000099998B57"
    company.save()

    assert collecting.to_invoice().get(pk=order.pk).net == Decimal("52.47")
    invoice = collecting.issue_invoice(order.customer, [order], by=owner.membership)

    assert invoice.net_total == Decimal("52.47")
    assert [(one.discount, one.net) for one in invoice.lines.all()] == [(Decimal("12.5"), Decimal("52.47")), (Decimal("100"), Decimal(0))]
    assertContains(owner.get(reverse("invoicing:detail", args=[invoice.pk])), "(12,50% korting)")
    assert free.amount == 0
