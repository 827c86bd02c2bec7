"""Terugbetalen: what customers get back is in one list, goes to the bank in a file, and is booked once."""

from decimal import Decimal

import pytest
from django.db.models import F, Sum
from django.urls import reverse
from django.utils import timezone
from lxml import etree
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import Company
from invoicing import payments
from invoicing.collecting import issue_invoice
from invoicing.crediting import issue_credit_note
from invoicing.debit import collecting
from invoicing.models import BankLine, Debit, DebitBatch, Invoice, Mandate, RefundBatch
from invoicing.open_items import customers_with_open
from invoicing.refunds.paying_back import Account, NotRefundable, accounts_of, book, make_batch, to_pay_back

from .given import buyer, finished_order

PAGE = reverse("invoicing:refunds")
IBAN = "NL13TEST0123456789"
SPACE = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}


def issued(customer, owner, price="100.00"):
    return issue_invoice(customer, [finished_order(customer, price, by=owner.membership)], by=owner.membership)


def pay(invoice, amount, owner, **how):
    payments.register(invoice, Decimal(amount), on=timezone.localdate(), method="bank", by=owner.membership, **how)
    invoice.refresh_from_db()


def overpaid(customer, owner, too_much="9.00"):
    invoice = issued(customer, owner)
    pay(invoice, invoice.gross_total + Decimal(too_much), owner)
    return invoice


def credited(invoice, owner):
    return issue_credit_note(invoice, invoice.lines.all(), reason="Fout", release=False, by=owner.membership)


def a_bank_day(monkeypatch):
    monkeypatch.setattr("invoicing.refunds.forms.is_bank_day", lambda day: True)


def typed(*invoices, **fields):
    found = {"invoices": [invoice.pk for invoice in invoices], "pay_on": timezone.localdate().isoformat()}
    for invoice in invoices:
        found |= {f"holder_{invoice.pk}": "G. Bakkèr & Zn.", f"iban_{invoice.pk}": "nl13 test 0123 4567 89"}
    return found | fields


def values(xml, path):
    return [node.text for node in etree.fromstring(xml.encode()).iterfind(f".//p:{path.replace('/', '/p:')}", SPACE)]


def test_all_that_is_owed_to_customers_stands_in_the_list(owner, garage):
    too_much, paid, _open = overpaid(garage, owner), issued(garage, owner), issued(garage, owner)
    pay(paid, paid.gross_total, owner)
    note = credited(paid, owner)

    page = owner.get(PAGE)

    assert list(to_pay_back()) == [too_much, note]
    assertContains(page, "€\xa0130,00")
    assertContains(owner.get(reverse("invoicing:open-items")), "Terugbetalen (2)")


def test_what_was_credited_while_the_bank_collected_it_comes_into_it_once_the_money_came(owner, garage):
    invoice = issued(garage, owner)
    how = {"holder": "G. Bakker", "iban": IBAN, "signed_on": "2026-01-05", "reference": "M1", "created_by": owner.membership}
    mandate = Mandate.objects.create(customer=garage, **how)
    batch = DebitBatch.objects.create(reference="INC-1", collect_on=timezone.localdate(), xml="x", created_by=owner.membership)
    Debit.objects.create(batch=batch, invoice=invoice, mandate=mandate, amount=invoice.gross_total)
    credited(invoice, owner)
    assert not to_pay_back().exists()

    collecting.book(batch, by=owner.membership)

    assert [(one, one.overpaid) for one in to_pay_back()] == [(invoice, invoice.gross_total)]
    assert accounts_of(to_pay_back()) == {invoice.pk: Account("G. Bakker", IBAN)}


def test_it_goes_back_to_where_it_came_from(owner, garage):
    invoice, unknown = issued(garage, owner), overpaid(buyer(name="Zonder rekening"), owner)
    line = BankLine(
        booked_on=timezone.localdate(), amount=200, name="Bakker prive", iban=IBAN, fingerprint="x", imported_by=owner.membership
    )
    line.save()
    pay(invoice, "200.00", owner, bank_line=line)

    assert accounts_of([invoice, unknown]) == {invoice.pk: Account("Bakker prive", IBAN), unknown.pk: Account("Zonder rekening", "")}


