"""Saving a new order: nothing is asked twice, and nothing is written that stays as it is."""

import re
from collections import Counter
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import Customer
from tests.factories import CustomerFactory, PriceAgreementFactory, ServiceFactory, VehicleFactory, VehicleTypeFactory
from vehicles.models import ModelType, Vehicle, VehicleHolder
from workorders.models import Assignment, WorkOrder

URL = "workorders:create"
EVERY_FORM = ("django_session", "accounts_user", "accounts_membership", "accounts_tablet", "cleanconnect_sentform")  # asks these


@pytest.fixture
def service(company):
    return ServiceFactory(name="Kauwgom verwijderen", group__name="Interieur", price=Decimal("37.50"))


@pytest.fixture
def dealer(service):
    dealer = CustomerFactory(name="Dealer De Vries")
    PriceAgreementFactory(customer=dealer, service=service, value=Decimal("30"), starts_on="2026-01-01")
    return dealer


@pytest.fixture
def fields(service, dealer):
    VehicleFactory(type=service.group.vehicle_type, plate="GB001K", plate_shown="GB-001-K")
    return {
        "customer_type": dealer.type_id,
        "customer": dealer.pk,
        "vehicle_type": service.group.vehicle_type_id,
        "plate": "gb-001-k",
        "country": "NL",
        "make": "Volvo",
        "model": "V60",
        "services": [service.pk],
        "status": "planned",
    }


def statements(owner, fields):
    """`(verb, table)` of each statement that saving an order takes, those of any form left out."""
    owner.post(reverse(URL), fields)
    with CaptureQueriesContext(connection) as queries:
        assert owner.post(reverse(URL), fields | {"note": "Nog een"}).status_code == 302
    found = [re.match(r'(SELECT|INSERT|UPDATE|DELETE).*?(?:FROM|INTO|UPDATE) "(\w+)"|(UPDATE) "(\w+)"', query["sql"]) for query in queries]
    pairs = [(match[1] or match[3], match[2] or match[4]) for match in found if match]
    return [(verb, table) for verb, table in pairs if table not in EVERY_FORM]


def test_everything_is_read_once_and_only_what_is_new_is_written(owner, fields):
    verbs = Counter(statements(owner, fields))

    assert verbs == {
        ("SELECT", "customers_customertype"): 1,
        ("SELECT", "customers_customer"): 1,
        ("SELECT", "customers_branch"): 1,
        ("SELECT", "accounts_company"): 1,  # whether its prices include VAT
        ("SELECT", "vehicles_vehicletype"): 1,
        ("SELECT", "services_service"): 2,  # what is offered, and which of those are ticked
        ("SELECT", "services_listprice"): 1,
        ("SELECT", "services_priceagreement"): 1,
        ("SELECT", "workorders_workorder"): 1,  # whether this form became one
        ("UPDATE", "accounts_counter"): 1,
        ("SELECT", "accounts_counter"): 1,
        ("SELECT", "vehicles_vehicle"): 1,
        ("INSERT", "vehicles_vehicleholder"): 1,
        ("INSERT", "workorders_workorder"): 1,
        ("INSERT", "workorders_workorderline"): 1,
        ("INSERT", "workorders_statuschange"): 1,
        ("DELETE", "workorders_orderdraft"): 1,
    }
    assert VehicleHolder.objects.count() == 1


def test_the_price_of_the_customer_is_the_one_that_was_shown(owner, fields, dealer):
    owner.post(reverse(URL), fields)

    line = WorkOrder.objects.get().lines.get()
    assert (line.unit_price, line.price_reason) == (Decimal("30"), "afspraak vanaf 1 januari 2026: vaste prijs")


def test_so_it_is_for_a_customer_that_was_searched_without_javascript(owner, fields, dealer):
    dealer.po_required = True
    dealer.save()
    searched = fields | {"customer": "", "customer_zoek": "de vries"}

    refused = owner.post(reverse(URL), searched)
    saved = owner.post(reverse(URL), searched | {"po_number": "4500"})

    assert refused.status_code == 422
    assert refused.context["form"].errors["po_number"] == ["Dealer De Vries vraagt dit op elke werkorder."]
    assert saved.status_code == 302
    line = WorkOrder.objects.get(customer=dealer, po_number="4500").lines.get()
    assert line.unit_price == Decimal("30")


def test_a_new_customer_pays_the_list_price(owner, fields):
    owner.post(reverse(URL), fields | {"customer": "", "new_name": "Jansen"})

    line = WorkOrder.objects.get(customer=Customer.objects.get(name="Jansen")).lines.get()
    assert (line.unit_price, line.price_reason) == (Decimal("37.50"), "lijstprijs")


def test_a_vehicle_that_stays_as_it_is_is_not_written(owner, fields):
    def row_version():
        with connection.cursor() as cursor:
            cursor.execute("SELECT ctid::text FROM vehicles_vehicle WHERE plate = 'GB001K'")
            return cursor.fetchone()

    before = row_version()
    owner.post(reverse(URL), fields)
    assert row_version() == before

    owner.post(reverse(URL), fields | {"model": "XC60"})
    assert row_version() != before
    assert Vehicle.objects.get().model == "XC60"


def test_another_type_of_a_known_vehicle_is_written_and_learned(owner, fields):
    camper = VehicleTypeFactory(name="Camper")
    wash = ServiceFactory(group__vehicle_type=camper)

    owner.post(reverse(URL), fields | {"vehicle_type": camper.pk, "services": [wash.pk]})

    assert Vehicle.objects.get().type == camper
    assert ModelType.objects.get(make="Volvo", model="V60").vehicle_type == camper


def test_who_has_to_do_it_and_lines_of_ones_own_are_on_it(owner, employee, fields):
    own = {
        "regels-TOTAL_FORMS": "1",
        "regels-INITIAL_FORMS": "0",
        "regels-0-description": "Kinderstoel",
        "regels-0-unit_price": "5,00",
        "regels-0-quantity": "1",
        "regels-0-vat_rate": "21",
    }

    owner.post(reverse(URL), fields | own | {"assigned": [employee.membership.pk]})

    order = WorkOrder.objects.get()
    assert sorted(line.description for line in order.lines.all()) == ["Interieur: Kauwgom verwijderen", "Kinderstoel"]
    assert [assignment.membership for assignment in Assignment.objects.filter(order=order)] == [employee.membership]
