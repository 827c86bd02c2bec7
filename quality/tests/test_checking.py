"""The check of one order: Ja or Nee, stamped by the server."""

import pytest
from django.urls import reverse
from django.utils import timezone

from quality.checking import NotOnChecklist, OrderClosed, answer
from quality.models import Check
from tests.factories import ChecklistItemFactory, MembershipFactory, WorkOrderFactory, WorkOrderLineFactory
from workorders.models import WorkOrder


def page_of(order):
    return reverse("quality:check", args=[order.pk])


def send(client, order, item, text, **kwargs):
    return client.post(reverse("quality:answer", args=[order.pk, item.pk]), {"antwoord": text}, **kwargs)


def finish(order, by):
    order.status, order.completed_at, order.completed_by = "completed", timezone.now(), by
    order.save()


def test_nothing_is_ticked_beforehand(employee, order, item):
    page = employee.get(page_of(order)).content.decode()

    assert page.count('aria-pressed="false"') == 3  # Ja, Nee and, once that is Nee, Overdoen
    assert 'aria-pressed="true"' not in page
    assert not Check.objects.exists()


@pytest.mark.parametrize(("text", "passed"), [("ja", True), ("nee", False)])
def test_an_answer_is_stamped_with_who_and_when(employee, order, item, text, passed):
    before = timezone.now()

    response = send(employee, order, item, text)

    check = Check.objects.get()
    assert (check.order, check.item, check.passed, check.answered_by) == (order, item, passed, employee.membership)
    assert before <= check.answered_at <= timezone.now()
    assert response.url == f"{page_of(order)}#onderdeel-{item.pk}"


def test_the_stamp_is_not_the_browsers_to_set(employee, order, item):
    other = MembershipFactory(name="Iemand Anders")

    employee.post(
        reverse("quality:answer", args=[order.pk, item.pk]),
        {"antwoord": "ja", "answered_by": other.pk, "answered_at": "2020-01-01", "by": other.pk},
    )

    check = Check.objects.get()
    assert check.answered_by == employee.membership
    assert check.answered_at.year >= 2026


def test_the_last_answer_counts(owner, employee, order, item):
    send(owner, order, item, "ja")

    send(employee, order, item, "nee")

    check = Check.objects.get()
    assert (check.passed, check.answered_by) == (False, employee.membership)


def test_htmx_gets_that_item_and_the_progress(employee, order, item):
    other = ChecklistItemFactory(name="Asbak leeg")

    part = send(employee, order, item, "nee", headers={"HX-Request": "true"}).content.decode()

    assert f'id="onderdeel-{item.pk}"' in part
    assert "Wim Werknemer" in part
    assert "1 van 2 beantwoord" in part
    assert "In behandeling" in part
    assert f"{reverse('quality:defect-create', args=[order.pk])}?onderdeel={item.pk}" in part
    assert other.name not in part
    assert "<h1" not in part


def test_the_first_answer_takes_a_planned_order_in_progress(employee, order, item):
    send(employee, order, item, "ja")

    order.refresh_from_db()
    assert order.status == WorkOrder.Status.IN_PROGRESS


@pytest.mark.parametrize("text", ["", "misschien", "true", "\x00", "ja" * 5000])
@pytest.mark.parametrize("htmx", [False, True])
def test_an_answer_that_is_none_is_refused(employee, order, item, text, htmx):
    headers = {"HX-Request": "true"} if htmx else {}

    response = send(employee, order, item, text, headers=headers)

    assert not Check.objects.exists()
    assert response.headers.get("HX-Refresh") == ("true" if htmx else None)
    assert "Kies Ja of Nee." in employee.get(page_of(order)).content.decode()


def test_a_finished_order_keeps_its_answers(employee, order, item):
    answer(order, item, passed=True, by=employee.membership)
    finish(order, employee.membership)

    send(employee, order, item, "nee")

    page = employee.get(page_of(order)).content.decode()
    assert Check.objects.get().passed is True
    assert "kan niet meer worden gewijzigd" in page
    assert 'name="antwoord"' not in page
    with pytest.raises(OrderClosed):
        answer(order, item, passed=False, by=employee.membership)


def test_an_item_that_left_the_checklist_keeps_its_answer_and_takes_no_new_one(employee, order, item):
    answer(order, item, passed=True, by=employee.membership)
    item.archived_at = timezone.now()
    item.save()

    page = employee.get(page_of(order)).content.decode()
    response = send(employee, order, item, "nee", follow=True)

    assert item.name in page
    assert "staat niet meer op de checklist" in response.content.decode()
    assert Check.objects.get().passed is True
    with pytest.raises(NotOnChecklist):
        answer(order, item, passed=False, by=employee.membership)


def test_the_note_the_work_and_the_car_are_on_the_page_and_no_price(employee, order, item):
    order.note = "Lange notitie " * 140
    order.save()
    WorkOrderLineFactory(order=order, description="Interieur: kauwgom", unit_price="47.11")

    page = employee.get(page_of(order)).content.decode()

    assert order.note.strip() in page
    assert order.vehicle.plate_shown in page
    assert "Interieur: kauwgom" in page
    assert "47,11" not in page
    assert "€" not in page


def test_without_a_checklist_the_page_says_what_to_do(owner, employee, order):
    assert reverse("quality:item-create") in owner.get(page_of(order)).content.decode()
    assert "meld de werkorder dan gereed" in employee.get(page_of(order)).content.decode()


def test_a_customer_neither_sees_nor_fills_the_check_of_its_own_order(customer, item):
    order = WorkOrderFactory(customer=customer.membership.customer)

    assert customer.get(page_of(order)).status_code == 403
    assert send(customer, order, item, "ja").status_code == 403


def test_the_neighbours_item_and_order_are_not_there(employee, order, item, neighbour):
    assert send(employee, order, neighbour.row("ChecklistItem"), "ja").status_code == 404
    assert send(employee, neighbour.row("WorkOrder"), item, "ja").status_code == 404
    assert employee.get(page_of(neighbour.row("WorkOrder"))).status_code == 404


def test_an_archived_order_is_not_there(employee, order, item):
    order.archived_at = timezone.now()
    order.save()

    assert employee.get(page_of(order)).status_code == 404
    assert send(employee, order, item, "ja").status_code == 404


def test_looking_does_not_answer(employee, order, item):
    assert employee.get(reverse("quality:answer", args=[order.pk, item.pk])).status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_any_length_of_checklist(employee, order, count, django_assert_num_queries):
    for i in range(count):
        answer(order, ChecklistItemFactory(), passed=bool(i), by=employee.membership)
        WorkOrderLineFactory(order=order)
    employee.get(page_of(order))

    with django_assert_num_queries(16):
        employee.get(page_of(order))