def test_the_file_for_the_bank_and_its_booking(owner, garage, monkeypatch):
    a_bank_day(monkeypatch)
    first, second = overpaid(garage, owner), overpaid(garage, owner, "0.05")

    response = owner.post(PAGE, typed(first, second))

    batch = RefundBatch.objects.get()
    assert response.url == reverse("invoicing:refund-batch", args=[batch.pk])
    xml = owner.get(reverse("invoicing:refund-file", args=[batch.pk])).content.decode()
    assert values(xml, "InstdAmt") == ["9.00", "0.05"]
    assert values(xml, "GrpHdr/CtrlSum") == ["9.05"]
    assert values(xml, "EndToEndId") == [first.number, second.number]
    assert set(values(xml, "Cdtr/Nm")) == {"G. Bakker en Zn."}  # the signs that banks take
    assert set(values(xml, "CdtrAcct/Id/IBAN")) == {IBAN}
    assert set(values(xml, "DbtrAcct/Id/IBAN")) == {"NL91ABNA0417164300"}
    assert not to_pay_back().exists()
    for _twice in range(2):
        owner.post(reverse("invoicing:refund-book", args=[batch.pk]))
    assert not Invoice.objects.unpaid().exists()
    assertContains(owner.get(response.url), "Overgemaakt")


def test_what_was_paid_back_meanwhile_is_not_booked_twice(owner, garage):
    invoice = overpaid(garage, owner)
    batch = make_batch({invoice: Account("Bakker", IBAN)}, pay_on=timezone.localdate(), by=owner.membership)
    pay(invoice, "-4.00", owner)

    book(batch, by=owner.membership)

    invoice.refresh_from_db()
    assert invoice.open_total == 0


def test_a_batch_that_is_thrown_away_can_be_paid_back_anew(owner, garage):
    invoice = overpaid(garage, owner)
    batch = make_batch({invoice: Account("Bakker", IBAN)}, pay_on=timezone.localdate(), by=owner.membership)
    with pytest.raises(NotRefundable):
        make_batch({invoice: Account("Bakker", IBAN)}, pay_on=timezone.localdate(), by=owner.membership)

    owner.post(reverse("invoicing:refund-discard", args=[batch.pk]))

    assert list(to_pay_back()) == [invoice]


@pytest.mark.parametrize(
    ("fields", "at", "said"),
    [
        ({"iban": ""}, "iban", "Vul de IBAN in."),
        ({"iban": "NL13TEST0123456788"}, "iban", "IBAN"),
        ({"iban": "BR1800360305000010009795493C1"}, "iban", "SEPA"),
        ({"holder": ""}, "holder", "op wiens naam"),
        ({"holder": "💧💧"}, "holder", "kan deze naam niet lezen"),
        ({"pay_on": "2020-01-06"}, "pay_on", "al geweest"),
        ({"invoices": []}, "invoices", "ten minste één"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(owner, garage, monkeypatch, fields, at, said):
    a_bank_day(monkeypatch)
    invoice = overpaid(garage, owner)
    names = {name: f"{name}_{invoice.pk}" if name in {"iban", "holder"} else name for name in fields}

    response = owner.post(PAGE, typed(invoice) | {names[name]: value for name, value in fields.items()})

    assert response.status_code == 422
    assert said in str(response.context["form"].errors[names.get(at, at)])
    assert not RefundBatch.objects.exists()


def test_what_is_not_chosen_stops_nothing(owner, garage, monkeypatch):
    a_bank_day(monkeypatch)
    chosen, other = overpaid(garage, owner), overpaid(buyer(name="💧"), owner)

    response = owner.post(PAGE, typed(chosen) | {f"holder_{other.pk}": "💧", f"iban_{other.pk}": "BR1800360305000010009795493C1"})

    assert response.status_code == 302
    assert list(to_pay_back()) == [other]


def test_a_company_of_which_no_sign_can_be_read_still_has_a_file(owner, garage):
    Company.objects.update(name="💧")

    batch = make_batch({overpaid(garage, owner): Account("✨", IBAN)}, pay_on=timezone.localdate(), by=owner.membership)

    assert values(batch.xml, "Cdtr/Nm") == ["NOTPROVIDED"]


def test_open_items_are_what_was_charged_less_what_was_paid(owner, garage):
    other = buyer(name="Lease BV")
    overpaid(garage, owner)
    issued(other, owner)
    paid = issued(other, owner, "50.00")
    pay(paid, paid.gross_total, owner)
    credited(paid, owner)

    found = customers_with_open().aggregate(total=Sum("open"))["total"]

    assert found == Invoice.objects.aggregate(total=Sum(F("gross_total") - F("paid_total")))["total"] == Decimal("51.50")


def test_only_who_invoices_pays_back(owner, garage, employee, bookkeeper):
    overpaid(garage, owner)

    assert employee.get(PAGE).status_code == 403
    assert bookkeeper.get(PAGE).status_code == 403
    assertNotContains(bookkeeper.get(reverse("invoicing:open-items")), PAGE)


def test_the_list_asks_as_much_for_one_as_for_five(owner, garage, django_assert_max_num_queries):
    overpaid(garage, owner)
    with django_assert_max_num_queries(60) as asked_for_one:
        owner.get(PAGE)
    for _more in range(4):
        overpaid(garage, owner)

    with django_assert_max_num_queries(len(asked_for_one)):
        owner.get(PAGE)
