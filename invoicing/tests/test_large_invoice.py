"""Ten thousand lines on one invoice: right to the cent, in as many queries as a few, on a page that stays small."""

from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains

from cleanconnect.money import to_cents
from invoicing import pdf
from invoicing.models import Invoice
from tests.factories import WorkOrderLineFactory
from workorders.models import WorkOrder, WorkOrderLine

from .given import finished_order

PRICE = Decimal("10.05")


def orders_with_lines(customer, orders, lines, *, by):
    """Finished orders with lines of € 10.05, the last one at 9%."""
    made = [finished_order(customer, by=by) for _number in range(orders)]
    of_order = [WorkOrderLineFactory.build(order=made[0], service=None, unit_price=PRICE, vat_rate="21") for _line in range(lines)]
    of_order[-1].vat_rate = "9"
    WorkOrderLine.objects.bulk_create(
        [
            WorkOrderLine(order=order, description=f"Handeling {number}", unit_price=PRICE, vat_rate=line.vat_rate)
            for order in made
            for number, line in enumerate(of_order, 1)
        ]
    )


def choose_all(owner, customer):
    page = reverse("invoicing:choose-orders", args=[customer.pk])
    return owner.post(page, {"orders": list(WorkOrder.objects.filter(customer=customer).values_list("pk", flat=True))})


def test_ten_thousand_lines_are_right_to_the_cent(owner, garage, nudges):
    orders_with_lines(garage, 500, 20, by=owner.membership)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert choose_all(owner, garage).status_code == 302

    invoice = Invoice.objects.get()
    assert invoice.lines.count() == 10_000
    assert invoice.net_total == Decimal("100500.00")
    assert invoice.vat_total == to_cents(Decimal("95475.00") * 21 / 100) + to_cents(Decimal("5025.00") * 9 / 100)
    assert len(queries) <= 40
    shown = owner.get(reverse("invoicing:detail", args=[invoice.pk]))
    assertContains(shown, "De overige 9500 regels staan in de PDF")
    assert shown.content.count(b"<tr>") < 600


def test_all_of_it_can_be_credited(owner, garage, nudges):
    orders_with_lines(garage, 60, 20, by=owner.membership)
    choose_all(owner, garage)
    invoice = Invoice.objects.get()
    everything = {"lines": list(invoice.lines.values_list("pk", flat=True)), "reason": "Dubbel"}

    assert owner.post(reverse("invoicing:credit", args=[invoice.pk]), everything).status_code == 302

    assert Invoice.objects.get(kind=Invoice.Kind.CREDIT_NOTE).gross_total == -invoice.gross_total


def test_a_thousand_lines_are_all_on_paper(owner, garage, nudges):
    orders_with_lines(garage, 50, 20, by=owner.membership)
    choose_all(owner, garage)

    pages = pdf.document(Invoice.objects.get()).pages

    assert 25 <= len(pages) <= 35
