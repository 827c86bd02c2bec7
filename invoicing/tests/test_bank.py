"""Bank statements: each line once, the invoices found by number, amount and IBAN, and nothing booked that is not certain."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from invoicing import bank, tasks
from invoicing.collecting import issue_invoice
from invoicing.crediting import issue_credit_note
from invoicing.models import BankLine, BankStatement, Invoice, Payment

from .given import buyer, finished_order

DATA = Path(__file__).parent / "data"
PAGE = reverse("invoicing:bank")


@pytest.fixture
def invoice(owner, garage):
    """Number 1 of the year, € 30.25."""
    return issue_invoice(garage, [finished_order(garage, "25.00", by=owner.membership)], by=owner.membership)


def send(client, name):
    file = SimpleUploadedFile(name, (DATA / name).read_bytes().replace(b"2026-0001", f"{date.today():%Y}-0001".encode()))
    return taken_in(client, file)


def taken_in(client, file):
    """The page after an upload that a worker has read; or the answer of an upload that was refused at sight."""
    response = client.post(PAGE, {"file": file})
    if response.status_code != 302:
        return response
    statement = BankStatement.objects.latest("pk")
    tasks.read_statement(statement.company_id, statement.pk)
    return client.get(response.url, follow=True)


def line(amount="30.25", **fields):
    return BankLine(booked_on=date(2026, 11, 19), amount=Decimal(amount), **fields)


def keep(owner, *lines):
    bank.keep(bank._once(list(lines)), by=owner.membership)
    return BankLine.objects.latest("pk")


# --- reading -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["camt053.xml", "mt940.sta"])
def test_both_formats_say_the_same(name):
    first, second, *_more = bank.read((DATA / name).read_bytes())

    assert (first.booked_on, first.amount, first.name) == (date(2026, 11, 19), Decimal("30.25"), "Garage Bakker & Zn.")
    assert (first.account, first.iban) == ("NL91ABNA0417164300", "NL20INGB0001234567")
    assert "Factuur 2026-0001" in first.description
    assert (second.amount, second.name) == (Decimal("-12.50"), "Energie BV")


def test_a_line_without_a_party_is_read_too():
    last = bank.read((DATA / "camt053.xml").read_bytes())[-1]

    assert (last.amount, last.name, last.description) == (Decimal("5.00"), "", "Storting zonder tegenpartij")


@pytest.mark.parametrize("name", ["camt053.xml", "mt940.sta"])
def test_the_same_file_twice_adds_nothing(owner, invoice, name):
    send(owner, name)
    count = BankLine.objects.count()

    assertContains(send(owner, name), "waren er al")

    assert BankLine.objects.count() == count


def test_two_alike_in_one_file_are_two(owner, company):
    keep(owner, line("5.00", name="Jan"), line("5.00", name="Jan"))

    assert BankLine.objects.count() == 2


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'


@pytest.mark.parametrize(
    "data",
    [
        b"x",
        b"<a/>",
        b"<a",
        BOMB,
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b":20:x\n:60F:C261118EUR1,00\n",
        b"\x00\xff" * 50,
        (DATA / "camt053.xml").read_bytes().replace(b">30.25<", b">veel<"),
        (DATA / "camt053.xml").read_bytes().replace(b"2026-11-19", b"2026-99-19"),
        (DATA / "camt053.xml").read_bytes()[:900],
        b"naam;bedrag\njan;5",
    ],
)
def test_a_file_that_is_none_is_said_and_nothing_kept(owner, company, data):
    response = taken_in(owner, SimpleUploadedFile("x.xml", data))

    assert response.status_code == 422 or BankStatement.objects.get().state == "failed"
    assert not BankLine.objects.exists()
    assert any(
        word in response.content.decode()
        for word in ("Dit is geen bankafschrift", "kunnen we niet lezen", "geen getal", "geen enkele overboeking")
    )


@pytest.fixture
def statement(owner):
    """An upload that no worker has read yet."""
    owner.post(PAGE, {"file": SimpleUploadedFile("camt.xml", (DATA / "camt053.xml").read_bytes())})
    return BankStatement.objects.get()


def test_a_statement_is_kept_and_read_by_a_worker(owner, statement):
    page = reverse("invoicing:bank-statement", args=[statement.pk])
    bar = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "bar"}
    waiting = owner.get(page)

    assert not BankLine.objects.exists()
    assertContains(waiting, "Wordt gelezen")
    assertContains(waiting, f'hx-get="{page}"')
    assertContains(waiting, "Vernieuwen")
    assert "HX-Redirect" not in owner.get(page, **bar)

    tasks.read_statement(statement.company_id, statement.pk)

    assert owner.get(page, **bar)["HX-Redirect"] == page
    assertContains(owner.get(page, follow=True), "3 regels ingelezen.")


def test_a_statement_that_was_read_leaves_no_file_and_is_read_once(owner, statement, django_capture_on_commit_callbacks):
    name, storage = statement.file.name, statement.file.storage
    with django_capture_on_commit_callbacks(execute=True):
        tasks.read_statement(statement.company_id, statement.pk)
    tasks.read_statement(statement.company_id, statement.pk)

    assert BankLine.objects.count() == 3
    assert not storage.exists(name)


@pytest.mark.parametrize("error", [MemoryError, SoftTimeLimitExceeded])
def test_a_statement_that_takes_too_much_is_given_up_with_the_reason(owner, statement, monkeypatch, error):
    def too_much(data):
        raise error

    monkeypatch.setattr(bank.camt, "transactions", too_much)

    tasks.read_statement(statement.company_id, statement.pk)

    page = owner.get(reverse("invoicing:bank-statement", args=[statement.pk]))
    assertContains(page, "duurt te lang")
    assertContains(page, 'type="file"')


def test_no_file_is_said(owner, company):
    assertContains(owner.post(PAGE), "Kies een bankafschrift", status_code=422)


# --- matching ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["Factuur {number}", "factuurnr {number} mvg", "betaling{bare}", "{spaced}"])
def test_number_and_amount_are_certain(invoice, text):
    number = invoice.number
    said = text.format(number=number, bare=number.replace("-", ""), spaced=number.replace("-", " "))

    found = bank.match(line(description=said), list(Invoice.objects.outstanding()))

    assert (found.parts, found.is_certain) == ([(invoice, Decimal("30.25"))], True)


def test_two_invoices_in_one_payment_are_certain_of_one_customer(owner, garage, invoice):
    other = issue_invoice(garage, [finished_order(garage, "10.00", by=owner.membership)], by=owner.membership)

    found = bank.match(line("42.35", description=f"{invoice.number} en {other.number}"), list(Invoice.objects.outstanding()))

    assert {one.pk for one, _amount in found.parts} == {invoice.pk, other.pk}
    assert found.is_certain


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"amount": "30.00", "description": "{number}"}, "nummer klopt, het bedrag niet"),
        ({"iban": "NL20INGB0001234567"}, "IBAN en bedrag kloppen"),
        ({"description": "bedankt"}, "alleen het bedrag klopt"),
        ({"amount": "1.00"}, ""),
        ({"amount": "-30.25", "description": "{number}"}, ""),
    ],
)
def test_the_rest_is_proposed_or_left(invoice, garage, fields, why):
    garage.iban = "NL20INGB0001234567"
    garage.save()
    fields = {name: value.format(number=invoice.number) for name, value in fields.items()}

    found = bank.match(line(**fields), list(Invoice.objects.outstanding()))

    assert (found.why, found.is_certain) == (why, False)


def test_a_number_within_a_longer_number_is_not_meant(owner, garage, seller, invoice):
    seller.invoice_number_format = invoice.number + "{nummer}"
    seller.save()
    longer = issue_invoice(garage, [finished_order(garage, "25.00", by=owner.membership)], by=owner.membership)

    found = bank.match(line(description=longer.number), list(Invoice.objects.outstanding()))

    assert [one for one, _amount in found.parts] == [longer]


# --- booking -----------------------------------------------------------------------------------------------------


def test_the_owner_reads_a_statement_and_books_what_is_certain(owner, invoice):
    page = send(owner, "camt053.xml")
    assertContains(page, "3 regels ingelezen")
    assertContains(page, "nummer en bedrag kloppen")
    assertNotContains(page, "Energie BV")

    owner.post(reverse("invoicing:bank-book-certain"))

    invoice.refresh_from_db()
    assert (invoice.status, invoice.paid_on) == ("paid", date(2026, 11, 19))
    assertContains(owner.get(PAGE, {"status": "booked"}), "Garage Bakker")
    assertContains(owner.get(PAGE, {"status": "ignored"}), "Energie BV")
    assertContains(owner.get(PAGE), "Storting zonder tegenpartij")


def test_one_line_is_booked_as_it_was_seen(owner, invoice):
    kept = keep(owner, line(description="bedankt"))
    address = reverse("invoicing:bank-book", args=[kept.pk])

    assertContains(owner.post(address, {"numbers": "iets anders"}, follow=True), "intussen veranderd")
    assert not Payment.objects.exists()
    for _press in range(2):
        owner.post(address, {"numbers": invoice.number})

    assert Payment.objects.get().amount == Decimal("30.25")


def test_two_payments_for_one_invoice_book_the_first_only(owner, invoice):
    keep(owner, line(description=invoice.number), line(description=invoice.number))

    assert bank.book_certain(by=owner.membership) == 1

    assert Payment.objects.count() == 1


def test_the_owner_says_which_invoice_it_is_and_takes_it_back(owner, invoice):
    kept = keep(owner, line("99.00", name="Oma Bakker"))
    address = reverse("invoicing:bank-choose", args=[kept.pk])
    assertContains(owner.get(address), "Oma Bakker")
    assertContains(owner.post(address, {"number": "9999-1"}), "geen factuur met dit nummer", status_code=422)

    owner.post(address, {"number": invoice.number})
    invoice.refresh_from_db()
    assert invoice.overpaid == Decimal("68.75")
    owner.post(reverse("invoicing:bank-unbook", args=[kept.pk]))

    invoice.refresh_from_db()
    kept.refresh_from_db()
    assert (invoice.paid_total, kept.state) == (0, "open")


def test_what_went_back_to_a_customer_is_matched_to_its_credit_note(owner, invoice):
    keep(owner, line(description=invoice.number))
    bank.book_certain(by=owner.membership)
    invoice.refresh_from_db()
    note = issue_credit_note(invoice, invoice.lines.all(), reason="x", release=False, by=owner.membership)

    keep(owner, line("-30.25", description=f"Retour {note.number}"))

    assert bank.book_certain(by=owner.membership) == 1
    note.refresh_from_db()
    assert note.status == "paid"


def test_a_line_is_ignored_and_looked_at_again(owner, company):
    kept = keep(owner, line("5.00"))
    address = reverse("invoicing:bank-ignore", args=[kept.pk])

    owner.post(address)
    assertContains(owner.get(PAGE), "Niets te verwerken")
    owner.post(address)

    assertNotContains(owner.get(PAGE), "Niets te verwerken")


def test_the_page_asks_as_much_for_one_line_as_for_ten(owner, seller, django_assert_max_num_queries):
    counts = []
    for number in range(2):
        for other in range(1 + 9 * number):
            customer = buyer(name=f"Klant {number} {other}")
            made = issue_invoice(customer, [finished_order(customer, "25.00", by=owner.membership)], by=owner.membership)
            keep(owner, line(name=f"{number} {other}", description=made.number))
        owner.get(PAGE)
        with django_assert_max_num_queries(20) as captured:
            owner.get(PAGE)
        counts.append(len(captured))

    assert counts[0] == counts[1]
