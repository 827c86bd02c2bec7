"""Two people at one order: the second is told what the first did, and nothing that was typed is lost."""

import threading

import pytest
from django.db import connection
from django.urls import reverse
from pytest_django.asserts import assertContains

from accounts.models import Company
from cleanconnect.tenancy import context
from tests.factories import CustomerFactory, MembershipFactory, ServiceFactory, WorkOrderFactory, WorkOrderLineFactory
from workorders.intake import AlreadyCompleted, ChangedMeanwhile, change, take_in
from workorders.models import WorkOrder
from workorders.planning.moving import plan
from workorders.status import move


def sent_from(client, order):
    form = client.get(reverse("workorders:edit", args=[order.pk])).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "", [])}
    return sent | {"services": [line.service_id for line in order.lines.all()]}


@pytest.fixture
def order(company):
    line = WorkOrderLineFactory()
    line.service.group.vehicle_type = line.order.vehicle.type
    line.service.group.save()
    return line.order


def test_the_second_is_told_and_loses_nothing(owner, order):
    first, second = sent_from(owner, order), sent_from(owner, order)
    assert owner.post(reverse("workorders:edit", args=[order.pk]), first | {"note": "Van de eerste"}).status_code == 302

    response = owner.post(reverse("workorders:edit", args=[order.pk]), second | {"note": "Van de tweede", "key_number": "12"})

    assertContains(response, "Iemand anders heeft deze werkorder intussen gewijzigd", status_code=422)
    assertContains(response, "Notitie voor de werknemer: – → Van de eerste", status_code=422)
    assertContains(response, "Van de tweede", status_code=422)
    order.refresh_from_db()
    assert order.note == "Van de eerste"

    again = second | {"note": "Van de tweede", "key_number": "12", "version": response.context["form"]["version"].value()}
    assert owner.post(reverse("workorders:edit", args=[order.pk]), again).status_code == 302
    order.refresh_from_db()
    assert (order.note, order.key_number, order.version) == ("Van de tweede", "12", 3)


def test_a_form_that_was_open_does_not_take_back_what_the_tablet_did(owner, employee, order):
    sent = sent_from(owner, order)
    employee.post(reverse("workorders:set-status", args=[order.pk, "in_progress"]))

    owner.post(reverse("workorders:edit", args=[order.pk]), sent | {"note": "Kras"})

    order.refresh_from_db()
    assert (order.status, order.note) == ("in_progress", "Kras")


def test_an_order_that_was_finished_meanwhile_stays_as_it_is(owner, order):
    sent = sent_from(owner, order)
    move(order, "completed", by=owner.membership)

    assertContains(owner.post(reverse("workorders:edit", args=[order.pk]), sent), "", status_code=404)
    with pytest.raises(AlreadyCompleted):
        plan(order, planned_on=None, planned_time=None, planned_minutes=None, bay=None, assigned=[], version=1, by=owner.membership)


def in_threads(company, count, work):
    """Run `work(number)` in as many threads, each in its own transaction of the company; what they raised or returned."""
    found, ready = [], threading.Barrier(count)

    def one(number):
        try:
            ready.wait(timeout=10)
            with context.company(company.pk):
                found.append(work(number))
        except Exception as error:
            found.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return found


@pytest.fixture
def shared(transactional_db):
    """A company with an order, committed, that threads can meet at."""
    company = Company.objects.found(name="Glans")
    with context.company(company.pk):
        member, service = MembershipFactory(role="owner"), ServiceFactory()
        order = WorkOrderFactory(number=9000, vehicle__type=service.group.vehicle_type, customer=CustomerFactory())
        WorkOrderLineFactory(order=order, service=service)
    return company, member, order, service


def test_of_eight_that_save_at_once_one_is_first_and_the_others_are_told(shared):
    company, member, order, service = shared

    def save(number):
        values = {"plate": "GB-001-B", "country": "NL", "vin": "", "make": "", "model": "", "type": service.group.vehicle_type}
        now = WorkOrder.objects.select_related("customer").get(pk=order.pk)
        details = {"note": f"van {number}", "remark": "", "planned_on": None, "version": 1}
        return change(now, customer=now.customer, vehicle=values, services=[service], by=member, **details).note

    found = in_threads(company, 8, save)

    saved = [one for one in found if isinstance(one, str)]
    assert len(saved) == 1
    assert sum(isinstance(one, ChangedMeanwhile) for one in found) == 7
    with context.company(company.pk):
        order = WorkOrder.objects.get(pk=order.pk)
        assert (order.note, order.version) == (saved[0], 2)
        assert order.lines.count() == 1


def test_of_eight_that_plan_at_once_none_is_lost_silently(shared):
    company, member, order, _service = shared

    def move_it(number):
        plan(order, planned_on=None, planned_time=None, planned_minutes=10 + number, bay=None, assigned=[], version=1, by=member)
        return number

    found = in_threads(company, 8, move_it)

    assert sum(isinstance(one, int) for one in found) == 1
    assert sum(isinstance(one, ChangedMeanwhile) for one in found) == 7


def test_eight_orders_at_once_get_eight_numbers_and_one_vehicle(shared):
    company, member, order, service = shared
    vehicle = {"plate": "GB-002-B", "country": "NL", "vin": "", "make": "", "model": "", "type": service.group.vehicle_type}

    def take(number):
        customer = WorkOrder.objects.get(pk=order.pk).customer
        made = take_in(
            customer=customer, vehicle=vehicle, services=[service], note="", remark="", status="planned", planned_on=None, by=member
        )
        return made.number, made.vehicle_id

    found = in_threads(company, 8, take)

    numbers, vehicles = zip(*found, strict=True)
    assert len(set(numbers)) == 8
    assert len(set(vehicles)) == 1
