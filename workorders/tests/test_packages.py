"""A standard package is added to an order as a whole, for its own price."""

from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from services.models import ServiceGroup
from tests.factories import CustomerFactory, ServiceFactory, ServiceGroupFactory
from workorders.models import WorkOrder


@pytest.fixture
def package(company):
    group = ServiceGroupFactory(name="Standaard pakket", is_package=True, package_price=Decimal("79.00"))
    for name, price in (("Wassen", 30), ("Stofzuigen", 30), ("Ramen", 40)):
        ServiceFactory(name=name, group=group, price=Decimal(price))
    return group


@pytest.fixture
def fields(package):
    customer = CustomerFactory()
    return {
        "customer_type": customer.type_id,
        "customer": customer.pk,
        "vehicle_type": package.vehicle_type_id,
        "plate": "gb-001-k",
        "country": "NL",
        "status": "planned",
    }


def lines(order):
    return sorted(order.lines.values_list("description", "unit_price"))


def test_one_tick_adds_all_its_handlings_for_the_packages_price(owner, fields, package):
    owner.post(reverse("workorders:create"), fields | {"packages": [package.pk]})

    order = WorkOrder.objects.get()
    assert lines(order) == [
        ("Standaard pakket: Ramen", Decimal("31.60")),
        ("Standaard pakket: Stofzuigen", Decimal("23.70")),
        ("Standaard pakket: Wassen", Decimal("23.70")),
    ]
    assert {line.price_reason for line in order.lines.all()} == {"pakketprijs Standaard pakket: €\xa079,00"}


def test_the_total_follows_the_tick(owner, fields, package):
    response = owner.post(reverse("workorders:create-choices"), fields | {"packages": [package.pk]})

    assertContains(response, "€\xa079,00")
    assertContains(response, "checked disabled", 3)


def test_its_handlings_can_be_ordered_apart_for_their_own_price(owner, fields, package):
    washing = package.services.get(name="Wassen")

    owner.post(reverse("workorders:create"), fields | {"services": [washing.pk]})

    assert lines(WorkOrder.objects.get()) == [("Standaard pakket: Wassen", Decimal("30.00"))]


def test_a_package_without_a_price_is_the_sum_of_its_handlings(owner, fields, package):
    ServiceGroup.objects.update(package_price=None)

    owner.post(reverse("workorders:create"), fields | {"packages": [package.pk]})

    assert sum(price for _name, price in lines(WorkOrder.objects.get())) == Decimal(100)


def test_the_order_shows_the_package_ticked_and_keeps_its_price_when_it_is_saved_again(owner, fields, package):
    owner.post(reverse("workorders:create"), fields | {"packages": [package.pk]})
    order = WorkOrder.objects.get()
    ServiceGroup.objects.update(package_price=Decimal("99.00"))

    page = owner.get(reverse("workorders:edit", args=[order.pk]))
    owner.post(reverse("workorders:edit", args=[order.pk]), fields | {"packages": [package.pk]})

    assertContains(page, f'id="package-{package.pk}" checked')
    assert sum(price for _name, price in lines(order)) == Decimal("79.00")


def test_a_package_that_is_added_later_reprices_what_was_ordered_apart(owner, fields, package):
    owner.post(reverse("workorders:create"), fields | {"services": [package.services.get(name="Wassen").pk]})
    order = WorkOrder.objects.get()

    owner.post(reverse("workorders:edit", args=[order.pk]), fields | {"packages": [package.pk]})

    assert sum(price for _name, price in lines(order)) == Decimal("79.00")


@pytest.mark.parametrize("value", ["999999", "x", "\x00"])
def test_a_package_that_is_not_there_is_refused(owner, fields, value):
    assert owner.post(reverse("workorders:create"), fields | {"packages": [value]}).status_code == 422


def test_a_neighbours_package_is_not_there(owner, fields, neighbour):
    assert owner.post(reverse("workorders:create"), fields | {"packages": [neighbour.row("ServiceGroup").pk]}).status_code == 422
