"""The link to pay an invoice: it ends a month after there is nothing to pay, and the owner revokes it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from invoicing import payments
from invoicing.collecting import issue_invoice
from invoicing.crediting import issue_credit_note
from invoicing.models import Invoice, Payment
from invoicing.sending import how_to_pay

from .given import finished_order
from .test_online import path_of, said, start, told

ENDED = "Deze link werkt niet meer"


@pytest.fixture
def invoice(owner, garage):
    """Of € 121.00."""
    return issue_invoice(garage, [finished_order(garage, "100.00", by=owner.membership)], by=owner.membership)


@pytest.fixture(autouse=True)
def reachable(company):
    company.phone = "030 123 45 67"
    company.save()


def days_ago(days):
    return timezone.localdate() - timedelta(days=days)


def assert_ended(path):
    for page in (Client().get(path), Client().post(path)):
        for text in (ENDED, "Glans", "030 123 45 67"):
            assertContains(page, text, status_code=410)
        for text in ("Garage Bakker", "121,00", "Factuurdatum"):
            assertNotContains(page, text, status_code=410)


def test_who_just_paid_sees_it_and_a_month_later_the_link_has_ended(account, server, invoice):
    online = start(invoice)
    server.pay(online.mollie_id, paidAt=timezone.now().isoformat())
    told(invoice, online)
    assertContains(Client().get(f"{path_of(invoice)}?betaling={online.uid}"), "Deze factuur is betaald")

    Invoice.objects.update(paid_on=days_ago(30))
    assertContains(Client().get(path_of(invoice)), "Deze factuur is betaald")
    Invoice.objects.update(paid_on=days_ago(31))

    assert_ended(path_of(invoice))


def test_of_a_credited_invoice_it_ends_a_month_later(owner, invoice):
    issue_credit_note(invoice, invoice.lines.all(), reason="Dubbel", release=False, by=owner.membership)
    assertContains(Client().get(path_of(invoice)), "is gecrediteerd")
    credited = Invoice.objects.get(pk=invoice.pk)

    credited.credited_on, credited.paid_on = days_ago(31), None

    assert not credited.link_works
    credited.credited_on = days_ago(30)
    assert credited.link_works


def test_of_an_invoice_that_nobody_paid_it_ends_when_the_claim_has_lapsed(invoice):
    invoice.due_on = days_ago(5 * 365)
    assert invoice.link_works

    invoice.due_on = days_ago(5 * 365 + 1)

    assert not invoice.link_works


def test_a_credit_note_and_one_that_was_forgotten_have_no_page(owner, invoice):
    note = issue_credit_note(invoice, invoice.lines.all(), reason="Dubbel", release=False, by=owner.membership)
    invoice.forgotten_at = timezone.now()

    assert not invoice.link_works
    assert_ended(path_of(note))


def test_mollies_news_is_booked_long_after_the_link_ended(account, server, invoice, owner):
    online = start(invoice)
    payments.register(invoice, invoice.gross_total, on=days_ago(40), method=Payment.Method.BANK, by=owner.membership)
    owner.post(reverse("invoicing:revoke-link", args=[invoice.pk]))
    assert_ended(path_of(invoice))

    server.pay(online.mollie_id)
    assert said(server, online).status_code == 200
    told(invoice, online)

    assert (online.state, invoice.overpaid) == ("paid", invoice.gross_total)


def test_the_owner_revokes_it_after_being_asked_and_makes_a_new_one(account, server, invoice, owner, employee):
    before, detail, revoke, renew = (
        path_of(invoice),
        *(reverse(f"invoicing:{name}", args=[invoice.pk]) for name in ("detail", "revoke-link", "renew-link")),
    )
    assertContains(owner.get(detail), revoke)
    assertContains(owner.get(revoke), "niet meer bekijken of online betalen")
    assert {employee.post(revoke).status_code, employee.post(renew).status_code} == {403}
    assert owner.post(renew).status_code == 404
    assert Client().get(before).status_code == 200

    page = owner.post(revoke, follow=True)

    assertContains(page, "De betaallink van Factuur")
    assertContains(page, "Ingetrokken op")
    assertNotContains(page, before)
    assert_ended(before)
    invoice.refresh_from_db()
    assert how_to_pay(invoice) is None
    assert server.payments == {}
    assertContains(owner.post(renew, follow=True), "nieuwe betaallink")
    invoice.refresh_from_db()
    assert_ended(before)
    assert start(invoice).state == "open"
    assert invoice.link in how_to_pay(invoice).values["url"]


def test_no_new_one_is_made_of_what_has_ended(account, invoice, owner):
    owner.post(reverse("invoicing:revoke-link", args=[invoice.pk]))
    Invoice.objects.update(paid_on=days_ago(31))

    response = owner.post(reverse("invoicing:renew-link", args=[invoice.pk]))

    assert response.status_code == 404
    assertNotContains(owner.get(reverse("invoicing:detail", args=[invoice.pk])), "Nieuwe link maken")


def test_a_company_that_is_not_paid_online_sees_no_link(owner, invoice):
    assertNotContains(owner.get(reverse("invoicing:detail", args=[invoice.pk])), reverse("invoicing:revoke-link", args=[invoice.pk]))
