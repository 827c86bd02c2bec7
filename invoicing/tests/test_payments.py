"""Betalingen by hand: whole, in parts, too much, back; each counted once and taken back when it was wrong."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from invoicing import payments
from invoicing.collecting import issue_invoice
from invoicing.crediting import issue_credit_note
from invoicing.models import Invoice, Payment
from tests.forms_of_pages import forms_on

from .given import finished_order


@pytest.fixture
def invoice(owner, garage):
    """Of € 121.00."""
    return issue_invoice(garage, [finished_order(garage, "100.00", by=owner.membership)], by=owner.membership)


def typed(**fields):
    today = timezone.localdate().isoformat()
    return {"amount": "121,00", "paid_on": today, "method": "bank", "note": "", "key": uuid4()} | fields


def pay(client, invoice, **fields):
    response = client.post(reverse("invoicing:pay", args=[invoice.pk]), typed(**fields))
    invoice.refresh_from_db()
    return response


def page(client, invoice):
    return client.get(reverse("invoicing:detail", args=[invoice.pk]))


def test_an_invoice_is_paid(owner, invoice):
    assertContains(page(owner, invoice), 'value="121,00"')

    pay(owner, invoice, method="card", note="Aan de balie")

    assert (invoice.status, invoice.paid_on, invoice.open_total) == ("paid", timezone.localdate(), 0)
    for said in ("Pin", "Aan de balie"):
        assertContains(page(owner, invoice), said)


def test_in_parts_and_then_wholly(owner, invoice):
    pay(owner, invoice, amount="21,00")
    assert (invoice.status, invoice.paid_on, invoice.open_total) == ("partly", None, Decimal("100.00"))
    assertContains(page(owner, invoice), "nog €\xa0100,00 te betalen")

    pay(owner, invoice, amount="100,00")

    assert invoice.status == "paid"
    assert invoice.payments.count() == 2


def test_too_much_is_said_and_paid_back(owner, invoice):
    pay(owner, invoice, amount="131,00")
    assert invoice.status == "paid"
    assertContains(page(owner, invoice), "€\xa010,00 te veel betaald")

    pay(owner, invoice, amount="10,00", goes_back="on")

    assert (invoice.open_total, invoice.paid_total) == (0, Decimal("121.00"))
    assertNotContains(page(owner, invoice), "te veel betaald")


def test_pressing_twice_pays_once(owner, invoice):
    key = uuid4()

    for _press in range(2):
        pay(owner, invoice, amount="21,00", key=key)

    assert invoice.paid_total == Decimal("21.00")


def test_a_wrong_one_is_taken_away_after_asking(owner, invoice):
    pay(owner, invoice)
    address = reverse("invoicing:payment-remove", args=[invoice.payments.get().pk])

    assertContains(owner.get(address), "staat dan weer voor dat bedrag open")
    assert invoice.payments.exists()
    owner.post(address)

    invoice.refresh_from_db()
    assert (invoice.status, invoice.paid_on, invoice.paid_total) == ("open", None, 0)


def test_a_setting_off_is_not_taken_away(owner, invoice):
    issue_credit_note(invoice, invoice.lines.all(), reason="x", release=False, by=owner.membership)
    payment = invoice.payments.get()

    with pytest.raises(payments.NotRemovable):
        payments.remove(payment)
    assert owner.post(reverse("invoicing:payment-remove", args=[payment.pk])).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("paid_on", ""),
        ("paid_on", "gisteren"),
        ("paid_on", "31-02-2026"),
        ("paid_on", "2999-01-01"),
        ("paid_on", "2000-01-01"),
        ("paid_on", "\x00"),
        ("amount", ""),
        ("amount", "0"),
        ("amount", "-5"),
        ("amount", "veel"),
        ("amount", "9" * 30),
        ("method", "credit"),
        ("method", "goud"),
        ("note", "x" * 141),
        ("key", "x"),
    ],
)
def test_what_cannot_be_is_refused_at_the_field(owner, invoice, field, value):
    response = pay(owner, invoice, **{field: value})

    assert response.status_code == 422
    assert response.context["form"].errors[field]
    assert not Payment.objects.exists()


@pytest.mark.parametrize("role", ["employee", "customer"])
def test_only_the_owner_writes_it_down(request, owner, invoice, role):
    client = request.getfixturevalue(role)
    pay(owner, invoice, amount="1,00")
    if role == "customer":
        Invoice.objects.update(customer=client.membership.customer)

    assert pay(client, invoice).status_code == 403
    assert client.post(reverse("invoicing:payment-remove", args=[invoice.payments.get().pk])).status_code == 403


def test_a_customer_sees_the_payments_of_the_own_invoices(owner, invoice, customer):
    pay(owner, invoice, amount="21,00")
    assert customer.get(reverse("invoicing:detail", args=[invoice.pk])).status_code == 404
    Invoice.objects.update(customer=customer.membership.customer)

    assertContains(page(customer, invoice), "€\xa021,00")


def test_the_balance_of_a_customer_is_what_is_still_open(owner, invoice, garage):
    pay(owner, invoice, amount="21,00")

    balance = owner.get(reverse("customer-file", args=[garage.pk])).context["balance"]

    assert (balance["open"], balance["overdue"]) == (Decimal("100.00"), 0)


def test_paid_since_the_last_payment(owner, invoice):
    today = timezone.localdate()
    for amount, days in ((Decimal("100.00"), 2), (Decimal("21.00"), 1)):
        payments.register(invoice, amount, on=today + timedelta(days=days), method="bank", by=owner.membership)
    invoice.refresh_from_db()

    assert invoice.paid_on == today + timedelta(days=2)


# --- twenty tabs -------------------------------------------------------------------------------------------------------


def test_twenty_tabs_do_not_book_twenty_payments_in_silence(owner, invoice):
    tabs = [next(form for form in forms_on(page(owner, invoice), "/") if form.action.endswith("/betaald/")) for _ in range(20)]

    answers = [tab.send(owner).status_code for tab in tabs]

    assert answers == [302] + [422] * 19
    invoice.refresh_from_db()
    assert invoice.paid_total == Decimal("121.00")


def test_a_part_that_was_booked_in_another_tab_is_told_and_kept(owner, invoice):
    tabs = [next(form for form in forms_on(page(owner, invoice), "/") if form.action.endswith("/betaald/")) for _ in range(2)]
    tabs[0].choose({"amount": "20,00"}).send(owner)

    response = tabs[1].choose({"amount": "20,00", "note": "Ook twintig"}).send(owner)

    assertContains(response, "Intussen is er iets geboekt: nog open is €\xa0101,00", status_code=422)
    assertContains(response, "Ook twintig", status_code=422)
    (again,) = [form for form in forms_on(response, "/") if form.action.endswith("/betaald/")]
    assert again.send(owner).status_code == 302
    invoice.refresh_from_db()
    assert invoice.paid_total == Decimal("40.00")


def test_money_for_a_paid_invoice_is_asked_about_first(owner, invoice):
    pay(owner, invoice)

    assertContains(pay(owner, invoice), "al betaald. Vink dit aan", status_code=422)
    assert invoice.paid_total == Decimal("121.00")

    assert pay(owner, invoice, once_more="on").status_code == 302
    assert invoice.paid_total == Decimal("242.00")


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("121,00", "2026-0001 is betaald."),
        ("21,00", "is genoteerd; nog open is €\xa0100,00."),
        ("131,00", "is betaald; er is €\xa010,00 te veel ontvangen."),
    ],
)
def test_what_is_said_of_a_payment_is_so(owner, invoice, amount, said):
    pay(owner, invoice, amount=amount)

    assertContains(page(owner, invoice), said)
