"""Gereed, and opened again; twice at the same moment too."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import Company
from cleanconnect.tenancy import context
from quality.checking import answer
from quality.completion import complete
from quality.models import ChecklistItem
from tests.factories import ChecklistItemFactory, MembershipFactory, WorkOrderFactory
from workorders.models import WorkOrder


def press(client, order):
    return client.post(reverse("quality:finish", args=[order.pk]))


def test_an_unanswered_check_keeps_the_order_open(employee, order, item):
    answered = ChecklistItemFactory(name="Asbak leeg")
    answer(order, answered, passed=True, by=employee.membership)

    response = press(employee, order)

    page = response.content.decode()
    order.refresh_from_db()
    assert response.status_code == 422
    assert "nog niet alle kwaliteitschecks" in page
    assert "Exterieur: Velgen schoon" in page
    assert answered.name not in page
    assert order.completed_at is None


@pytest.mark.parametrize("passed", [True, False])
def test_with_all_answered_the_order_is_finished_with_who_and_when(employee, order, item, passed):
    answer(order, item, passed=passed, by=employee.membership)

    response = press(employee, order)

    order.refresh_from_db()
    assert response.url == reverse("quality:today")
    assert (order.status, order.completed_by) == ("completed", employee.membership)
    assert order.completed_at is not None


def test_a_planned_order_that_is_all_answered_is_finished_too(employee, order, item):
    answer(order, item, passed=True, by=employee.membership)
    WorkOrder.objects.update(status="planned")

    press(employee, order)

    order.refresh_from_db()
    assert order.status == "completed"


def test_a_company_without_a_checklist_finishes_at_once(employee, order):
    ChecklistItemFactory(archived_at=timezone.now())
    ChecklistItemFactory(group__archived_at=timezone.now())

    press(employee, order)

    order.refresh_from_db()
    assert order.status == "completed"


def test_finishing_twice_keeps_the_first_who_and_when(owner, employee, order):
    press(employee, order)
    first = WorkOrder.objects.get()

    response = press(owner, order)

    again = WorkOrder.objects.get()
    assert response.status_code == 302
    assert (again.completed_by, again.completed_at) == (first.completed_by, first.completed_at)


def test_a_customer_may_not_finish_its_own_order(customer):
    order = WorkOrderFactory(customer=customer.membership.customer)

    assert press(customer, order).status_code == 403


def test_the_neighbours_order_is_not_there(owner, neighbour):
    theirs = neighbour.row("WorkOrder")

    assert press(owner, theirs).status_code == 404
    assert owner.post(reverse("quality:reopen", args=[theirs.pk])).status_code == 404


def test_the_owner_opens_a_finished_order_again(owner, order, item):
    answer(order, item, passed=True, by=owner.membership)
    press(owner, order)

    page = owner.get(reverse("quality:check", args=[order.pk])).content.decode()
    owner.post(reverse("quality:reopen", args=[order.pk]))

    order.refresh_from_db()
    assert "Heropenen" in page
    assert (order.status, order.completed_at, order.completed_by) == ("in_progress", None, None)
    assert order.checks.get().passed is True


def test_an_employee_does_not_open_it_again(employee, order):
    press(employee, order)

    page = employee.get(reverse("quality:check", args=[order.pk])).content.decode()

    assert "Heropenen" not in page
    assert employee.post(reverse("quality:reopen", args=[order.pk])).status_code == 403


def at_once(acts):
    """Run the acts in threads that start together; returns what each gave or raised."""
    together, results = Barrier(len(acts)), [None] * len(acts)

    def run(i):
        together.wait()
        try:
            results[i] = acts[i]()
        except Exception as error:
            results[i] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=[i]) for i in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def shop(transactional_db):
    """`(company, order, item, two employees)`, committed."""
    company = Company.objects.found(name="Glans")
    with context.company(company.pk):
        return company, WorkOrderFactory(), ChecklistItemFactory(), [MembershipFactory(name=name) for name in ("Wim", "Wendy")]


def test_finished_by_two_at_the_same_moment_the_first_stands(shop):
    company, order, item, people = shop
    with context.company(company.pk):
        answer(order, item, passed=True, by=people[0])

    def act(by):
        def run():
            with context.company(company.pk):
                done = complete(order, by=by)
                return done.completed_by_id, done.completed_at

        return run

    first, second = at_once([act(person) for person in people])

    assert first == second
    with context.company(company.pk):
        kept = WorkOrder.objects.get()
        assert (kept.completed_by_id, kept.completed_at) == first


def test_two_first_answers_at_the_same_moment_make_one(shop):
    company, order, item, people = shop

    def act(by, passed):
        def run():
            with context.company(company.pk):
                return answer(order, item, passed=passed, by=by).passed

        return run

    results = at_once([act(people[0], True), act(people[1], False)])

    assert sorted(results) == [False, True]
    with context.company(company.pk):
        assert ChecklistItem.objects.get().checks.count() == 1
