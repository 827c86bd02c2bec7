"""Extra work: at once below the customer's limit, asked for above it, and answered by a link or by telephone."""

import re
import threading
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import Company
from cleanconnect.tenancy import context
from notifications.models import Message
from quality.approvals import NotOpen, decide, propose, withdraw
from quality.completion import complete
from quality.models import Approval, Defect
from quality.reporting import report
from tests.factories import MembershipFactory, PriceAgreementFactory, ServiceFactory, WorkOrderFactory, WorkOrderLineFactory
from workorders.models import WorkOrder
from workorders.status import NotAllowed

State = Approval.State


@pytest.fixture
def polishing(order):
    """A handling for the car of `order`, of 80 euro."""
    return ServiceFactory(name="Polijsten", price=Decimal("80.00"), minutes=45, group__name="Lak", group__vehicle_type=order.vehicle.type)


@pytest.fixture
def send(employee, order):
    def post(**typed):
        return employee.post(reverse("quality:defect-create", args=[order.pk]), {"description": "Diepe kras", **typed}, follow=True)

    return post


def limit(order, amount):
    order.customer.work_through_limit = Decimal(amount)
    order.customer.save()


def address_in(message):
    return urlsplit(re.search(r"http\S+/akkoord/\S+", message.text)[0]).path


def test_above_the_limit_the_order_waits_and_the_customer_is_asked(send, order, polishing, nudges):
    limit(order, "79.99")

    response = send(service=polishing.pk, kind="scratch", place="roof")

    assertContains(response, "is om akkoord gevraagd")
    order.refresh_from_db()
    assert order.status == WorkOrder.Status.WAITING
    assert not order.lines.exists()
    message = Message.objects.get()
    assert (message.event, message.to_email) == ("approval", "jansen@dealer.example")
    assert "Polijsten, voor €\xa080,00 exclusief btw" in message.text
    defect = Defect.objects.get()
    assert (defect.kind, defect.place, defect.approvals.get().state) == ("scratch", "roof", State.ASKED)


def test_up_to_the_limit_it_is_done_at_once_and_written_down(send, order, polishing):
    limit(order, "80.00")

    response = send(service=polishing.pk)

    assertContains(response, "mag zonder vragen")
    order.refresh_from_db()
    assert order.status == WorkOrder.Status.PLANNED
    line = order.lines.get()
    assert (line.service, line.unit_price, line.minutes) == (polishing, Decimal("80.00"), 45)
    assert line.price_reason == "mag zonder vragen, tot €\xa080,00"
    assert Message.objects.get().event == "defect"
    assert order.changes.exists()


def test_the_limit_is_for_the_order_as_a_whole(employee, order, polishing):
    limit(order, "100.00")
    first = report(order, description="Kras", service=polishing, unit_price=Decimal("60.00"), by=employee.membership)
    second = report(order, description="Nog een", service=polishing, unit_price=Decimal("60.00"), by=employee.membership)

    assert (first.proposed.state, second.proposed.state) == (State.WITHIN_LIMIT, State.ASKED)


def test_the_price_is_the_customers_own_and_one_who_sees_no_prices_types_none(send, order, polishing, owner):
    PriceAgreementFactory(customer=order.customer, service=polishing, value=Decimal("70.00"))

    send(service=polishing.pk, unit_price="1")

    assert Approval.objects.get().unit_price == Decimal("70.00")
    owner.post(reverse("quality:defect-create", args=[order.pk]), {"description": "Kras", "service": polishing.pk, "unit_price": "65,50"})
    assert Approval.objects.latest("pk").unit_price == Decimal("65.50")


def test_two_taps_without_a_login(send, order, polishing, picture):
    send(service=polishing.pk, photo=picture())
    address = address_in(Message.objects.get())
    stranger = Client()

    page = stranger.get(address)
    assertContains(page, "Diepe kras")
    assertContains(page, "€\xa080,00")
    photo = stranger.get(f"{address}foto/")
    assert photo["Content-Type"] == "image/webp"
    assert {"private", "no-store"} <= set(photo["Cache-Control"].split(", "))
    page = stranger.post(address, {"antwoord": "ja"}, REMOTE_ADDR="203.0.113.7")

    assertContains(page, "U gaf akkoord")
    approval = Approval.objects.get()
    assert (approval.state, approval.decided_name, approval.decided_ip) == (State.APPROVED, "Dealer Jansen", "203.0.113.7")
    assert approval.decided_by is None
    order.refresh_from_db()
    assert order.status == WorkOrder.Status.IN_PROGRESS
    assert order.lines.get().price_reason.startswith("akkoord van Dealer Jansen op ")
    change = order.status_changes.last()
    assert (change.by, change.place) == (None, "customer")


