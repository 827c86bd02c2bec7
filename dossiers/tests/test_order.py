"""The check and the defects on the page of an order."""

import pytest
from django.urls import reverse

from quality.checking import answer
from quality.completion import complete
from quality.models import ChecklistItem
from quality.reporting import report
from tests.factories import ChecklistItemFactory, WorkOrderFactory


def page_of(client, order):
    return client.get(reverse("workorders:detail", args=[order.pk])).content.decode()


@pytest.fixture
def checked(customer, employee, item):
    """An order of `customer` with one answer of two, and a defect."""
    order = WorkOrderFactory(customer=customer.membership.customer, created_by=employee.membership)
    answer(order, item, passed=False, by=employee.membership)
    ChecklistItemFactory(name="Asbak leeg")
    report(order, description="Ster in de voorruit", item=item, by=employee.membership)
    return order


@pytest.mark.parametrize("role", ["owner", "employee"])
def test_who_may_check_sees_the_answers_and_the_way_to_the_checklist(request, checked, role):
    page = page_of(request.getfixturevalue(role), checked)

    assert "1 van 2 beantwoord" in page
    assert "Velgen schoon" in page
    assert "Asbak leeg" in page
    assert "Wim Werknemer" in page
    assert "Ster in de voorruit" in page
    assert reverse("quality:check", args=[checked.pk]) in page


def test_a_customer_sees_the_defects_and_nothing_of_the_check(customer, checked):
    page = page_of(customer, checked)

    assert "Ster in de voorruit" in page
    for secret in ("Velgen schoon", "Asbak leeg", "Wim Werknemer", "beantwoord", reverse("quality:check", args=[checked.pk])):
        assert secret not in page


@pytest.mark.parametrize(("role", "may"), [("owner", True), ("employee", False)])
def test_the_owner_can_open_a_finished_order_again_from_here(request, checked, employee, role, may):
    answer(checked, ChecklistItem.objects.get(name="Asbak leeg"), passed=True, by=employee.membership)
    complete(checked, by=employee.membership)

    page = page_of(request.getfixturevalue(role), checked)

    assert ("Heropenen" in page) is may


@pytest.mark.parametrize("role", ["owner", "employee", "customer"])
def test_as_many_queries_for_any_number_of_answers_and_defects(request, checked, employee, role, django_assert_max_num_queries):
    client = request.getfixturevalue(role)
    page_of(client, checked)
    with django_assert_max_num_queries(23) as few:
        page_of(client, checked)
    for _ in range(3):
        answer(checked, ChecklistItemFactory(), passed=True, by=employee.membership)
        report(checked, description="Kras", by=employee.membership)

    with django_assert_max_num_queries(23) as many:
        page_of(client, checked)

    assert len(many) == len(few)
