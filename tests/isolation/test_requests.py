"""Companies apart over the life of requests and tasks: errors, rendering, the next request, two memberships."""

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import Membership
from cleanconnect.tenancy import context
from customers.models import Customer
from notifications.models import Message
from notifications.tasks import deliver
from tests.factories import CustomerFactory, MembershipFactory
from workorders.models import WorkOrder


def test_an_exception_takes_back_what_was_written_and_the_next_request_is_clean(owner, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    owner.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr("accounts.mails.invitation", fail)
        failed = owner.post(reverse("accounts:create"), {"name": "Piet", "role": "employee", "email": "piet@glans.example"})

    assert failed.status_code == 500
    assert not Membership.objects.filter(name="Piet").exists()
    assert "Olga Eigenaar" in owner.get(reverse("accounts:overview")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_after_a_request_the_connection_knows_no_company(client):
    from accounts.models import Company

    company = Company.objects.found(name="Glans")
    with context.company(company.pk):
        member = MembershipFactory(role="owner", name="Olga")
    client.force_login(member.user, backend="accounts.backends.AuthenticationBackend")

    page = client.get(reverse("accounts:overview"))

    assert "Olga" in page.content.decode()
    assert Membership.objects.count() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('app.company_id', true), '')")
        assert cursor.fetchone() == ("",)


@pytest.mark.django_db(transaction=True)
def test_after_a_failed_request_the_same_connection_shows_the_right_company(client, monkeypatch):
    from accounts.models import Company

    members = []
    for name in ("Wij", "Zij"):
        with context.company(Company.objects.found(name=name).pk):
            members.append(MembershipFactory(role="owner", name=f"Eigenaar van {name}"))
    client.raise_request_exception = False
    client.force_login(members[0].user, backend="accounts.backends.AuthenticationBackend")
    with monkeypatch.context() as patch:
        patch.setattr("accounts.views.MembershipFilter.qs", property(lambda self: 1 / 0))
        assert client.get(reverse("accounts:overview")).status_code == 500
    client.force_login(members[1].user, backend="accounts.backends.AuthenticationBackend")

    page = client.get(reverse("accounts:overview")).content.decode()

    assert "Eigenaar van Zij" in page
    assert "Eigenaar van Wij" not in page


def test_raw_sql_is_narrowed_too(owner, neighbour):
    CustomerFactory(name="Van ons")

    assert [customer.name for customer in Customer.objects.raw("SELECT * FROM customers_customer")] == ["Van ons"]


def test_a_task_of_one_company_cannot_touch_a_message_of_another(company, neighbour, mailoutbox, monkeypatch):
    theirs = neighbour.rows[Message]
    monkeypatch.setattr("cleanconnect.jobs.in_turn", lambda *args: [])  # what else waits is sent for its own company

    deliver(company.pk, theirs.pk)

    assert mailoutbox == []
    with context.company(neighbour.company.pk):
        assert Message.objects.get(pk=theirs.pk).state == "queued"


@pytest.fixture
def dealer(client, company, neighbour):
    """A browser of someone who is a customer of both companies."""
    here = MembershipFactory(role="customer", name="Dealer", customer=CustomerFactory(name="Dealer bij ons"))
    with context.company(neighbour.company.pk):
        Membership.objects.create(user=here.user, role="customer", name="Dealer", customer=neighbour.rows[Customer])
    client.force_login(here.user, backend="accounts.backends.AuthenticationBackend")
    return client


def test_a_member_of_two_companies_chooses_after_login(dealer, company, neighbour):
    start = dealer.get(reverse("start"))
    choice = dealer.get(start.url).content.decode()

    assert start.url == reverse("choose-company")
    assert "Glans Autopoets" in choice
    assert "Buurman Poets" in choice


def test_a_member_of_two_companies_sees_one_at_a_time(dealer, company, neighbour):
    dealer.post(reverse("enter-company", args=[company.pk]))
    ours = dealer.get(reverse("workorders:overview")).content.decode()
    dealer.post(reverse("enter-company", args=[neighbour.company.pk]))
    theirs = dealer.get(reverse("workorders:overview")).content.decode()

    plate = neighbour.rows[WorkOrder].vehicle.plate_shown
    assert plate not in ours
    assert plate in theirs


def test_a_deactivated_membership_ends_at_once(dealer, company, neighbour):
    dealer.post(reverse("enter-company", args=[company.pk]))
    Membership.objects.filter(name="Dealer").update(is_active=False)

    dealer.get(reverse("workorders:overview"))

    assert dealer.session["company_id"] == neighbour.company.pk
