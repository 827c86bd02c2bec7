"""The status of an order: which moves there are, whose they are, and that each is written down."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from invoicing import collecting
from quality.completion import complete, reopen
from tests.factories import CustomerFactory, ServiceFactory, VehicleFactory, WorkOrderFactory, WorkOrderLineFactory
from workorders.intake import take_in
from workorders.models import StatusChange, WorkOrder
from workorders.status import MOVES, NotAllowed, Place, move, moves

Status = WorkOrder.Status


@pytest.fixture
def order(owner):
    """An order with something to charge, as it was taken in."""
    service = ServiceFactory()
    return take_in(
        customer=CustomerFactory(),
        vehicle={"plate": "GB-001-B", "country": "NL", "vin": "", "make": "", "model": "", "type": service.group.vehicle_type},
        services=[service],
        note="",
        remark="",
        status="planned",
        planned_on=None,
        by=owner.membership,
    )


def timeline(order):
    return list(order.status_changes.values_list("before", "after"))


def set_status(client, order, status):
    return client.post(reverse("workorders:set-status", args=[order.pk, status]), follow=True)


def test_every_status_has_its_moves_and_none_leads_to_itself():
    assert set(MOVES) == set(Status)
    assert all(status not in targets for status, targets in MOVES.items())


def test_a_whole_life_is_written_down(owner, employee, order):
    move(order, Status.IN_PROGRESS, by=employee.membership, place=Place.TABLET)
    complete(order, by=employee.membership)
    reopen(order, by=owner.membership, reason="Vlek op de stoel")
    complete(order, by=employee.membership)
    order = move(order, Status.DELIVERED, by=owner.membership)

    assert timeline(order) == [
        ("", "planned"),
        ("planned", "in_progress"),
        ("in_progress", "completed"),
        ("completed", "in_progress"),
        ("in_progress", "completed"),
        ("completed", "delivered"),
    ]
    assert order.completed_by == employee.membership
    page = owner.get(reverse("workorders:detail", args=[order.pk]))
    for text in ("Tijdlijn", "Heropend", "Vlek op de stoel", "Wim Werknemer (tablet)"):
        assertContains(page, text)


def test_to_where_it_is_already_writes_nothing(owner, order):
    move(order, Status.PLANNED, by=owner.membership)

    assert timeline(order) == [("", "planned")]


@pytest.mark.parametrize(("status", "to"), [(status, to) for status in Status for to in Status if to != status and to not in MOVES[status]])
def test_what_is_no_move_is_refused(owner, order, status, to):
    done = {"completed_at": order.created_at, "completed_by": owner.membership} if status in WorkOrder.FINISHED else {}
    WorkOrder.objects.filter(pk=order.pk).update(status=status, **done)

    with pytest.raises(NotAllowed):
        move(order, to, by=owner.membership, reason="x")


def test_an_employee_does_not_cancel_nor_reopen(employee, order):
    assert moves(order, employee.membership) == [Status.IN_PROGRESS, Status.WAITING, Status.TO_CHECK, Status.COMPLETED]
    order = complete(order, by=employee.membership)
    assert moves(order, employee.membership) == [Status.DELIVERED]


def test_a_customer_moves_nothing(customer, order):
    mine = WorkOrderFactory(number=9000, customer=customer.membership.customer)

    assert moves(mine, customer.membership) == []
    assert set_status(customer, mine, "in_progress").status_code == 403


def test_a_delivered_order_is_finished_and_can_be_invoiced(owner, order):
    complete(order, by=owner.membership)
    assertContains(owner.get(reverse("workorders:detail", args=[order.pk])), reverse("workorders:set-status", args=[order.pk, "delivered"]))

    set_status(owner, order, "delivered")

    order.refresh_from_db()
    assert order.status == Status.DELIVERED
    assert order in collecting.to_invoice()
    assert not order.is_open


def test_cancelling_asks_why_and_takes_it_off_every_list(owner, order):
    address = reverse("workorders:set-status-because", args=[order.pk, "cancelled"])
    assertContains(owner.post(address, {"reason": " "}), "Dit veld is verplicht", status_code=422)

    owner.post(address, {"reason": "Klant komt niet"})

    order.refresh_from_db()
    assert order.status == Status.CANCELLED
    assert order not in WorkOrder.objects.open()
    assert order not in WorkOrder.objects.finished()
    assertContains(owner.get(reverse("workorders:detail", args=[order.pk])), "Klant komt niet")
    assertNotContains(owner.get(reverse("quality:today")), "GB-001-B")

    set_status(owner, order, "planned")
    order.refresh_from_db()
    assert order.status == Status.PLANNED


def test_a_finished_order_is_not_cancelled(owner, order):
    complete(order, by=owner.membership)

    response = owner.post(reverse("workorders:set-status-because", args=[order.pk, "cancelled"]), {"reason": "Toch niet"})

    assertContains(response, "is gereed en kan niet worden geannuleerd", status_code=422)


@pytest.mark.parametrize("status", ["completed", "cancelled", "raket"])
def test_only_moves_of_one_press_are_pressed(owner, order, status):
    assert set_status(owner, order, status).status_code == 404


def test_a_move_that_is_not_there_is_told(owner, order):
    assertContains(set_status(owner, order, "delivered"), "en kan niet worden afgeleverd")


def test_a_customer_sees_the_timeline_without_names(customer, owner):
    order = WorkOrderFactory(customer=customer.membership.customer, vehicle=VehicleFactory())
    WorkOrderLineFactory(order=order)
    StatusChange.objects.create(order=order, after="planned", by=owner.membership)

    page = customer.get(reverse("workorders:detail", args=[order.pk]))

    assertContains(page, "Tijdlijn")
    assertNotContains(page, "Olga Eigenaar")


def test_editing_an_order_writes_its_status_down(owner, order):
    form = owner.get(reverse("workorders:edit", args=[order.pk])).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {
        "services": [order.lines.get().service_id],
        "status": "in_progress",
        "packages": [],
        "assigned": [],
    }

    assert owner.post(reverse("workorders:edit", args=[order.pk]), sent).status_code == 302

    assert timeline(order) == [("", "planned"), ("planned", "in_progress")]
