"""The page of a vehicle: what was done to it, when and by whom, as far as one may know."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from quality.checking import answer
from quality.completion import complete
from quality.reporting import report
from tests.factories import ChecklistItemFactory, CustomerFactory, VehicleFactory, WorkOrderFactory, WorkOrderLineFactory


@pytest.fixture
def vehicle(company):
    return VehicleFactory(plate="KK123K", plate_shown="KK-123-K", vin="WVWZZZ1JZXW000001", type__name="Auto XL")


@pytest.fixture
def treated(vehicle, customer, employee):
    """A finished order of `customer` with a line of € 47,11, a Ja, a Nee and a defect."""
    order = WorkOrderFactory(vehicle=vehicle, customer=customer.membership.customer, created_by=employee.membership)
    WorkOrderLineFactory(order=order, description="Kauwgom verwijderen", unit_price="47.11")
    for passed in (True, False):
        answer(order, ChecklistItemFactory(), passed=passed, by=employee.membership)
    report(order, description="Ster in de voorruit", by=employee.membership)
    return complete(order, by=employee.membership)


def page_of(client, vehicle):
    return client.get(reverse("vehicle-page", args=[vehicle.pk]))


def test_the_owner_sees_what_was_done_by_whom_and_for_what_price(owner, vehicle, treated):
    page = page_of(owner, vehicle).content.decode()

    assert "KK-123-K" in page
    assert "WVWZZZ1JZXW000001" in page
    assert "Volvo V60" in page
    assert "Auto XL" in page
    assert "Kauwgom verwijderen" in page
    assert "Wim Werknemer" in page
    assert "Dealer De Vries" in page
    assert "1 in orde, 1 niet" in page
    assert "Ster in de voorruit" in page
    assert "€\xa047,11" in page


@pytest.mark.parametrize("sees_prices", [False, True])
def test_an_employee_sees_prices_only_where_the_owner_lets_it(employee, vehicle, treated, sees_prices):
    employee.membership.company.employees_see_prices = sees_prices
    employee.membership.company.save()

    page = page_of(employee, vehicle).content.decode()

    assert "Wim Werknemer" in page
    assert ("47,11" in page) is sees_prices
    assert ("€" in page) is sees_prices


def test_a_customer_sees_its_own_orders_without_names_and_checks(customer, vehicle, treated, employee):
    other = WorkOrderFactory(vehicle=vehicle, customer=CustomerFactory(name="Vorige Eigenaar"), remark="Van een ander")
    WorkOrderLineFactory(order=other, description="Geheim werk", unit_price="99.99")

    page = page_of(customer, vehicle).content.decode()

    assert "Kauwgom verwijderen" in page
    assert "€\xa047,11" in page
    assert "Ster in de voorruit" in page
    for secret in ("Vorige Eigenaar", "Van een ander", "Geheim werk", "99,99", "Wim Werknemer", "in orde"):
        assert secret not in page


def test_a_vehicle_that_a_customer_never_brought_is_not_there(customer, vehicle):
    WorkOrderFactory(vehicle=vehicle)

    assert page_of(customer, vehicle).status_code == 404


def test_the_neighbours_vehicle_is_not_there(owner, neighbour):
    assert page_of(owner, neighbour.row("Vehicle")).status_code == 404


def test_the_newest_treatment_comes_first_and_archived_orders_not_at_all(owner, vehicle, treated):
    old = WorkOrderFactory(vehicle=vehicle, planned_on=date(2026, 1, 5))
    coming = WorkOrderFactory(vehicle=vehicle, planned_on=date(2099, 1, 5))
    WorkOrderFactory(vehicle=vehicle, archived_at=timezone.now())

    assert list(page_of(owner, vehicle).context["object_list"]) == [coming, treated, old]


def test_many_treatments_are_paged(owner, vehicle):
    for _ in range(21):
        WorkOrderFactory(vehicle=vehicle)

    first = page_of(owner, vehicle)
    second = owner.get(reverse("vehicle-page", args=[vehicle.pk]), {"pagina": "2"})

    assert len(first.context["object_list"]) == 20
    assert len(second.context["object_list"]) == 1


def test_a_vehicle_without_treatments_says_so(owner, vehicle):
    assert "Nog geen behandelingen" in page_of(owner, vehicle).content.decode()


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("role", "queries"), [("owner", 13), ("employee", 13), ("customer", 14)])
def test_as_many_queries_for_any_number_of_treatments(
    request, customer, employee, vehicle, role, queries, count, django_assert_num_queries
):
    for _ in range(count):
        order = WorkOrderFactory(vehicle=vehicle, customer=customer.membership.customer)
        WorkOrderLineFactory(order=order)
        answer(order, ChecklistItemFactory(), passed=True, by=employee.membership)
        report(order, description="Kras", by=employee.membership)
    client = request.getfixturevalue(role)
    page_of(client, vehicle)

    with django_assert_num_queries(queries):
        page_of(client, vehicle)
