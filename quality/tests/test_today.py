"""Vandaag: the employee's cars of today."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import CheckFactory, ChecklistItemFactory, WorkOrderFactory, WorkOrderLineFactory
from workorders.models import WorkOrder

TODAY = reverse("quality:today")


def make(days=0, status="planned", **fields):
    return WorkOrderFactory(planned_on=timezone.localdate() + timedelta(days=days), status=status, **fields)


def test_today_shows_what_is_busy_then_planned_then_left_over_and_not_tomorrow(employee):
    planned, busy, left_over, _tomorrow = make(), make(status="in_progress"), make(days=-2), make(days=1)
    done = make(status="completed", completed_at=timezone.now(), completed_by=employee.membership)
    make(status="completed", completed_at=timezone.now() - timedelta(days=3), completed_by=employee.membership)

    page = employee.get(TODAY)

    assert list(page.context["object_list"]) == [busy, left_over, planned, done]


def test_a_card_says_which_car_it_is_and_what_to_mind(employee):
    order = make(note="Let op de hondenharen <script>", customer__name="Dealer Jansen")

    page = employee.get(TODAY).content.decode()

    assert order.vehicle.plate_shown in page
    assert "Volvo V60" in page
    assert "Dealer Jansen" in page
    assert "Let op de hondenharen &lt;script&gt;" in page
    assert reverse("quality:check", args=[order.pk]) in page


def test_progress_counts_the_items_of_the_present_checklist(employee):
    order = make()
    items = [ChecklistItemFactory() for _ in range(3)]
    gone = ChecklistItemFactory(archived_at=timezone.now())
    for item in (items[0], gone):
        CheckFactory(order=order, item=item)

    assert "1 van 3 beantwoord" in employee.get(TODAY).content.decode()


@pytest.mark.parametrize("sees_prices", [False, True])
def test_no_prices_in_the_source(employee, sees_prices):
    employee.membership.company.employees_see_prices = sees_prices
    employee.membership.company.save()
    WorkOrderLineFactory(order=make(), unit_price="47.11")

    page = employee.get(TODAY).content.decode()

    assert "47,11" not in page
    assert "€" not in page


def test_a_car_is_found_by_its_plate(employee):
    wanted, _other = make(vehicle__plate="GB001K", vehicle__plate_shown="GB-001-K"), make()

    assert list(employee.get(TODAY, {"zoek": "gb-001"}).context["object_list"]) == [wanted]
    assert "Geen voertuig gevonden" in employee.get(TODAY, {"zoek": "onvindbaar"}).content.decode()


def test_an_empty_day_says_what_to_do(owner, employee):
    assert reverse("workorders:create") in owner.get(TODAY).content.decode()
    assert "Vandaag is er niets gepland" in employee.get(TODAY).content.decode()


def test_a_customer_does_not_come_in_the_hall(customer):
    assert customer.get(TODAY).status_code == 403


def test_the_neighbours_cars_are_not_there(employee, neighbour):
    from cleanconnect.tenancy import context

    with context.company(neighbour.company.pk):
        WorkOrder.objects.update(planned_on=timezone.localdate())

    assert list(employee.get(TODAY).context["object_list"]) == []


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_any_number_of_cars(employee, count, django_assert_num_queries):
    item = ChecklistItemFactory()
    for _ in range(count):
        CheckFactory(order=make(), item=item)
    employee.get(TODAY)

    with django_assert_num_queries(9):
        employee.get(TODAY)
