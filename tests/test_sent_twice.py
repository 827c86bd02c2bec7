"""The same form sent twice makes one thing, whichever form of the product it is."""

import copy
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone
from django.views.generic import CreateView

from accounts.models import Company, Membership
from cleanconnect.models import SentForm
from cleanconnect.tasks import forget_sent_forms
from cleanconnect.tenancy import context
from customers.models import Customer, CustomerType
from invoicing.models import Invoice, Payment
from invoicing.tests.given import ADDRESS, complete
from invoicing.tests.test_numbering import all_at_once
from quotes.models import Quote
from services.models import Service
from tests.factories import CustomerFactory, MembershipFactory, ServiceFactory
from tests.forms_of_pages import forms_on
from tests.walk_of_pages import GUARDED, Walk, can_do_everything, what_a_person_chooses
from workorders.models import WorkOrder


def counts():
    """`{table: number of rows}` of all tables of ours."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.app_label not in {"cleanconnect", "sessions", "contenttypes", "auth"}:
                cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
                found[model._meta.label] = cursor.fetchone()[0]
    return found


def difference(before, after):
    return {table: after[table] - before[table] for table in after if after[table] != before[table]}


def test_every_form_sent_twice_does_one_thing(neighbour):
    with context.company(neighbour.company.pk):
        can_do_everything(neighbour)
        chosen, walk = what_a_person_chooses(neighbour), Walk(neighbour)

        accepted, twice = set(), []
        for name, address, page in walk.pages():
            for form in forms_on(page, address):
                if urlsplit(form.action).path == urlsplit(address).path:
                    form.choose(chosen.get(name, {}))
                first, made, second, made_again = walk.undone(lambda form=form: send_twice(form, walk.client))
                if first.status_code < 400:
                    accepted.add(resolve(urlsplit(form.action).path).view_name)
                    is_same = first.status_code != 302 or first.url == second.url
                    if made_again or (made and not is_same and not may_be_repeated(form)):
                        twice.append((form.action, made, made_again, second.status_code))

    assert twice == []
    assert names_of_what_creates() - accepted == set()


def send_twice(form, client):
    """`(answer, what it made, second answer, what that made)`."""
    before = counts()
    first = form.send(client)
    between = counts()
    second = form.send(client) if first.status_code < 400 else None
    return first, difference(before, between), second, difference(between, counts()) if not may_be_repeated(form) else {}


def may_be_repeated(form):
    view = resolve(urlsplit(form.action).path).func
    return view.__module__.startswith("allauth.") or hasattr(view, "repeatable")


def names_of_what_creates():
    """Addresses that make something, by what they are and by how they are called."""
    return {
        address.name
        for address in GUARDED
        if (isinstance(address.view, type) and issubclass(address.view, CreateView))
        or address.name.endswith(("create", ":free", ":copy", ":pay", ":credit"))
    }


# --- at the same moment ------------------------------------------------------------------------------------------------


@pytest.fixture
def shop():
    """`(company, a browser with its owner)`, committed."""
    company = Company.objects.found(name="Glans", start_guide_done_at=timezone.now())
    with context.company(company.pk):
        complete(company)
        owner = MembershipFactory(role="owner")
        ServiceFactory(name="Wassen", price=Decimal("25.00"))
        CustomerFactory(name="Garage Bakker", **ADDRESS)
    client = Client()
    client.force_login(owner.user)
    return company, client


def form_of(client, address, to=""):
    """The form that the page is for, or the one of which the address ends in `to`."""
    forms = forms_on(client.get(address), address)
    return next(form for form in forms if urlsplit(form.action).path.endswith(to or urlsplit(address).path))


def sent_twelve_times(client, address, chosen, to=""):
    """The form of a page in twelve requests that start together; returns the addresses that they were answered with."""
    form = form_of(client, address, to)
    form.choose(chosen)
    answers = []

    def send(_number):
        browser = Client()
        browser.cookies = copy.deepcopy(client.cookies)
        response = form.send(browser)
        answers.append((response.status_code, getattr(response, "url", "")))

    assert all_at_once(12, send) == [None] * 12
    return set(answers)


@pytest.mark.django_db(transaction=True)
def test_twelve_times_at_once_makes_one_of_everything(shop):
    company, client = shop
    with context.company(company.pk):
        service, customer = Service.objects.select_related("group").get(), Customer.objects.get()
    chosen = {"services": service.pk, "customer": customer.pk, "vehicle_type": service.group.vehicle_type_id, "new_email": ""}
    lines = {"customer": customer.pk, "regels-0-description": "Vlek", "regels-0-unit_price": "10"}

    orders = sent_twelve_times(client, reverse("workorders:create"), chosen)
    customers = sent_twelve_times(client, reverse("customers:create"), {"name": "Dealer De Vries", "password": "", "email": ""})
    invoices = sent_twelve_times(client, reverse("invoicing:free"), lines)

    with context.company(company.pk):
        page = reverse("invoicing:detail", args=[Invoice.objects.get().pk])
    payments = sent_twelve_times(client, page, {"amount": "1,00"}, to="/betaald/")
    quotes = sent_twelve_times(client, reverse("quotes:create"), lines | {"subject": "Camper"})
    users = sent_twelve_times(
        client, reverse("accounts:create"), {"name": "Wim", "username": "", "email": "wim@glans.example", "password": ""}
    )

    answers = [orders, customers, invoices, payments, quotes, users]
    assert [len(found) for found in answers] == [1] * 6
    with context.company(company.pk):
        found = [model.objects.count() for model in (WorkOrder, Customer, Invoice, Payment, Quote, Membership)]
    assert found == [1, 2, 1, 1, 1, 2]


@pytest.mark.django_db(transaction=True)
def test_signing_up_pressed_twelve_times_at_once_is_one_company():
    chosen = {"company_name": "Nieuw Glans", "name": "Nora Nieuw", "email": "nora@glans.example"}

    answers = sent_twelve_times(Client(), reverse("account_signup"), chosen)

    assert answers == {(200, "")}
    assert len(context.company_ids(Company)) == 1


# --- what is not the same form -----------------------------------------------------------------------------------------


def test_what_was_changed_after_going_back_is_another_one(owner):
    (form,) = [
        one for one in forms_on(owner.get(reverse("customers:type-create")), reverse("customers:type-create")) if "type" in one.action
    ]

    form.choose({"name": "Dealer"}).send(owner)
    form.choose({"name": "Particulier"}).send(owner)
    again = form.send(owner)

    assert sorted(CustomerType.objects.values_list("name", flat=True)) == ["Dealer", "Particulier"]
    assert again.url == reverse("customers:type-overview")
    assert "Dit was al gedaan" in owner.get(again.url).content.decode()


def test_a_refused_form_can_be_sent_again(owner):
    CustomerType.objects.create(name="Dealer")
    (form,) = [
        one for one in forms_on(owner.get(reverse("customers:type-create")), reverse("customers:type-create")) if "type" in one.action
    ]
    assert form.choose({"name": "Dealer"}).send(owner).status_code == 422
    CustomerType.objects.all().delete()

    response = form.send(owner)

    assert response.status_code == 302
    assert CustomerType.objects.get().name == "Dealer"


def test_the_same_form_of_somebody_else_is_another_one(owner):
    (form,) = [
        one for one in forms_on(owner.get(reverse("customers:type-create")), reverse("customers:type-create")) if "type" in one.action
    ]
    form.choose({"name": "Dealer"}).send(owner)
    colleague = Client()
    colleague.force_login(MembershipFactory(role="owner").user)

    assert form.send(colleague).status_code == 422


def test_a_form_of_last_month_is_forgotten(db):
    SentForm.objects.create(digest="oud", sent_at=timezone.now() - timedelta(days=31))
    SentForm.objects.create(digest="nieuw")

    forget_sent_forms()

    assert [form.digest for form in SentForm.objects.all()] == ["nieuw"]
