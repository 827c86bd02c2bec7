"""Which mails a customer gets of the work: as its type says, or as was chosen for the customer itself."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from cleanconnect import jobs
from cleanconnect.jobs import Job
from notifications import tasks
from notifications.models import Message
from quality.completion import complete, reopen
from quality.reporting import report
from tests.factories import WorkOrderFactory
from workorders.models import WorkOrder
from workorders.status import move


def choose(order, **choices):
    """Set `mail_…` of the order's customer (or of its type, with `type_mail_…`)."""
    for name, value in choices.items():
        of = order.customer.type if name.startswith("type_") else order.customer
        setattr(of, name.removeprefix("type_"), value)
        of.save()


def events():
    return list(Message.objects.order_by("pk").values_list("event", flat=True))


@pytest.mark.parametrize(
    ("of_type", "own", "is_mailed"), [(True, None, True), (False, None, False), (True, False, False), (False, True, True)]
)
def test_ready_is_told_as_the_type_says_or_the_customer_wants(order, employee, of_type, own, is_mailed):
    choose(order, type_mail_ready=of_type, mail_ready=own)

    complete(order, by=employee.membership)

    assert events() == (["ready"] if is_mailed else [])


def test_ready_says_what_the_customer_wants_to_know(order, employee):
    WorkOrder.objects.filter(pk=order.pk).update(remark="Waslaag aangebracht")
    choose(order, mail_ready=True)

    complete(order, by=employee.membership)
    complete(order, by=employee.membership)

    message = Message.objects.get()
    assert message.to_email == "jansen@dealer.example"
    assert f"Uw {order.vehicle} is klaar" in message.subject
    assert "Waslaag aangebracht" in message.text
    assert "{" not in message.text


def test_work_that_is_done_again_is_told_and_ready_again_too(order, employee, owner):
    choose(order, mail_ready=True, mail_redo=True)
    complete(order, by=employee.membership)

    move(order, "rejected", by=owner.membership, reason="Strepen")
    complete(order, by=employee.membership)

    assert events() == ["ready", "redo", "ready"]
    assert "kost u niets extra" in Message.objects.get(event="redo").text


def test_a_rejection_before_it_was_ready_is_nobodys_news(order, employee):
    choose(order, mail_redo=True)
    move(order, "to_check", by=employee.membership)

    move(order, "rejected", by=employee.membership, reason="Velgen vergeten")

    assert events() == []


def test_delivered_and_taken_back_is_not_ready_twice(order, owner):
    choose(order, mail_ready=True)
    complete(order, by=owner.membership)
    move(order, "delivered", by=owner.membership)
    move(order, "completed", by=owner.membership)
    assert events() == ["ready"]

    reopen(order, by=owner.membership)
    complete(order, by=owner.membership)
    assert events() == ["ready", "ready"]


def test_who_wants_no_mail_of_defects_gets_none(order, employee):
    choose(order, mail_defect=False)

    defect = report(order, description="Kras", by=employee.membership)

    assert defect.is_mailed is False
    assert events() == []


@pytest.mark.parametrize(("sent", "stored"), [("", None), ("True", True), ("False", False)])
def test_the_owner_chooses_on_the_customers_page(owner, order, sent, stored):
    customer = order.customer
    fields = {"type": customer.type_id, "name": customer.name, "email": customer.email, "mail_ready": sent}

    response = owner.post(reverse("customers:edit", args=[customer.pk]), fields)

    assert response.status_code == 302
    customer.refresh_from_db()
    assert customer.mail_ready is stored


@pytest.fixture
def together(settings):
    settings.DEFECTS_TOGETHER = timedelta(minutes=10)


def test_several_defects_within_ten_minutes_are_one_mail(order, employee, together, nudges, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for text in ("Kras op de deur", "Deuk in het dak", "Ster in de ruit"):
            report(order, description=text, by=employee.membership)

    message = Message.objects.get()
    assert nudges == []
    due = Job.objects.of(tasks.deliver, message).get().due_at
    assert timedelta(minutes=9) < due - timezone.now() <= timedelta(minutes=10)
    for text in ("• Kras op de deur", "• Deuk in het dak", "• Ster in de ruit"):
        assert text in message.text


def test_one_defect_alone_has_no_list(order, employee, together):
    report(order, description="Kras op de deur", by=employee.membership)

    assert "•" not in Message.objects.get().text


def test_what_comes_later_or_of_another_car_is_a_mail_of_its_own(order, employee, together):
    report(order, description="Kras", by=employee.membership)
    Job.objects.update(due_at=Now())
    report(order, description="Deuk", by=employee.membership)
    report(WorkOrderFactory(number=9000, customer=order.customer), description="Ster", by=employee.membership)

    assert Message.objects.count() == 3


def test_the_periodic_task_sends_it_when_its_time_has_come(order, employee, together, nudges):
    report(order, description="Kras", by=employee.membership)
    jobs.sweep()
    assert nudges == []

    Job.objects.update(due_at=Now())
    jobs.sweep()

    assert nudges == [(order.company_id, Message.objects.get().pk)]
