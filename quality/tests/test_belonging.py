"""A check asks what belongs to the handlings of the order, and what is general."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from quality.checking import Checklist, NotOnChecklist, answer
from quality.completion import NotReady, complete
from quality.models import ChecklistSource
from tests.factories import ChecklistItemFactory, ServiceFactory, WorkOrderFactory, WorkOrderLineFactory


@pytest.fixture
def vacuuming(company):
    return ServiceFactory(name="Stofzuigen")


@pytest.fixture
def order(vacuuming):
    order = WorkOrderFactory(status="planned")
    WorkOrderLineFactory(order=order, service=vacuuming)
    return order


def item_of(service, name="Tapijt schoon"):
    item = ChecklistItemFactory(name=name)
    ChecklistSource.objects.create(item=item, service=service)
    return item


def asked(order):
    return [question.item.name for question in Checklist(order).questions]


def test_its_own_items_and_the_general_ones_are_asked_and_no_others(order, vacuuming):
    ChecklistItemFactory(name="Sleutel terug")
    item_of(vacuuming)
    item_of(ServiceFactory(name="Polijsten"), "Geen hologrammen")

    assert sorted(asked(order)) == ["Sleutel terug", "Tapijt schoon"]


def test_a_copy_for_another_vehicle_type_asks_what_its_original_asks(order, vacuuming):
    item_of(vacuuming)
    other = WorkOrderFactory()
    WorkOrderLineFactory(order=other, service=ServiceFactory(name="Stofzuigen", original=vacuuming))

    assert asked(other) == ["Tapijt schoon"]


def test_an_item_taken_from_a_copy_is_asked_for_the_original_too(order, vacuuming):
    item_of(ServiceFactory(name="Stofzuigen", original=vacuuming))

    assert asked(order) == ["Tapijt schoon"]


def test_what_does_not_belong_to_it_keeps_no_order_open_and_takes_no_answer(employee, order):
    polishing = item_of(ServiceFactory(name="Polijsten"), "Geen hologrammen")

    with pytest.raises(NotOnChecklist):
        answer(order, polishing, passed=True, by=employee.membership)
    complete(order, by=employee.membership)

    order.refresh_from_db()
    assert order.status == "completed"


def test_what_belongs_to_it_does(employee, order, vacuuming):
    item_of(vacuuming)

    with pytest.raises(NotReady):
        complete(order, by=employee.membership)


def test_an_answer_stays_in_sight_when_its_handling_leaves_the_order(employee, order, vacuuming):
    answer(order, item_of(vacuuming), passed=True, by=employee.membership)
    order.lines.all().delete()

    assert asked(order) == ["Tapijt schoon"]
    assert Checklist(order).asked == 0


def test_the_list_of_today_counts_per_order(employee, order, vacuuming):
    item_of(vacuuming)
    item_of(vacuuming, "Matten droog")
    answer(order, item_of(vacuuming, "Asbak leeg"), passed=True, by=employee.membership)
    bare = WorkOrderFactory(status="in_progress", vehicle__plate="ZZ001Z")

    response = employee.get(reverse("quality:today"))

    assertContains(response, "1 van 3 beantwoord")
    assertContains(response, "Geen checklist")
    assert bare.pk
    assertNotContains(response, "0 van")


def test_a_neighbours_items_belong_to_nobody_here(order, neighbour):
    assert asked(order) == []