def test_refused_work_is_left_out_and_the_order_goes_on(send, order, polishing):
    send(service=polishing.pk)

    page = Client().post(address_in(Message.objects.get()), {"antwoord": "nee"})

    assertContains(page, "We laten dit werk weg")
    order.refresh_from_db()
    assert order.status == WorkOrder.Status.IN_PROGRESS
    assert not order.lines.exists()


def test_an_answer_counts_once(send, order, polishing):
    send(service=polishing.pk)
    address = address_in(Message.objects.get())
    Client().post(address, {"antwoord": "ja"})

    again = Client().post(address, {"antwoord": "nee"})

    assertContains(again, "al beantwoord", status_code=409)
    assert Approval.objects.get().state == State.APPROVED
    assert order.lines.count() == 1


def test_with_two_questions_the_order_waits_for_both(employee, order, polishing):
    one, two = (
        propose(
            Defect.objects.create(order=order, description=text, found_by=employee.membership),
            polishing,
            Decimal(9),
            by=employee.membership,
        )
        for text in ("a", "b")
    )

    decide(one, True, name="Jansen")
    assert WorkOrder.objects.get(pk=order.pk).status == WorkOrder.Status.WAITING
    decide(two, True, name="Jansen")

    assert WorkOrder.objects.get(pk=order.pk).status == WorkOrder.Status.IN_PROGRESS
    assert [line.service for line in order.lines.all()] == [polishing, None]


def test_a_link_that_is_changed_expired_withdrawn_or_a_neighbours_does_nothing(send, order, polishing, owner, neighbour):
    send(service=polishing.pk)
    approval = Approval.objects.get()
    address = address_in(Message.objects.get())
    for wrong in (
        address[:-2] + "x/",
        address.replace(f"/{approval.pk}/", f"/{approval.pk + 1}/"),
        address.replace(f"/{order.company_id}/", f"/{neighbour.company.pk}/"),
    ):
        assert Client().get(wrong).status_code == 404
        assert Client().post(wrong, {"antwoord": "ja"}).status_code == 404
    assert Client().get(reverse("approval", args=[10**30, 1, "x"])).status_code == 404
    assert Client().get(reverse("approval-photo", args=[10**30, 1, "x"])).status_code == 404

    Approval.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assertContains(Client().get(address), "Deze vraag is verlopen")
    assertContains(Client().post(address, {"antwoord": "ja"}), "verlopen", status_code=409)
    owner.post(reverse("quality:note-answer", args=[approval.pk]), {"antwoord": "intrekken"})

    for page in (Client().get(address), Client().post(address, {"antwoord": "ja"}), Client().get(f"{address}foto/")):
        assertContains(page, "Deze link werkt niet meer", status_code=410)
    assert not order.lines.exists()
    assert WorkOrder.objects.get(pk=order.pk).status == WorkOrder.Status.IN_PROGRESS


@pytest.mark.parametrize(
    ("fields", "ended_on"),
    [({"state": State.APPROVED}, "decided_at"), ({"state": State.REFUSED}, "decided_at"), ({}, "expires_at")],
    ids=["approved", "refused", "expired"],
)
def test_what_was_settled_is_read_for_a_month_and_then_tells_whom_to_ask(send, order, polishing, picture, fields, ended_on):
    send(service=polishing.pk, photo=picture())
    Company.objects.update(phone="030 123 45 67")
    address = address_in(Message.objects.get())
    Approval.objects.update(**fields | {ended_on: timezone.now() - timedelta(days=30)})
    assertContains(Client().get(address), "Polijsten")

    Approval.objects.update(**{ended_on: timezone.now() - timedelta(days=31)})

    page = Client().get(address)
    for text in ("Deze link werkt niet meer", "Glans", "030 123 45 67"):
        assertContains(page, text, status_code=410)
    for text in ("Polijsten", "Diepe kras", order.vehicle.plate_shown):
        assertNotContains(page, text, status_code=410)
    assert Client().get(f"{address}foto/").status_code == 410


def test_the_owner_revokes_the_link_of_an_answer_and_gives_it_back(send, order, polishing, owner, employee):
    send(service=polishing.pk)
    address, approval = address_in(Message.objects.get()), Approval.objects.get()
    order_page, revoke = reverse("workorders:detail", args=[order.pk]), reverse("quality:revoke-approval-link", args=[approval.pk])
    assertNotContains(owner.get(order_page), revoke)
    Client().post(address, {"antwoord": "ja"})
    assert employee.post(revoke).status_code == 403
    assertContains(owner.get(order_page), revoke)

    page = owner.post(revoke, follow=True)

    assertContains(page, "De link in de mail over dit extra werk werkt niet meer.")
    assertContains(page, "Link weer toelaten")
    assert Client().get(address).status_code == 410
    assert Client().get(f"{address}foto/").status_code == 410
    owner.post(revoke)
    assertContains(Client().get(address), "U gaf akkoord")


