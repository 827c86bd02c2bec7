"""Btw-overzicht: the boxes of a quarter add up to the invoices, whatever the rates and the rounding."""

import random
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from invoicing.collecting import Discount, draw_up
from invoicing.crediting import issue_credit_note
from invoicing.vat_return import Quarter, boxes, supplied, totals
from tests.factories import WorkOrderLineFactory

from .given import buyer, finished_order

PAGE = reverse("invoicing:vat")


def issue(customer, owner, lines, on, **how):
    """An invoice of lines (price, rate) on a day."""
    order = finished_order(customer, by=owner.membership)
    for price, rate in lines:
        WorkOrderLineFactory(order=order, unit_price=Decimal(price), vat_rate=rate)
    return draw_up(customer.company, customer, [order], by=owner.membership, on=on, **how)


def test_each_rate_is_in_its_box(owner, garage):
    abroad = buyer(country="BE", vat_number="BE0403170701", vat_reversed=True)
    issue(garage, owner, [("100.00", "21"), ("10.00", "9"), ("5.00", "0"), ("2.00", "E")], date(2026, 4, 1))
    issue(abroad, owner, [("50.00", "21")], date(2026, 6, 30))

    found = {box.code: (box.base, box.vat) for box in boxes(Quarter(2026, 2))}

    nil = Decimal(0)
    assert found == {
        "1a": (Decimal("100.00"), Decimal("21.00")),
        "1b": (Decimal("10.00"), Decimal("0.90")),
        "1e": (Decimal("5.00"), nil),
        "3b": (Decimal("50.00"), nil),
        "–": (Decimal("2.00"), nil),
    }


def test_the_list_of_services_in_the_union_is_box_3b(owner, garage):
    belgian = buyer(name="Lak NV", country="BE", vat_number="BE0403170701", vat_reversed=True)
    german = buyer(name="Lackpflege GmbH", country="DE", vat_number="DE136695976", vat_reversed=True)
    same = buyer(name="Lak NV, Gent", country="BE", vat_number="BE0403170701", vat_reversed=True)
    for customer, price in ((belgian, "50.00"), (belgian, "0.99"), (same, "10.00"), (german, "70.00"), (garage, "5.00")):
        issue(customer, owner, [(price, "21")], date(2026, 6, 30))
    issue(german, owner, [("1.00", "21")], date(2026, 7, 1))

    found = supplied(Quarter(2026, 2))

    assert [(row.vat_number, row.names, row.base, row.declared) for row in found] == [
        ("BE0403170701", "Lak NV, Lak NV, Gent", Decimal("60.99"), 60),
        ("DE136695976", "Lackpflege GmbH", Decimal("70.00"), 70),
    ]
    assert sum(row.base for row in found) == next(box.base for box in boxes(Quarter(2026, 2)) if box.code == "3b")
    page = owner.get(PAGE, {"kwartaal": "2026-2"})
    assertContains(page, "Opgaaf ICP")
    assertContains(page, "BE0403170701")


@pytest.mark.parametrize(
    ("day", "quarter"), [("2026-03-31", 1), ("2026-04-01", 2), ("2026-09-30", 3), ("2026-10-01", 4), ("2026-12-31", 4)]
)
def test_a_day_is_in_its_quarter(day, quarter):
    found = Quarter.of(date.fromisoformat(day))

    assert found.number == quarter
    assert found.first <= date.fromisoformat(day) <= found.last
    assert found.after.before == found


@pytest.mark.parametrize("seed", range(5))
def test_the_boxes_add_up_to_the_invoices_to_the_cent(owner, garage, seed):
    chance = random.Random(seed)
    for _invoice in range(12):
        lines = [(f"{chance.randint(1, 9999) / 100:.2f}", chance.choice(["21", "9", "0", "E"])) for _line in range(chance.randint(1, 5))]
        issue(garage, owner, lines, date(2026, 5, 4), discount=Discount(Decimal(chance.choice([0, 0, 5, 7]))))

    found, sums = boxes(Quarter(2026, 2)), totals(Quarter(2026, 2))

    assert (sum(box.base for box in found), sum(box.vat for box in found)) == (sums["net"], sums["vat"])


def test_a_credit_note_counts_against_it(owner, garage):
    invoice = issue(garage, owner, [("100.00", "21")], date.today())
    issue_credit_note(invoice, invoice.lines.all(), reason="x", release=False, by=owner.membership)

    assert all(box.base == box.vat == 0 for box in boxes(Quarter.of(date.today())))


def test_the_page_shows_the_last_quarter_that_is_over_and_any_other(owner, garage):
    issue(garage, owner, [("100.00", "21")], date(2026, 5, 4))
    issue(garage, owner, [("10.99", "21")], date(2026, 8, 4))

    assertContains(owner.get(PAGE, {"kwartaal": "2026-2"}), "€\xa021,00")
    assertContains(owner.get(PAGE, {"kwartaal": "2026-3"}), "10 / 2")
    for rubbish in ("", "2026-5", "x", "9999-1", "\u00b2"):
        assertContains(owner.get(PAGE, {"kwartaal": rubbish}), "tellen op")


def test_only_the_owner_sees_it(employee, customer):
    assert employee.get(PAGE).status_code == customer.get(PAGE).status_code == 403
