"""Bank statements: each line once, the invoices found by number, amount and IBAN, and nothing booked that is not certain."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import Company
from customers.models import Customer
from invoicing import bank, matching, payments, tasks
from invoicing.collecting import issue_invoice
from invoicing.crediting import issue_credit_note
from invoicing.debit import collecting
from invoicing.models import BankLine, BankStatement, Debit, DebitBatch, Invoice, Mandate, Payment
from invoicing.statements import camt, reading

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
    bank.keep(reading._once(list(lines)), by=owner.membership)
    return BankLine.objects.latest("pk")


# --- reading -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["camt053.xml", "mt940.sta"])
def test_both_formats_say_the_same(name):
    first, second, *_more = reading.read((DATA / name).read_bytes())

    assert (first.booked_on, first.amount, first.name) == (date(2026, 11, 19), Decimal("30.25"), "Garage Bakker & Zn.")
    assert (first.account, first.iban) == ("NL91ABNA0417164300", "NL20INGB0001234567")
    assert "Factuur 2026-0001" in first.description
    assert (second.amount, second.name) == (Decimal("-12.50"), "Energie BV")


def test_a_line_without_a_party_is_read_too():
    last = reading.read((DATA / "camt053.xml").read_bytes())[-1]

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

    monkeypatch.setattr(camt, "statements", too_much)

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

    found = matching.match(line(description=said), list(Invoice.objects.outstanding()))

    assert (found.parts, found.is_certain) == ([(invoice, Decimal("30.25"))], True)


def test_two_invoices_in_one_payment_are_certain_of_one_customer(owner, garage, invoice):
    other = issue_invoice(garage, [finished_order(garage, "10.00", by=owner.membership)], by=owner.membership)

    found = matching.match(line("42.35", description=f"{invoice.number} en {other.number}"), list(Invoice.objects.outstanding()))

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

    found = matching.match(line(**fields), list(Invoice.objects.outstanding()))

    assert (found.why, found.is_certain) == (why, False)


def test_a_number_within_a_longer_number_is_not_meant(owner, garage, seller, invoice):
    seller.invoice_number_format = invoice.number + "{nummer}"
    seller.save()
    longer = issue_invoice(garage, [finished_order(garage, "25.00", by=owner.membership)], by=owner.membership)

    found = matching.match(line(description=longer.number), list(Invoice.objects.outstanding()))

    assert [one for one, _amount in found.parts] == [longer]


@pytest.mark.parametrize(
    "text",
    [
        "betaling klant 1000945",
        "NL91ABNA0009417164",
        "NL91 ABNA 0009 4171 64 hartelijk dank",
        "incassant NL36ZZZ000900010000",
        "ref 12-0009-45",
        "afspraak 19-11-0009",
        "order 0009.1",
    ],
)
def test_a_number_within_another_one_is_not_meant(text):
    invoice = Invoice(pk=1, number="0009", customer=Customer(pk=1), gross_total=Decimal("121.00"))

    assert not matching.match(line("121.00", description=text), [invoice]).is_certain


@pytest.mark.parametrize("text", ["0009", "factuur 0009", "FACTUUR0009 MVG", "0008, 0009 en 0010", "NL91ABNA0417164300 factuur 0009."])
def test_a_short_number_by_itself_is_certain(text):
    invoice = Invoice(pk=1, number="0009", customer=Customer(pk=1), gross_total=Decimal("121.00"))

    assert matching.match(line("121.00", description=text), [invoice]).is_certain


@pytest.mark.parametrize("text", ["factuur 10", "Factuurnr. 10 dank", "fact.nr:10", "factuurnummer 0010"])
def test_a_number_without_its_zeros_is_likely(text):
    invoices = [
        Invoice(pk=number, number=f"2026-{number:04}", customer=Customer(pk=1), gross_total=Decimal("121.00")) for number in (9, 10, 110)
    ]

    found = matching.match(line("121.00", description=text), invoices)

    assert (found.parts, found.is_certain) == ([(invoices[1], Decimal("121.00"))], False)


def test_the_reference_of_the_order_names_the_invoice_too(invoice):
    found = matching.match(line(end_to_end_id=invoice.number, description="bedankt"), list(Invoice.objects.outstanding()))

    assert (found.parts, found.is_certain) == ([(invoice, Decimal("30.25"))], True)


# --- money that went back -----------------------------------------------------------------------------------------


@pytest.fixture
def debit(owner, garage, seller, invoice):
    """A collection of the invoice that was booked."""
    Company.objects.filter(pk=seller.pk).update(creditor_id="NL79ZZZ999999990000")
    mandate = Mandate.objects.create(
        customer=garage, reference="M-1", holder="Garage", iban="NL20INGB0001234567", signed_on="2026-01-01", created_by=owner.membership
    )
    batch = DebitBatch.objects.create(reference="INC-00001", collect_on=date.today(), created_by=owner.membership)
    debit = Debit.objects.create(batch=batch, invoice=invoice, mandate=mandate, amount=Decimal("30.25"))
    collecting.book(batch, by=owner.membership)
    return debit


@pytest.mark.parametrize(
    "fields",
    [
        {"is_return": True, "return_reason": "MD06", "end_to_end_id": "{number}"},
        {"mandate": "M-1"},
        {"description": "Factuur {number}"},
        {"is_return": True, "iban": "NL20INGB0001234567"},
        {"is_return": True},
    ],
)
def test_a_storno_is_shown_and_booked_in_one_press(owner, invoice, debit, fields):
    fields = {name: value.format(number=invoice.number) if isinstance(value, str) else value for name, value in fields.items()}
    kept = keep(owner, line("-30.25", **fields))
    page = owner.get(PAGE)
    assertContains(page, "Storno boeken")
    assertContains(page, "INC-00001")
    address = reverse("invoicing:bank-book-return", args=[kept.pk, debit.pk])

    for _press in range(2):
        owner.post(address)

    invoice.refresh_from_db()
    debit.refresh_from_db()
    assert (invoice.open_total, invoice.paid_on) == (Decimal("30.25"), None)
    assert (debit.returned_on, debit.return_line) == (kept.booked_on, kept)
    assert [payment.amount for payment in invoice.payments.order_by("pk")] == [Decimal("30.25"), Decimal("-30.25")]
    assertContains(owner.get(PAGE, {"status": "booked"}), "Storno")


def test_a_storno_that_was_booked_is_taken_back(owner, invoice, debit):
    kept = keep(owner, line("-30.25", mandate="M-1", is_return=True))
    owner.post(reverse("invoicing:bank-book-return", args=[kept.pk, debit.pk]))

    owner.post(reverse("invoicing:bank-unbook", args=[kept.pk]))

    for row in (invoice, debit, kept):
        row.refresh_from_db()
    assert (invoice.open_total, debit.returned_on, debit.return_line, kept.state) == (0, None, None, "open")


def test_a_storno_with_the_costs_of_the_bank_is_told_apart(owner, invoice, debit):
    found = bank.match(keep(owner, line("-31.00", end_to_end_id=invoice.number, is_return=True)))

    assert (found.debit, found.why) == (debit, "storno; het bedrag is hoger dan de incasso")


def test_the_reason_of_a_storno_is_said_in_words(owner, invoice, debit):
    keep(owner, line("-30.25", is_return=True, return_reason="AM04"))

    assertContains(owner.get(PAGE), "Teruggeboekt: onvoldoende saldo")


@pytest.mark.parametrize(
    "fields",
    [
        {"amount": "-5.00", "description": "Terugbetaling"},
        {"amount": "-5.00", "description": "retour {number}"},
        {"amount": "-5.00", "end_to_end_id": "{number}"},
        {"amount": "-5.00", "is_return": True},
        {"amount": "-30.25"},
        {"amount": "-5.00", "description": "credit {number}"},
    ],
)
def test_what_may_be_money_back_is_never_put_away_by_itself(owner, invoice, debit, fields):
    fields = {name: value.format(number=invoice.number) if isinstance(value, str) else value for name, value in fields.items()}

    assert keep(owner, line(**fields)).state == "open"


def test_a_refund_to_the_account_that_paid_is_not_put_away(owner, invoice):
    keep(owner, line("30.25", description=invoice.number, iban="NL20INGB0001234567"))
    bank.book_certain(by=owner.membership)

    assert keep(owner, line("-30.25", iban="NL20INGB0001234567")).state == "open"
    assert keep(owner, line("-30.25", iban="NL02ABNA0123456789")).state == "ignored"


def test_what_was_paid_too_much_and_goes_back_is_certain(owner, invoice):
    keep(owner, line("40.25", description=invoice.number))
    bank.book(BankLine.objects.get(), [(invoice, Decimal("40.25"))], by=owner.membership)

    keep(owner, line("-10.00", description=f"Te veel betaald {invoice.number}"))

    assert bank.book_certain(by=owner.membership) == 1
    invoice.refresh_from_db()
    assert invoice.open_total == 0


def test_a_line_of_a_collection_under_way_is_not_booked_as_a_transfer(owner, invoice, debit):
    debit.batch.booked_on = None
    debit.batch.save()
    invoice.payments.all().delete()
    payments.settle(invoice)

    keep(owner, line("30.25", description=invoice.number, mandate="M-1"))

    assert bank.book_certain(by=owner.membership) == 0
    assertContains(owner.get(PAGE), "INC-00001")


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


def test_what_was_booked_in_one_press_is_taken_back_in_one(owner, garage, invoice):
    other = issue_invoice(garage, [finished_order(garage, "10.00", by=owner.membership)], by=owner.membership)
    before = keep(owner, line("5.00", name="Los"))
    bank.book(before, [(other, Decimal("5.00"))], by=owner.membership)
    keep(owner, line(description=invoice.number), line("7.10", description=other.number))
    assertContains(owner.post(reverse("invoicing:bank-book-certain"), follow=True), "2 regels zijn in één keer geboekt")

    page = owner.post(reverse("invoicing:bank-unbook-certain"), follow=True)

    assertContains(page, "2 regels zijn weer te verwerken")
    assert sorted(BankLine.objects.values_list("amount", "state")) == [
        (Decimal("5.00"), "booked"),
        (Decimal("7.10"), "open"),
        (Decimal("30.25"), "open"),
    ]
    for one, paid in ((invoice, 0), (other, 5)):
        one.refresh_from_db()
        assert one.paid_total == paid
    assertContains(owner.post(reverse("invoicing:bank-unbook-certain"), follow=True), "niets meer terug te draaien")


def test_a_file_that_an_earlier_reader_took_in_does_not_come_in_again(owner, invoice):
    """As it was stored before names, accounts and references were read by their tags: one of three that the batch was made of."""
    old = {"booked_on": date(2026, 11, 19), "account": "NL69INGB0123456789EUR", "reader": 1, "imported_by": owner.membership}
    BankLine.objects.create(amount=Decimal("30.25"), description="/EREF/2026-0001//CNTP/", fingerprint="1", state="booked", **old)
    BankLine.objects.create(amount=Decimal("-12.50"), description="/EREF/X//MARF/M-1", fingerprint="2", state="ignored", **old)

    assert bank.keep(reading.read((DATA / "bank/ing.sta").read_bytes()), by=owner.membership) == 0
    assert bank.keep(reading.read((DATA / "bank/ing.sta").read_bytes()), by=owner.membership) == 0

    known = BankLine.objects.get(amount=Decimal("30.25"))
    assert (known.name, known.iban, known.state) == ("Garage De Zon", "NL20INGB0001234567", "booked")


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
