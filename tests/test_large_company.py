"""A company with 5,000 customers and 2,000 handlings: no page becomes heavy, and no list asks the database more (design.md)."""

import gzip
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from customers.models import Customer
from services.models import PriceAgreement, Service, ServiceGroup
from tests.factories import CustomerTypeFactory, VehicleTypeFactory
from tests.isolation.test_urls import addresses

CUSTOMERS, GROUPS, HANDLINGS = 5000, 10, 50  # the handlings are of each group, and the groups of each of four vehicle types


@pytest.fixture
def large(owner):
    """What a company has collected in years; returns one of its customers."""
    kind = CustomerTypeFactory(name="Zakelijk")
    Customer.objects.bulk_create(
        Customer(type=kind, name=f"Garage {n:04} te Autodorp", number=str(n), email=f"garage{n}@voorbeeld.example", city="Autodorp")
        for n in range(CUSTOMERS)
    )
    types = [VehicleTypeFactory(name=name) for name in ("Auto standaard", "Auto XL", "Bedrijfsauto", "Camper")]
    groups = ServiceGroup.objects.bulk_create(ServiceGroup(vehicle_type=of, name=f"Groep {n:02}") for of in types for n in range(GROUPS))
    services = Service.objects.bulk_create(
        Service(group=group, name=f"Handeling {n:03}", price=Decimal(10 + n), minutes=15) for group in groups for n in range(HANDLINGS)
    )
    dealer = Customer.objects.get(number="77")
    PriceAgreement.objects.bulk_create(PriceAgreement(customer=dealer, service=service, value=Decimal(9)) for service in services)
    return dealer


def pages(dealer):
    """Every address that can be opened without knowing more than a customer, a vehicle type and a group."""
    group = ServiceGroup.objects.order_by("pk").first()
    known = {"customer_pk": dealer.pk}
    for name, arguments, _view in addresses():
        if set(arguments) <= set(known) and not name.startswith(("mfa", "account_")):
            try:
                address = reverse(name, kwargs={argument: known[argument] for argument in arguments})
            except NoReverseMatch:
                continue
            yield name, address
            if name.startswith("services:"):
                yield f"{name} of a group", f"{address}?soort={group.vehicle_type_id}&groep={group.pk}"
    for name in ("customers:edit", "customer-file", "customer-history", "customer-merge"):
        yield name, reverse(name, args=[dealer.pk])


def test_every_page_stays_light_and_asks_little(owner, large):
    heavy, curious, opened = {}, {}, 0
    for name, address in pages(large):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = owner.get(address)
        if response.status_code != 200 or response.streaming or "html" not in response.get("Content-Type", ""):
            continue
        opened += 1
        if (weight := len(gzip.compress(response.content))) > 15_000:
            heavy[name] = weight
        asked = [query for query in queries.captured_queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        if "overview" in name and len(asked) > 12:
            curious[name] = len(asked)

    assert opened >= 20
    assert heavy == {}
    assert curious == {}
