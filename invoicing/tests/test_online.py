"""Online betalen by Mollie, against a server that behaves like it: what it says later is asked for, believed once, and compared."""

from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from cleanconnect import jobs
from cleanconnect.jobs import Job
from cleanconnect.outside import Unavailable
from cleanconnect.sealing import Unreadable, seal, unseal
from cleanconnect.tenancy import context
from invoicing import payments, tasks
from invoicing.collecting import issue_invoice
from invoicing.crediting import issue_credit_note
from invoicing.models import OnlinePayment, Payment, PaymentAccount
from invoicing.online import links, paying
from notifications.models import Message
from tests.mollie_server import KEY

from .given import ADDRESS, finished_order


@pytest.fixture
def invoice(owner, garage):
    """Of € 121.00."""
    return issue_invoice(garage, [finished_order(garage, "100.00", by=owner.membership)], by=owner.membership)


@pytest.fixture
def fetched(monkeypatch):
    """The nudges to ask Mollie, instead of the queue."""
    sent = []
    monkeypatch.setattr("invoicing.tasks.fetch_online_payment.delay", lambda *args: sent.append(args))
    return sent


def path_of(invoice):
    return urlsplit(invoice.link).path


def start(invoice):
    """The customer, not logged in, presses *Betaal*; the payment that it starts."""
    response = Client().post(path_of(invoice))
    assert response.status_code == 302, response.content
    return OnlinePayment.objects.latest("pk")


def said(server, online):
    """Mollie calls the webhook that it was given."""
    address = urlsplit(server.payments[online.mollie_id]["webhookUrl"]).path
    return Client().post(address, {"id": online.mollie_id})


def told(invoice, online):
    """What Mollie said was fetched: the invoice and the payment as they are then."""
    jobs.add(tasks.fetch_online_payment, online)
    tasks.fetch_online_payment(invoice.company_id, online.pk)
    invoice.refresh_from_db()
    online.refresh_from_db()
    return invoice


def test_a_customer_pays_by_the_link(account, server, invoice, fetched, django_capture_on_commit_callbacks):
    page = Client().get(path_of(invoice))
    assertContains(page, "Betaal €\xa0121,00")
    assert "mollie.com" in page["Content-Security-Policy"]

    response = Client().post(path_of(invoice))
    online = OnlinePayment.objects.get()
    assert response.url == server.payments[online.mollie_id]["_links"]["checkout"]["href"]
    assert server.payments[online.mollie_id]["amount"] == {"currency": "EUR", "value": "121.00"}
    assert invoice.number in server.payments[online.mollie_id]["description"]

    server.pay(online.mollie_id)
    with django_capture_on_commit_callbacks(execute=True):
        assert said(server, online).status_code == 200
    assert fetched == [(invoice.company_id, online.pk)]
    told(invoice, online)

    payment = invoice.payments.get()
    assert (payment.amount, payment.method, payment.received_on) == (Decimal("121.00"), "link", date(2026, 11, 21))
    assert (invoice.status, online.state, online.news_at) == ("paid", "paid", None)
    assertContains(Client().get(path_of(invoice)), "Dank u wel")


def test_the_webhook_proves_nothing_and_repeats_book_once(account, server, invoice):
    online = start(invoice)

    for _call in range(2):
        said(server, online)
        told(invoice, online)
    assert invoice.paid_total == 0

    server.pay(online.mollie_id)
    for _call in range(3):
        said(server, online)
        told(invoice, online)

    assert invoice.payments.count() == 1


def test_a_refund_and_a_chargeback_are_booked_once_each(account, server, invoice):
    online = start(invoice)
    server.pay(online.mollie_id)
    told(invoice, online)

    for name, value in (("amountRefunded", "21.00"), ("amountChargedBack", "100.00")):
        server.give_back(online.mollie_id, value, name)
        for _call in range(2):
            told(invoice, online)

    assert [payment.amount for payment in invoice.payments.all()] == [Decimal("121.00"), Decimal("-21.00"), Decimal("-100.00")]
    assert (invoice.open_total, online.returned_total) == (Decimal("121.00"), Decimal("121.00"))
    told(invoice, online)
    assert invoice.payments.count() == 3


def test_a_refund_that_we_hear_of_together_with_the_payment(account, server, invoice):
    online = start(invoice)
    server.pay(online.mollie_id)
    server.give_back(online.mollie_id, "121.00")

    for _call in range(2):
        told(invoice, online)

    assert [payment.amount for payment in invoice.payments.order_by("pk")] == [Decimal("121.00"), Decimal("-121.00")]


