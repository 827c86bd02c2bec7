"""The page of a customer: the open balance on top, and all that belongs to the customer."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from customers.models import Branch, Contact, CustomerEvent
from invoicing.models import Invoice
from invoicing.tests.given import finished_order
from services.models import PriceAgreement
from tests.factories import CustomerFactory, ServiceFactory, VehicleFactory, WorkOrderFactory, WorkOrderLineFactory
from vehicles.models import VehicleHolder


def invoice(customer, by, gross="121.00", **fields):
    net = (Decimal(gross) / Decimal("1.21")).quantize(Decimal("0.01"))
    today = timezone.localdate()
    values = {"issued_on": today, "due_on": today + timedelta(days=14), "seller": {}, "buyer": {"name": customer.name}} | fields
    return Invoice.objects.create(
        number=f"{Invoice.objects.count():04}",
        customer=customer,
        net_total=net,
        vat_total=Decimal(gross) - net,
        gross_total=Decimal(gross),
        created_by=by,
        **values,
    )


def page(client, customer):
    return client.get(reverse("customer-file", args=[customer.pk]))


def test_the_open_balance_stands_on_top(owner):
    customer, today = CustomerFactory(), timezone.localdate()
    invoice(customer, owner.membership, "100.00")
    invoice(customer, owner.membership, "50.00", due_on=today - timedelta(days=3))
    invoice(customer, owner.membership, "900.00", paid_on=today, paid_total="900.00")
    invoice(CustomerFactory(), owner.membership, "77.00")
    finished_order(customer, "40.00", by=owner.membership)

    response = page(owner, customer)

    balance = response.context["balance"]
    assert (balance["open"], balance["overdue"], balance["count"]) == (Decimal("150.00"), Decimal("50.00"), 2)
    assert balance["oldest"] == today - timedelta(days=3)
    assert response.context["to_invoice"]["total"] == Decimal("40.00")
    assertContains(response, "€\u00a0150,00")


def test_it_shows_what_runs_what_is_agreed_and_who_is_called(owner):
    customer = CustomerFactory(name="Autobedrijf De Vries", work_through_limit=Decimal("150.00"))
    order = WorkOrderFactory(customer=customer)
    done = finished_order(customer, "10.00", by=owner.membership)
    vehicle = VehicleFactory(plate="12ABC3", plate_shown="12-ABC-3")
    VehicleHolder.objects.create(vehicle=vehicle, customer=customer)
    service = ServiceFactory(name="Lak polijsten")
    PriceAgreement.objects.create(customer=customer, service=service, value=Decimal("99.00"))
    PriceAgreement.objects.create(
        customer=customer, service=ServiceFactory(name="Oude afspraak"), value=1, starts_on=date(2020, 1, 1), ends_on=date(2020, 2, 1)
    )
    branch = Branch.objects.create(customer=customer, name="Vestiging Zuid")
    Contact.objects.create(customer=customer, branch=branch, name="Sanne", email="sanne@devries.example", for_invoices=True)
    CustomerEvent.objects.create(customer=customer, kind="changed", text="Telefoon: – → 010", by=owner.membership)

    response = page(owner, customer)

    assert list(response.context["open_orders"]) == [order]
    assertContains(response, reverse("workorders:detail", args=[order.pk]))
    assertNotContains(response, f'href="{reverse("workorders:detail", args=[done.pk])}"')
    for text in (
        "12-ABC-3",
        "Lak polijsten",
        "Vestiging Zuid",
        "sanne@devries.example",
        "Telefoon: – → 010",
        "Olga Eigenaar",
        "€\u00a0150,00",
    ):
        assertContains(response, text)
    assertNotContains(response, "Oude afspraak")


def test_an_empty_file_says_so(owner):
    for text in ("Er loopt nu niets.", "Nog geen facturen.", "Nog geen voertuigen.", "uw gewone prijzen", "€\u00a00,00"):
        assertContains(page(owner, CustomerFactory()), text)


def test_a_full_file_shows_ten_and_leads_to_the_rest_with_as_many_queries(owner):
    empty, full = CustomerFactory(), CustomerFactory()
    for _ in range(12):
        WorkOrderLineFactory(order__customer=full)
        invoice(full, owner.membership)
    page(owner, empty)

    with CaptureQueriesContext(connection) as few:
        page(owner, empty)
    with CaptureQueriesContext(connection) as many:
        response = page(owner, full)

    assert len(many) == len(few)
    assert len(response.context["open_orders"]) == len(response.context["invoices"]) == 10
    assertContains(response, "Er zijn er meer", count=3)


@pytest.mark.parametrize(
    ("url", "about"), [("workorders:overview", "work orders"), ("invoicing:overview", "invoices"), ("vehicles:search", "vehicles")]
)
def test_the_lists_behind_it_hold_only_this_customer(owner, url, about):
    mine, other = CustomerFactory(), CustomerFactory()
    for customer in (mine, other):
        order = WorkOrderFactory(customer=customer)
        VehicleHolder.objects.get_or_create(vehicle=order.vehicle, customer=customer)
        invoice(customer, owner.membership)

    response = owner.get(reverse(url), {"klant": mine.pk})

    assert len(response.context["object_list"]) == 1, about


def test_the_history_is_paged_and_filtered(owner):
    customer = CustomerFactory()
    CustomerEvent.objects.bulk_create(CustomerEvent(customer=customer, kind="changed", text=f"Wijziging {n}") for n in range(60))
    CustomerEvent.objects.create(customer=customer, kind="prices", text="Prijs")
    address = reverse("customer-history", args=[customer.pk])

    assert len(owner.get(address).context["object_list"]) == 50
    assert len(owner.get(address, {"pagina": 2}).context["object_list"]) == 11
    assert [event.text for event in owner.get(address, {"soort": "prices"}).context["object_list"]] == ["Prijs"]


def test_an_archived_customer_can_be_found_and_put_back(owner):
    customer = CustomerFactory(name="Oude Bekende")
    WorkOrderFactory(customer=customer)
    owner.post(reverse("customers:delete", args=[customer.pk]))

    assert customer not in owner.get(reverse("customers:overview")).context["object_list"]
    assertContains(owner.get(reverse("customers:overview"), {"staat": "gearchiveerd"}), "Oude Bekende")
    assertContains(page(owner, customer), "Terugzetten")

    owner.post(reverse("customer-restore", args=[customer.pk]))

    assertContains(owner.get(reverse("customers:overview")), "Oude Bekende")
    assert list(customer.events.values_list("kind", flat=True)) == ["restored", "archived"]
    assert owner.post(reverse("customer-restore", args=[customer.pk])).status_code == 404


def test_a_new_order_begins_with_the_customer(owner):
    customer = CustomerFactory()

    form = owner.get(reverse("workorders:create"), {"klant": customer.pk}).context["form"]

    assert (form["customer"].value(), form["customer_type"].value()) == (str(customer.pk), str(customer.type_id))


@pytest.mark.parametrize("klant", ["", "x", "999999", "9" * 40])
def test_a_new_order_for_nobody_is_an_empty_form(owner, klant):
    assert owner.get(reverse("workorders:create"), {"klant": klant}).status_code == 200
