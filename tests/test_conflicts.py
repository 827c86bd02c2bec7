"""Different work at the same moment: transactions wait for each other in one order, and one that is ended all the same is done again."""

from contextlib import ExitStack, suppress
from decimal import Decimal
from threading import Barrier, BrokenBarrierError
from uuid import uuid4

import pytest
from django.contrib import messages
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone

from accounts.models import Company
from bookkeeping import exporting
from bookkeeping.models import BookedInvoice, BookExport
from cleanconnect.celery import app
from cleanconnect.permissions import requires
from cleanconnect.tenancy import context
from customers.models import Customer
from invoicing import collecting, crediting, payments, runs, sending
from invoicing.debit import collecting as debits
from invoicing.models import DebitBatch, Invoice, InvoiceRun, Mandate, Payment
from invoicing.refunds import paying_back
from invoicing.tests.given import buyer, complete, finished_order
from invoicing.tests.test_numbering import all_at_once
from quotes import offering
from quotes.models import Quote
from tests.factories import CustomerFactory, MembershipFactory

pytestmark = pytest.mark.django_db(transaction=True)


# --- one that PostgreSQL ends is done again -------------------------------------------------------------------------


class Crossing:
    """Makes sure that two requests hold their first row before either asks for the second: a deadlock."""

    def __init__(self):
        self.both_hold_one = Barrier(2)
        self.tries = []

    def wait(self):
        try:
            self.both_hold_one.wait(timeout=30)
        except BrokenBarrierError:
            return
        self.both_hold_one.abort()  # the second try goes on by itself


crossing = None


@requires("customers.manage")
def note_two(request, first, second):
    crossing.tries.append(first)
    for pk in (first, second):
        customer = Customer.objects.select_for_update(no_key=True).get(pk=pk)
        customer.note += "x"
        customer.save(update_fields=["note"])
        if pk == first:
            crossing.wait()
    messages.success(request, "genoteerd")
    request.session["noted"] = request.session.get("noted", 0) + 1
    return HttpResponse("genoteerd")


urlpatterns = [path("noteer/<int:first>/<int:second>/", note_two)]


@pytest.fixture
def shop():
    """`(company, owner)`, committed."""
    company = Company.objects.found(name="Glans", creditor_id="NL98ZZZ123456780000", start_guide_done_at=timezone.now())
    with context.company(company.pk):
        complete(company)
        return company, MembershipFactory(role="owner")


def test_of_two_requests_that_wait_for_each_other_the_ended_one_is_answered_all_the_same(shop, settings):
    global crossing
    crossing, settings.ROOT_URLCONF = Crossing(), __name__
    company, owner = shop
    with context.company(company.pk):
        pks = [CustomerFactory(name=name).pk for name in ("Een", "Twee")]
    clients, answers = [Client(), Client()], {}
    for client in clients:
        client.force_login(owner.user, backend="accounts.backends.AuthenticationBackend")

    def post(i):
        answers[i] = clients[i].post("/noteer/{}/{}/".format(*(pks if i else pks[::-1])))

    raised = all_at_once(2, post)

    assert raised == [None, None]
    assert [answers[i].status_code for i in range(2)] == [200, 200]
    assert len(crossing.tries) == 3
    assert [client.session["noted"] for client in clients] == [1, 1]
    assert [len(list(messages.get_messages(answers[i].wsgi_request))) for i in range(2)] == [1, 1]
    with context.company(company.pk):
        assert list(Customer.objects.values_list("note", flat=True)) == ["xx", "xx"]


def test_of_two_tasks_that_wait_for_each_other_the_ended_one_is_queued_again(shop, monkeypatch):
    company, _owner = shop
    with context.company(company.pk):
        pks = [CustomerFactory(name=name).pk for name in ("Een", "Twee")]
    waiting, again = Crossing(), []

    @app.task(shared=False)
    def note_both(first, second):
        with context.company(company.pk):
            for pk in (first, second):
                Customer.objects.select_for_update(no_key=True).get(pk=pk)
                if pk == first:
                    waiting.wait()

    monkeypatch.setattr(note_both, "retry", lambda **kwargs: again.append(kwargs) or RuntimeError("queued"))

    def work(i):
        note_both.push_request(called_directly=False, retries=0)
        note_both(*(pks if i else pks[::-1]))

    raised = all_at_once(2, work)

    assert sorted(type(error).__name__ for error in raised) == ["NoneType", "RuntimeError"]
    assert [kwargs["countdown"] for kwargs in again] == [2]


# --- different work in one order of locks -----------------------------------------------------------------------------

LINE = {"description": "Poetsen", "quantity": 1, "unit_price": Decimal("25.00"), "discount": Decimal(0), "vat_rate": "21"}
EACH = 6  # of every kind of work