def test_a_chargeback_that_is_reversed_comes_in_again(account, server, invoice):
    online = start(invoice)
    server.pay(online.mollie_id)
    server.give_back(online.mollie_id, "121.00", "amountChargedBack")
    told(invoice, online)

    server.give_back(online.mollie_id, "0.00", "amountChargedBack")
    told(invoice, online)

    assert invoice.paid_total == Decimal("121.00")


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": {"currency": "EUR", "value": "1.21"}},
        {"amount": {"currency": "USD", "value": "121.00"}},
        {"metadata": {"uid": "00000000-0000-0000-0000-000000000000"}},
        {"metadata": None},
        {"id": "tr_other"},
    ],
)
def test_what_is_not_ours_is_not_booked_and_the_owner_is_told(owner, account, server, invoice, wrong):
    online = start(invoice)
    server.pay(online.mollie_id, **wrong)

    told(invoice, online)

    assert (online.state, invoice.paid_total) == ("wrong", 0)
    assertContains(owner.get(reverse("invoicing:online")), "verwacht was 121.00 EUR")


@pytest.mark.parametrize("status", ["canceled", "expired", "failed"])
def test_who_breaks_off_may_try_again(account, server, invoice, status):
    online = start(invoice)
    server.payments[online.mollie_id]["status"] = status
    told(invoice, online)

    page = Client().get(f"{path_of(invoice)}?betaling={online.uid}")

    assertContains(page, "niet gelukt of afgebroken")
    assert start(invoice).mollie_id != online.mollie_id


def test_coming_back_before_the_news_waits_and_asks(account, server, invoice, fetched, django_capture_on_commit_callbacks):
    online = start(invoice)
    address = f"{path_of(invoice)}?betaling={online.uid}"

    with django_capture_on_commit_callbacks(execute=True):
        page = Client().get(address)

    assertContains(page, "We wachten op bericht van uw bank")
    assert fetched == [(invoice.company_id, online.pk)]
    server.pay(online.mollie_id)
    told(invoice, online)
    part = Client().get(address, headers={"HX-Request": "true"})
    assertContains(part, "Deze factuur is betaald")
    assertNotContains(part, "<html")


def test_a_second_press_goes_to_the_same_payment(account, server, invoice):
    assert start(invoice) == start(invoice)
    assert len(server.payments) == 1


def test_after_a_part_payment_the_rest_is_asked(owner, account, server, invoice):
    first = start(invoice)
    payments.register(invoice, Decimal("21.00"), on=timezone.localdate(), method=Payment.Method.BANK, by=owner.membership)

    second = start(invoice)

    assert second != first
    assert server.payments[second.mollie_id]["amount"]["value"] == "100.00"


def test_both_payments_of_one_invoice_count(account, server, invoice):
    first = start(invoice)
    OnlinePayment.objects.update(created_at=timezone.now() - timedelta(hours=1))
    second = start(invoice)
    for online in (second, first):
        server.pay(online.mollie_id)
        told(invoice, online)

    assert invoice.overpaid == Decimal("121.00")


@pytest.mark.parametrize("fault", [401, 429, 500, 503])
def test_when_mollie_fails_nothing_is_started_and_the_bank_remains(account, server, invoice, fault):
    server.fault = fault

    response = Client().post(path_of(invoice))

    assertContains(response, "Online betalen lukt nu niet", status_code=503)
    assert not OnlinePayment.objects.exists()


def test_news_that_could_not_be_fetched_is_fetched_later(account, server, invoice, fetched):
    online = start(invoice)
    server.pay(online.mollie_id)
    said(server, online)
    server.fault = 500
    assert told(invoice, online).paid_total == 0
    assert online.news_at

    server.fault = None
    Job.objects.update(due_at=Now(), nudged_at=None)
    jobs.sweep()

    assert fetched == [(invoice.company_id, online.pk)]
    assert told(invoice, online).status == "paid"
    jobs.sweep()
    assert len(fetched) == 1


def test_a_payment_of_which_mollie_never_told_is_asked_for_after_an_hour(account, server, invoice, fetched):
    online = start(invoice)
    jobs.sweep()
    assert fetched == []

    Job.objects.of(tasks.fetch_online_payment, online).filter(due_at__gt=Now() + timedelta(minutes=59)).update(due_at=Now())
    jobs.sweep()

    assert fetched == [(invoice.company_id, online.pk)]