def test_the_owner_notes_what_was_said_by_telephone_also_after_the_link_expired(send, order, polishing, owner, employee):
    send(service=polishing.pk)
    approval = Approval.objects.get()
    Approval.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert employee.post(reverse("quality:note-answer", args=[approval.pk]), {"antwoord": "ja"}).status_code == 403

    page = owner.post(reverse("quality:note-answer", args=[approval.pk]), {"antwoord": "ja"}, follow=True)

    assertContains(page, "genoteerd door Olga Eigenaar")
    assert order.lines.count() == 1
    assert owner.post(reverse("quality:note-answer", args=[approval.pk]), {"antwoord": "misschien"}).status_code == 404


def test_without_an_address_the_employee_hears_to_call(send, order, polishing):
    order.customer.email = ""
    order.customer.save()

    assertContains(send(service=polishing.pk), "krijgt geen e-mail: bel de klant")
    assert not Message.objects.exists()


def test_a_private_customer_sees_prices_with_vat(send, order, polishing):
    order.customer.type.is_private = True
    order.customer.type.save()

    send(service=polishing.pk)

    assert "€\xa096,80 inclusief btw" in Message.objects.get().text
    assertContains(Client().get(address_in(Message.objects.get())), "€\xa096,80")


def test_the_tablet_hears_of_the_answer(send, employee, order, polishing):
    send(service=polishing.pk)
    address = reverse("quality:waiting", args=[order.pk])
    assertContains(employee.get(reverse("quality:check", args=[order.pk])), address)
    assert employee.get(address).status_code == 204

    Client().post(address_in(Message.objects.get()), {"antwoord": "ja"})

    assert employee.get(address)["HX-Refresh"] == "true"
    assertContains(employee.get(reverse("quality:check", args=[order.pk])), "Polijsten: akkoord")


def test_a_customer_who_logs_in_answers_from_the_order(customer, company):
    order = WorkOrderFactory(number=9000, customer=customer.membership.customer)
    service = ServiceFactory(group__vehicle_type=order.vehicle.type)
    defect = Defect.objects.create(order=order, description="Kras", found_by=MembershipFactory())
    approval = propose(defect, service, Decimal("10"), by=MembershipFactory(role="owner"))

    page = customer.get(reverse("workorders:detail", args=[order.pk]))

    assertContains(page, approval.link)
    assertNotContains(page, reverse("quality:note-answer", args=[approval.pk]))


def test_extra_work_without_a_price_or_of_another_type_is_refused_at_its_field(send, order, company):
    free = ServiceFactory(price=None, group__vehicle_type=order.vehicle.type)
    other = ServiceFactory()

    for service in (free, other):
        response = send(service=service.pk)
        assert response.status_code == 422
        assert response.context["form"].errors["service"]
    assert not Defect.objects.exists()


def test_a_finished_order_gets_no_questions(send, order, polishing, employee):
    complete(order, by=employee.membership)

    response = send(service=polishing.pk)

    assertContains(response, "en kan niet op akkoord gaan wachten", status_code=422)
    assert not Defect.objects.exists()


def test_a_cancelled_order_takes_no_answer(send, order, polishing):
    send(service=polishing.pk)
    WorkOrder.objects.filter(pk=order.pk).update(status="cancelled")

    page = Client().post(address_in(Message.objects.get()), {"antwoord": "ja"})

    assertContains(page, "kan niet meer worden gewijzigd", status_code=409)
    assert Approval.objects.get().state == State.ASKED
    with pytest.raises(NotAllowed):
        decide(Approval.objects.get(), True, name="x")


def test_of_eight_answers_at_once_one_counts(transactional_db):
    company = Company.objects.found(name="Glans")
    with context.company(company.pk):
        member = MembershipFactory(role="owner")
        line = WorkOrderLineFactory()
        defect = Defect.objects.create(order=line.order, description="Kras", found_by=member)
        approval = propose(defect, ServiceFactory(), Decimal("10"), by=member)
    found, ready = [], threading.Barrier(8)

    def answer(approves):
        try:
            ready.wait(timeout=10)
            with context.company(company.pk):
                found.append(decide(approval, approves, name="Jansen").state)
        except NotOpen:
            found.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=[n % 2 == 0]) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sum(state is not None for state in found) == 1
    with context.company(company.pk):
        assert line.order.lines.count() == (2 if State.APPROVED in found else 1)
        with pytest.raises(NotOpen):
            withdraw(approval, by=member)
