"""A company with thousands of customers chooses one by a few letters."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from customers.models import Customer
from tests.factories import CustomerFactory, CustomerTypeFactory, ServiceFactory
from workorders.models import WorkOrder


@pytest.fixture
def many(company):
    kind = CustomerTypeFactory(name="Zakelijk")
    Customer.objects.bulk_create(Customer(type=kind, name=f"Garage {n:03}", number=str(n)) for n in range(60))
    return kind


def test_a_short_list_is_a_plain_select(owner, company):
    CustomerFactory(name="Dealer De Vries")
    ServiceFactory()

    response = owner.get(reverse("workorders:create"))

    assertContains(response, "Dealer De Vries")
    assertNotContains(response, "customer_zoek")


def test_a_long_list_shows_its_beginning_and_a_search(owner, many):
    ServiceFactory()

    response = owner.get(reverse("workorders:create"))

    assertContains(response, "customer_zoek")
    assertContains(response, "Garage 049")
    assertNotContains(response, "Garage 055")


def test_the_chosen_one_is_always_among_the_choices(owner, many):
    ServiceFactory()
    last = Customer.objects.get(name="Garage 059")

    response = owner.post(reverse("workorders:create-choices"), {"customer": last.pk})

    assertContains(response, f'<option value="{last.pk}" selected>Garage 059</option>', html=True)


@pytest.mark.parametrize("searched", ["garage 055", "55"])
def test_a_search_finds_by_name_and_by_number(owner, many, searched):
    response = owner.get(reverse("customers:choices"), {"veld": "customer", "customer_zoek": searched, "customer_type": many.pk})

    assertContains(response, "Garage 055")
    assertNotContains(response, "Garage 012")


@pytest.mark.parametrize(
    "query", [{}, {"veld": "<b>"}, {"veld": "customer", "customer_type": "x"}, {"veld": "customer", "customer_zoek": "\x00"}]
)
def test_nonsense_finds_nothing_or_everything_but_never_fails(owner, many, query):
    assert owner.get(reverse("customers:choices"), query).status_code == 200


def test_without_javascript_a_search_that_finds_one_customer_chooses_it(owner, many):
    service = ServiceFactory()
    fields = {
        "customer_type": many.pk,
        "customer": "",
        "customer_zoek": "garage 055",
        "vehicle_type": service.group.vehicle_type_id,
        "plate": "gb-001-k",
        "country": "NL",
        "services": [service.pk],
        "status": "planned",
    }

    owner.post(reverse("workorders:create"), fields)

    assert WorkOrder.objects.get().customer.name == "Garage 055"


def test_only_who_manages_customers_may_search_them_and_neighbours_stay_unseen(owner, employee, customer, neighbour):
    assert employee.get(reverse("customers:choices")).status_code == 403
    assert customer.get(reverse("customers:choices")).status_code == 403
    assertNotContains(owner.get(reverse("customers:choices"), {"veld": "customer", "customer_zoek": "Buurman"}), "Klant van Buurman")