def test_the_webhook_gives_nothing_away(account, server, invoice, company):
    online = start(invoice)
    right = urlsplit(links.webhook(online)).path

    answers = {
        Client().post(address, {"id": mollie_id}).status_code
        for address in (right, right.replace(f"/{online.pk}/", "/999999/"), right[:-5] + "xxxx/")
        for mollie_id in (online.mollie_id, "tr_unknown", "")
    }

    assert answers == {200}
    assert Client().get(right).status_code == 405


def test_a_link_opens_its_invoice_only(account, server, invoice, neighbour):
    right = path_of(invoice)
    company, pk = invoice.company_id, invoice.pk

    for wrong in (
        right.replace(f"/{pk}/", f"/{pk + 1}/"),
        right.replace(f"/{company}/", f"/{neighbour.company.pk}/"),
        right[:-3] + "xx/",
        right.replace(f"/{pk}/", f"/{10**30}/"),
    ):
        assert Client().get(wrong).status_code == 404


def test_what_need_not_be_paid_is_not_asked(owner, account, server, invoice):
    issue_credit_note(invoice, invoice.lines.all(), reason="Dubbel", release=False, by=owner.membership)

    assertContains(Client().get(path_of(invoice)), "is gecrediteerd")
    assert Client().post(path_of(invoice)).status_code == 302
    assert server.payments == {}


def test_without_an_account_the_page_tells_how_to_transfer(server, invoice):
    page = Client().get(path_of(invoice))

    assertContains(page, "NL91 ABNA 0417 1643 00")
    assertNotContains(page, "<form")


def test_the_mail_holds_the_link(account, invoice):
    tasks.make_pdf(invoice.company_id, invoice.pk)

    assert invoice.link in Message.objects.get(event="invoice").text


def test_without_an_account_the_mail_holds_none(invoice):
    tasks.make_pdf(invoice.company_id, invoice.pk)

    assert "/betalen/" not in Message.objects.get(event="invoice").text


def test_a_customer_who_is_logged_in_finds_the_button(owner, customer, seller, account):
    buyer = customer.membership.customer
    for field, value in ADDRESS.items():
        setattr(buyer, field, value)
    buyer.save()
    own = issue_invoice(buyer, [finished_order(buyer, "10.00", by=owner.membership)], by=owner.membership)

    assertContains(customer.get(reverse("invoicing:detail", args=[own.pk])), own.link)


def test_the_owner_connects_an_account(owner, server):
    response = owner.post(reverse("invoicing:online"), {"key": KEY}, follow=True)

    assertContains(response, f"test …{KEY[-4:]}")
    assertNotContains(response, KEY)
    assert PaymentAccount.objects.get().key == KEY
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed_key FROM invoicing_paymentaccount")
        assert KEY not in cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("", "verplicht"),
        ("sleutel", "begint met live_ of test_"),
        ("live_" + "a" * 30, "Mollie kent deze sleutel niet"),
    ],
)
def test_a_wrong_key_is_refused_at_its_field(owner, server, key, said):
    response = owner.post(reverse("invoicing:online"), {"key": key})

    assertContains(response, said, status_code=422)
    assert not PaymentAccount.objects.exists()


def test_a_key_that_cannot_be_tried_is_not_kept(owner, server):
    server.fault = 503

    assertContains(owner.post(reverse("invoicing:online"), {"key": KEY}), "antwoordt nu niet", status_code=422)


def test_the_account_is_taken_away_after_asking(owner, account):
    assertContains(owner.get(reverse("invoicing:online-remove")), "De sleutel wordt gewist")

    owner.post(reverse("invoicing:online-remove"))

    assert not PaymentAccount.objects.exists()


def test_an_online_payment_is_not_removed_by_hand(owner, account, server, invoice):
    online = start(invoice)
    server.pay(online.mollie_id)
    told(invoice, online)

    assert owner.post(reverse("invoicing:payment-remove", args=[invoice.payments.get().pk])).status_code == 404


def test_what_was_sealed_opens_with_an_older_key_of_the_server_and_with_no_other(settings):
    settings.SECRET_KEY = "oud"
    sealed = seal("geheim")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "nieuw", ["oud"]
    assert unseal(sealed) == "geheim"

    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(Unreadable):
        unseal(sealed)


def test_an_account_that_cannot_be_read_is_as_one_that_does_not_work(account, server, invoice, settings):
    settings.SECRET_KEY = "een andere sleutel"

    with pytest.raises(Unavailable), context.company(invoice.company_id):
        paying.start(invoice)
