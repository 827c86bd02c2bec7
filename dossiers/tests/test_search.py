"""One search over everything, of what somebody may see."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from dossiers.search import KINDS
from invoicing.models import Invoice
from tests.factories import CustomerFactory, VehicleFactory, WorkOrderFactory

HTMX = {"HX-Request": "true"}


@pytest.fixture
def order(owner):
    order = WorkOrderFactory(
        number=4711, customer__name="Dealer De Vries", vehicle__plate="GB001B", vehicle__plate_shown="GB-001-B", vehicle__make="Volvo"
    )
    values = {"issued_on": "2026-11-01", "due_on": "2026-11-15", "seller": {}, "buyer": {}}
    totals = {"net_total": 10, "vat_total": 2, "gross_total": 12}
    Invoice.objects.create(number="2026-0042", customer=order.customer, created_by=owner.membership, **values, **totals)
    return order


def found(client, text):
    return client.get(reverse("search"), {"q": text}, headers=HTMX)


@pytest.mark.parametrize("text", ["gb-001-b", "B 001", "volvo"])
def test_a_car_brings_its_orders(owner, order, text):
    response = found(owner, text)

    assertContains(response, reverse("vehicle-page", args=[order.vehicle_id]))
    assertContains(response, reverse("workorders:detail", args=[order.pk]))


def test_numbers_of_orders_and_invoices_and_names_of_customers(owner, order):
    assertContains(found(owner, "4711"), reverse("workorders:detail", args=[order.pk]))
    assertContains(found(owner, "2026-00"), "Factuur 2026-0042")
    assertContains(found(owner, "vries"), reverse("customer-file", args=[order.customer_id]))


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "Typ een deel"), ("x", "Typ een deel"), ("bestaat niet", "Niets gevonden"), ("\x00\x00", "Typ een deel"), ("9" * 400, "Niets")],
)
def test_nothing_found_says_so(owner, order, text, said):
    assertContains(found(owner, text), said)


def test_more_than_six_lead_to_the_whole_list(owner):
    for n in range(8):
        VehicleFactory(plate=f"GB00{n}K", plate_shown=f"GB-00{n}-K")

    response = found(owner, "gb00")

    assertContains(response, f"{reverse('vehicles:search')}?zoek=gb00")
    assertContains(response, reverse("vehicles:search").replace("opzoeken/", ""), count=7)


def test_an_employee_finds_cars_and_orders_only(employee, order):
    assertContains(found(employee, "gb001b"), reverse("workorders:detail", args=[order.pk]))
    for text in ("vries", "2026-00"):
        assertContains(found(employee, text), "Niets gevonden")


def test_a_customer_finds_its_own_only(customer, order):
    assertContains(found(customer, "gb001b"), "Niets gevonden")
    mine = WorkOrderFactory(customer=customer.membership.customer, vehicle__plate="GB002B", vehicle__plate_shown="GB-002-B")
    mine.vehicle.holders.get_or_create(customer=mine.customer)

    response = found(customer, "gb00")

    assertContains(response, reverse("workorders:detail", args=[mine.pk]))
    assertNotContains(response, reverse("workorders:detail", args=[order.pk]))


def test_it_asks_a_handful_of_queries(owner, order):
    CustomerFactory.create_batch(20, name="Dealer")
    found(owner, "dealer")

    with CaptureQueriesContext(connection) as queries:
        found(owner, "dealer")

    assert len([query for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]) <= 5 + len(KINDS)


def test_without_javascript_it_is_a_page(owner, order):
    assertContains(owner.get(reverse("search"), {"q": "vries"}), "<h1>Zoeken</h1>")
