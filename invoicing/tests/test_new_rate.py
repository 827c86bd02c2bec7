"""A rate of VAT changes, at new year say: what was done before is charged at the old one, what is done after at the new one."""

from decimal import Decimal

import pytest
from django.urls import reverse

from invoicing.collecting import issue_invoice
from services.models import Service
from tests.factories import WorkOrderFactory, WorkOrderLineFactory
from workorders.models import OrderChange, WorkOrder
from workorders.status import move


@pytest.fixture
def taken_in(owner, garage):
    """Two orders of € 100 at 21%, of the same handling."""
    orders = [WorkOrderFactory(customer=garage, created_by=owner.membership, status="in_progress") for _ in range(2)]
    line = WorkOrderLineFactory(order=orders[0], unit_price=Decimal(100))
    WorkOrderLineFactory(order=orders[1], unit_price=Decimal(100), service=line.service)
    return orders


def test_each_is_charged_at_the_rate_of_the_day_it_was_done(owner, garage, taken_in, nudges):
    before, after = taken_in
    move(before, WorkOrder.Status.COMPLETED, by=owner.membership)
    Service.objects.update(vat_rate="9")
    move(after, WorkOrder.Status.COMPLETED, by=owner.membership)

    invoice = issue_invoice(garage, WorkOrder.objects.all(), by=owner.membership)

    assert invoice.vat_per_rate() == [("21", Decimal(100), Decimal(21)), ("9", Decimal(100), Decimal(9))]


def test_the_timeline_says_so_to_who_may_see_prices(owner, employee, taken_in):
    order = taken_in[0]
    Service.objects.update(vat_rate="9")

    move(order, WorkOrder.Status.COMPLETED, by=owner.membership)

    assert OrderChange.objects.get().text.endswith("21% → 9%")
    page = reverse("workorders:detail", args=[order.pk])
    assert "21% → 9%" in owner.get(page).content.decode()
    assert "21% → 9%" not in employee.get(page).content.decode()


def test_delivered_later_it_keeps_its_rate(owner, taken_in):
    order = move(taken_in[0], WorkOrder.Status.COMPLETED, by=owner.membership)
    Service.objects.update(vat_rate="9")

    move(order, WorkOrder.Status.DELIVERED, by=owner.membership)

    assert order.lines.get().vat_rate == "21"


def test_a_line_without_a_handling_keeps_the_rate_that_was_typed(owner, taken_in):
    order = taken_in[0]
    WorkOrderLineFactory(order=order, service=None, description="Sleutelhanger", vat_rate="9")

    move(order, WorkOrder.Status.COMPLETED, by=owner.membership)

    assert order.lines.get(service=None).vat_rate == "9"