class Month:
    """All kinds of work of a month's end, ready to be done: `work[kind](n)` does the n-th of a kind."""

    def __init__(self, owner):
        self.owner, self.today = owner, timezone.localdate()
        self.customer = buyer()
        self.orders = [finished_order(self.customer, "25.00", by=owner) for _ in range(EACH)]
        self.to_credit, self.to_pay, self.to_print = ([self.invoice() for _ in range(EACH)] for _ in range(3))
        payer = buyer(name="Incasso BV", payment_term_days=0)
        Mandate.objects.create(
            customer=payer, reference="M1", holder="Incasso", iban="NL91ABNA0417164300", signed_on=self.today, created_by=owner
        )
        self.to_collect = [self.invoice(payer) for _ in range(EACH)]
        self.to_refund = [self.invoice() for _ in range(EACH)]
        for invoice in self.to_refund:
            payments.register(invoice, Decimal("40.25"), on=self.today, method=Payment.Method.BANK, by=owner)
        self.run = InvoiceRun.objects.create(until=self.today, created_by=owner, state=InvoiceRun.State.RUNNING)
        for number in range(EACH):
            order = finished_order(buyer(name=f"Van de ronde {number}"), "25.00", by=owner)
            proposal = self.run.proposals.create(customer=order.customer, title="nu", net=Decimal("25.00"))
            proposal.proposed_orders.create(order=order)
        self.work = {
            "order": lambda n: collecting.issue_invoice(self.customer, [self.orders[n]], by=owner),
            "free": lambda n: self.invoice(),
            "credit": self.credit,
            "run": lambda n: runs.issue_next(self.run.pk),
            "pdf": self.pdf,
            "export": self.export,
            "debit": lambda n: debits.make_batch([self.to_collect[n]], collect_on=debits.first_bank_day(self.today), by=owner),
            "payment": lambda n: payments.register(self.to_pay[n], Decimal("30.25"), on=self.today, method=Payment.Method.CARD, by=owner),
            "quote": self.quote,
            "refund": self.refund,
        }

    def invoice(self, customer=None):
        return collecting.issue_free_invoice(customer or self.customer, [dict(LINE)], by=self.owner, key=uuid4())

    def pdf(self, n):
        invoice = Invoice.objects.select_for_update(no_key=True).get(pk=self.to_print[n].pk)
        sending.make_pdf(invoice, undo=ExitStack())

    def credit(self, n):
        lines = list(self.to_credit[n].lines.all())
        crediting.issue_credit_note(self.to_credit[n], lines, reason="Vergissing", release=False, by=self.owner)

    def export(self, n):
        with suppress(exporting.NothingToExport):
            exporting.start((BookExport.Kind.CSV, BookExport.Kind.XAF)[n % 2], self.today, self.today, by=self.owner)

    def refund(self, n):
        account = paying_back.Account("Garage", "NL91ABNA0417164300")
        paying_back.book(paying_back.make_batch({self.to_refund[n]: account}, pay_on=self.today, by=self.owner), by=self.owner)

    def quote(self, n):
        quote = Quote(customer=self.customer, subject="Offerte", valid_until=self.today, key=uuid4())
        offering.send(offering.save(quote, [dict(LINE)], by=self.owner))


def test_all_kinds_of_work_of_a_months_end_at_once_wait_for_each_other_and_lose_nothing(shop, monkeypatch):
    company, owner = shop
    for task in ("invoicing.tasks.make_pdf", "bookkeeping.tasks.make_file", "notifications.tasks.deliver"):
        monkeypatch.setattr(f"{task}.delay", lambda *args: None)
    with context.company(company.pk):
        month = Month(owner)
        before = Invoice.objects.count()
    kinds = [*month.work] * 2

    def work(i):
        half = i // len(month.work) * EACH // 2
        for n in range(half, half + EACH // 2):
            with context.company(company.pk):
                month.work[kinds[i]](n)

    raised = all_at_once(len(kinds), work)

    assert [(kind, error) for kind, error in zip(kinds, raised, strict=True) if error] == []
    with context.company(company.pk):
        numbers = sorted(int(number.rpartition("-")[2]) for number in Invoice.objects.values_list("number", flat=True))
        assert numbers == list(range(1, before + 4 * EACH + 1))
        assert set(month.run.proposals.values_list("state", flat=True)) == {"issued"}
        assert Quote.objects.filter(state="sent").count() == EACH
        assert DebitBatch.objects.count() == EACH
        assert not paying_back.to_pay_back().exists()
        assert Payment.objects.filter(method=Payment.Method.CARD).count() == EACH
        assert Invoice.objects.exclude(pdf="").count() == EACH
        assert BookedInvoice.objects.exists()
