"""The demo company: what a newcomer finds in it."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Company, Membership, User
from cleanconnect.demo_logins import LOGINS, PASSWORD
from cleanconnect.tenancy import context
from cleanconnect.tenancy.context import company_ids
from customers.models import Customer
from demo import loading
from invoicing.collecting import issue_invoice, to_invoice
from invoicing.models import Invoice
from notifications.models import Message
from quality.models import Check, ChecklistItem, Defect
from services.models import PriceAgreement, Service
from vehicles.models import Vehicle
from workorders.intake import take_in
from workorders.models import WorkOrder, WorkOrderLine

NOW = datetime(2026, 11, 23, 13, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))


@pytest.fixture
def no_photos(monkeypatch):
    """Drawing takes most of the time; the tests that look at photos do without this."""
    monkeypatch.setattr("demo.pictures.damage", lambda kind, seed: ContentFile(b"foto"))


@pytest.fixture
def glans(db, no_photos):
    """The demo company; the whole test works for it."""
    made = loading.load(now=NOW)
    with context.company(made.pk):
        yield made


def test_it_has_what_was_promised_and_agrees_with_itself(glans):
    assert Customer.objects.count() == 40
    assert Vehicle.objects.count() == 120
    assert Counter(WorkOrder.objects.values_list("status", flat=True)) == {"completed": 244, "in_progress": 4, "planned": 52}
    assert Membership.objects.count() == 9
    assert Invoice.objects.count() >= 90
    assert Defect.objects.count() >= 15
    assert PriceAgreement.objects.count() >= 20
    assert to_invoice().count() >= 20
    assert {invoice.status for invoice in Invoice.objects.all()} >= {"paid", "overdue"}
    for model in (Customer, Vehicle, Service, WorkOrder, WorkOrderLine, ChecklistItem, Company):
        for row in model.objects.all():
            row.full_clean(exclude=["company"])

    for invoice in Invoice.objects.prefetch_related("lines"):
        breakdown = invoice.vat_per_rate()
        assert invoice.net_total == sum(base for _rate, base, _vat in breakdown) > 0
        assert invoice.vat_total == sum(vat for _rate, _base, vat in breakdown)
        assert {line.performed_on.strftime("%Y%m") for line in invoice.lines.all()} == {
            invoice.lines.all()[0].performed_on.strftime("%Y%m")
        }
        assert invoice.issued_on >= max(line.performed_on for line in invoice.lines.all())
    by_number = list(Invoice.objects.order_by("number"))
    assert [invoice.number for invoice in by_number] == [f"2026-{n:04}" for n in range(1, len(by_number) + 1)]
    assert all(first.issued_on <= second.issued_on for first, second in pairwise(by_number))

    items = ChecklistItem.objects.count()
    finished = WorkOrder.objects.finished()
    assert set(Counter(Check.objects.filter(order__in=finished).values_list("order", flat=True)).values()) == {items}
    assert Check.objects.filter(passed=False).count() == Defect.objects.count()
    assert not WorkOrder.objects.filter(completed_at__gt=NOW).exists()


def test_the_dealer_with_a_login_has_something_of_everything(glans):
    dealer = Membership.objects.get(user__username="klant").customer

    assert dealer.vehicles.count() >= 20
    assert set(dealer.work_orders.values_list("status", flat=True)) == {"planned", "in_progress", "completed"}
    assert dealer.invoices.count() >= 2
    assert Defect.objects.filter(order__customer=dealer).exists()


def test_the_three_logins_open_the_product_at_once(glans):
    users = {user.username: user for user in User.objects.filter(username__in=[username for _role, username in LOGINS])}

    assert [users[username].memberships.get().get_role_display() for _role, username in LOGINS] == [role for role, _username in LOGINS]
    assert all(user.check_password(PASSWORD) and not user.must_change_password for user in users.values())


def test_work_goes_on_where_the_demo_ends(glans):
    owner = Membership.objects.get(role="owner")
    service = Service.objects.select_related("group").first()
    dealer = Customer.objects.first()

    vehicle = {"plate": "GB-001-B", "country": "NL", "vin": "", "make": "", "model": "", "type": service.group.vehicle_type}
    order = take_in(customer=dealer, vehicle=vehicle, services=[service], note="", remark="", status="planned", planned_on=None, by=owner)
    waiting = to_invoice().select_related("customer").first()
    invoice = issue_invoice(waiting.customer, [waiting], by=owner)

    assert order.number == 301
    if invoice.issued_on.year == 2026:
        assert invoice.number == f"2026-{Invoice.objects.count():04}"


def test_it_mails_nobody(db, no_photos, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        company = loading.load(now=NOW)

    assert callbacks == []
    with context.company(company.pk):
        assert set(Message.objects.values_list("event", "state")) == {("invoice", "sent"), ("defect", "sent")}
        assert {address.rpartition(".")[2] for address in Message.objects.values_list("to_email", flat=True)} == {"example"}
    assert mail.outbox == []


def snapshot():
    """Everything but keys, passwords and names of files."""

    def rows(model, order, *fields):
        return list(model.objects.order_by(order).values_list(*fields))

    return {
        "vehicles": rows(Vehicle, "pk", "plate_shown", "vin", "make", "model", "type__name"),
        "customers": rows(Customer, "pk", "name", "email", "street", "postcode", "kvk_number"),
        "orders": rows(WorkOrder, "number", "vehicle__plate", "vehicle__vin", "status", "created_at", "completed_at", "note"),
        "lines": rows(WorkOrderLine, "pk", "order__number", "description", "unit_price"),
        "checks": rows(Check, "pk", "order__number", "item__name", "passed", "answered_at", "answered_by__name"),
        "invoices": rows(Invoice, "number", "number", "customer__name", "gross_total", "issued_on", "paid_on"),
        "defects": [(defect.description, defect.photo.read()) for defect in Defect.objects.order_by("pk")],
    }


def test_it_is_the_same_each_time(db):
    with context.company(loading.load(now=NOW).pk):
        first = snapshot()
    for username, user in ((user.username, user) for user in User.objects.all()):
        user.username, user.email = f"oud-{username}", ""
        user.save()
    EmailAddress.objects.all().delete()

    with context.company(loading.load(now=NOW).pk):
        assert snapshot() == first


@pytest.mark.parametrize("day", ["2026-01-01", "2027-02-28", "2028-02-29", "2026-11-01"])
def test_it_can_be_made_on_any_day_and_at_any_hour(db, no_photos, day):
    midnight = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo("Europe/Amsterdam")) + timedelta(minutes=1)

    with context.company(loading.load(now=midnight).pk):
        assert not WorkOrder.objects.filter(completed_at__gt=midnight).exists()
        assert not WorkOrder.objects.filter(created_at__gt=midnight).exists()
        assert not Invoice.objects.filter(issued_on__gte=midnight.date()).exists()
        per_year = Counter(number[:4] for number in Invoice.objects.values_list("number", flat=True))
        for year, count in per_year.items():
            assert Invoice.objects.filter(number=f"{year}-{count:04}").exists()


def test_a_second_time_it_says_that_it_is_there(glans, capsys):
    call_command("demo")

    assert "already exists" in capsys.readouterr().out
    assert len(company_ids(Company)) == 1


def test_where_there_is_a_company_nothing_is_made_if_empty(company, capsys):
    call_command("demo", if_empty=True)

    assert capsys.readouterr().out == ""
    assert len(company_ids(Company)) == 1


def test_where_there_is_none_it_is_made_for_today(db, no_photos, capsys):
    call_command("demo", if_empty=True)

    [pk] = company_ids(Company)
    with context.company(pk):
        assert WorkOrder.objects.for_day(timezone.localdate()).count() >= 10
    assert PASSWORD in capsys.readouterr().out
