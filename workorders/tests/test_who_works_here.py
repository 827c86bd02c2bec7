"""Who can be asked to do an order: those who may do the check; a customer and a bookkeeper never wash a car."""

import pytest
from django.urls import reverse

from tests.factories import CustomerFactory, VehicleFactory, VehicleTypeFactory, WorkOrderFactory
from workorders.forms import staff
from workorders.planning.capacity import workers


def names(queryset):
    return [member.name for member in queryset]


@pytest.fixture
def everybody(owner, customer, bookkeeper, employee):
    return {client.membership.role: client.membership for client in (owner, customer, bookkeeper, employee)}


def test_an_order_is_given_to_owners_and_employees(owner, everybody):
    VehicleTypeFactory()

    page = owner.get(reverse("workorders:create")).content.decode()

    assert sorted(names(staff())) == sorted([everybody["owner"].name, everybody["employee"].name])
    assert everybody["employee"].name in page
    assert everybody["bookkeeper"].name not in page


def test_a_bookkeeper_who_is_sent_along_all_the_same_is_refused(owner, everybody):
    order = WorkOrderFactory(customer=CustomerFactory(), vehicle=VehicleFactory())
    typed = {"planned_on": "2026-12-07", "version": order.version, "assigned": [everybody["bookkeeper"].pk]}

    response = owner.post(reverse("workorders:plan", args=[order.pk]), typed)

    assert list(response.context["form"].errors) == ["assigned"]
    assert not order.assignments.exists()


def test_the_days_of_employees_are_planned_and_of_owners_while_there_are_none(owner, everybody):
    assert names(workers()) == [everybody["employee"].name]

    everybody["employee"].delete()

    assert names(workers()) == [everybody["owner"].name]
    board = owner.get(reverse("workorders:planning")).content.decode()
    assert everybody["bookkeeper"].name not in board


@pytest.mark.parametrize(("role", "status"), [("employee", 200), ("bookkeeper", 404), ("customer", 404)])
def test_working_hours_are_of_who_works(owner, everybody, role, status):
    assert owner.get(reverse("workorders:hours"), {"wie": everybody[role].pk}).status_code == status
