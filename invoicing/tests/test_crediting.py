"""Creditfacturen: what they take back, and that an issued invoice itself does not change, whoever asks the database."""

from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from invoicing import payments, pdf, tasks
from invoicing.collecting import DateGoesBack, Discount, NumberTaken, draw_up, issue_free_invoice, issue_invoice, to_invoice
from invoicing.crediting import NotCreditable, Part, issue_credit_note
from invoicing.models import Invoice, InvoiceLine, Payment
from notifications.models import Message

from .given import finished_order
from .test_pdf import page_texts


@pytest.fixture
def invoice(owner, garage):
    """One order with lines of € 100.00 and € 33.33, and one of € 50.00."""
    orders = [finished_order(garage, "100.00", "33.33", by=owner.membership), finished_order(garage, "50.00", by=owner.membership)]
    return issue_invoice(garage, orders, by=owner.membership)


def credit(invoice, owner, lines=None, release=False):
    lines = invoice.lines.all() if lines is None else lines
    return issue_credit_note(invoice, lines, reason="Dubbel", release=release, by=owner.membership)


def pay(invoice, amount, owner):
    return payments.register(invoice, amount, on=timezone.localdate(), method="bank", by=owner.membership)


def page(invoice, name="credit"):
    return reverse(f"invoicing:{name}", args=[invoice.pk])


# --- the whole ---------------------------------------------------------------------------------------------------


def test_a_whole_invoice_is_credited_to_nil(owner, invoice):
    note = credit(invoice, owner)

    invoice.refresh_from_db()
    assert (note.kind, note.credits, note.gross_total) == ("credit", invoice, -invoice.gross_total)
    assert (invoice.status, note.status) == ("credited", "paid")
    assert int(note.number[-4:]) == int(invoice.number[-4:]) + 1
    assert not to_invoice().exists()
    assert not Invoice.objects.unpaid().exists()


def test_released_orders_are_invoiced_anew(owner, garage, invoice):
    credit(invoice, owner, release=True)

    again = issue_invoice(garage, to_invoice(), by=owner.membership)

    assert again.gross_total == invoice.gross_total
    assert not to_invoice().exists()


def test_only_an_order_that_is_wholly_credited_is_released(owner, invoice):
    first, second = invoice.lines.all()[0], invoice.lines.all()[2]

    credit(invoice, owner, lines=[first, second], release=True)

    assert [order.pk for order in to_invoice()] == [second.order_id]


def test_what_was_paid_is_to_be_paid_back(owner, invoice):
    pay(invoice, invoice.gross_total, owner)

    note = credit(invoice, owner)

    assert note.status == "refund"
    assertContains(owner.get(page(note, "detail")), "Terug te betalen")
    typed = {"amount": "221,83", "paid_on": timezone.localdate().isoformat(), "method": "bank", "key": uuid4()}
    owner.post(page(note, "pay"), typed)
    note.refresh_from_db()
    assert (note.status, note.paid_total) == ("paid", note.gross_total)


def test_of_what_was_partly_paid_the_rest_is_set_off(owner, invoice):
    pay(invoice, Decimal("200.00"), owner)

    note = credit(invoice, owner)

    invoice.refresh_from_db()
    assert (invoice.open_total, note.open_total) == (0, Decimal("-200.00"))
    assert [payment.amount for payment in invoice.payments.all()] == [Decimal("200.00"), Decimal("21.83")]


# --- lines -------------------------------------------------------------------------------------------------------


def test_lines_are_credited_one_after_another_and_each_once(owner, invoice):
    first, second, third = invoice.lines.all()
    part = credit(invoice, owner, lines=[second])

    invoice.refresh_from_db()
    assert (part.net_total, part.vat_total) == (Decimal("-33.33"), Decimal("-7.00"))
    assert (invoice.status, invoice.credited_total) == ("partly", Decimal("40.33"))
    with pytest.raises(NotCreditable):
        credit(invoice, owner, lines=[first, second])
    credit(invoice, owner, lines=[first, third])
    invoice.refresh_from_db()
    assert invoice.credited_total == invoice.gross_total
    with pytest.raises(NotCreditable):
        credit(invoice, owner, lines=[first])


def credited_apart(invoice, owner, parts):
    """Each of these parts on a credit note of its own."""
    return [credit(invoice, owner, lines=[part]) for part in parts]


def test_vat_of_notes_in_parts_is_that_of_the_invoice(owner, garage):
    lines = [{"description": "Doek", "quantity": Decimal(1), "unit_price": Decimal("0.12"), "vat_rate": "21"} for _line in range(3)]
    invoice = issue_free_invoice(garage, lines, key=uuid4(), by=owner.membership)  # 0,36 and 0,08; each apart has 0,03

    notes = credited_apart(invoice, owner, invoice.lines.all())

    invoice.refresh_from_db()
    assert [note.vat_total for note in notes] == [Decimal("-0.03"), Decimal("-0.02"), Decimal("-0.03")]
    assert (invoice.credited_total, invoice.status) == (invoice.gross_total, "credited")
    assert not Invoice.objects.unpaid().exists()


def test_the_discount_on_the_whole_goes_along_with_each_line(owner, garage):
    lines = [{"description": name, "quantity": Decimal(1), "unit_price": Decimal(price), "vat_rate": "21"} for name, price in PARTS]
    invoice = issue_free_invoice(garage, lines, key=uuid4(), by=owner.membership, discount=Discount(Decimal(10)))

    notes = credited_apart(invoice, owner, invoice.lines.filter(is_discount=False))

    invoice.refresh_from_db()
    assert sum(note.gross_total for note in notes) == -invoice.gross_total
    assert all(note.gross_total < 0 for note in notes)
    assert (invoice.status, {note.status for note in Invoice.objects.filter(kind="credit")}) == ("credited", {"paid"})
    assert not Invoice.objects.unpaid().exists()


PARTS = [("Sponsje", "0.04"), ("Doekje", "0.04"), ("Poetsen", "90.00")]


def test_so_many_of_a_line_are_credited_and_the_last_takes_the_rest(owner, garage):
    line = {"description": "Doek", "quantity": Decimal(3), "unit_price": Decimal("33.33"), "discount": Decimal(10), "vat_rate": "21"}
    invoice = issue_free_invoice(garage, [line], key=uuid4(), by=owner.membership)  # 89,99 and 18,90

    notes = credited_apart(invoice, owner, [Part(invoice.lines.get(), quantity=Decimal(1)) for _time in range(3)])

    assert [note.net_total for note in notes] == [Decimal("-30.00"), Decimal("-29.99"), Decimal("-30.00")]
    assert [note.lines.get().quantity for note in notes] == [-1, -1, -1]
    assert sum(note.gross_total for note in notes) == -invoice.gross_total
    invoice.refresh_from_db()
    assert invoice.status == "credited"


def test_an_amount_is_credited_and_then_what_is_left(owner, garage):
    line = {"description": "Poetsen", "quantity": Decimal(2), "unit_price": Decimal("100.00"), "vat_rate": "21"}
    invoice = issue_free_invoice(garage, [line], key=uuid4(), by=owner.membership)

    complaint = credit(invoice, owner, lines=[Part(invoice.lines.get(), amount=Decimal("25.00"))])

    assert (complaint.net_total, complaint.vat_total) == (Decimal("-25.00"), Decimal("-5.25"))
    invoice.refresh_from_db()
    assert invoice.open_total == Decimal("211.75")
    with pytest.raises(NotCreditable, match=r"nog €.175,00"):
        credit(invoice, owner, lines=[Part(invoice.lines.get(), amount=Decimal("175.01"))])
    rest = credit(invoice, owner)
    assert rest.net_total == Decimal("-175.00")
    invoice.refresh_from_db()
    assert (invoice.status, invoice.credited_total) == ("credited", invoice.gross_total)


def test_notes_of_a_paid_invoice_are_set_off_when_its_money_goes_back(owner, invoice):
    payment = pay(invoice, invoice.gross_total, owner)
    first, *others = invoice.lines.all()
    notes = [credit(invoice, owner, lines=[first]), credit(invoice, owner, lines=others)]
    assert [note.status for note in notes] == ["refund", "refund"]

    payments.remove(payment)

    assert not Invoice.objects.unpaid().exists()
    invoice.refresh_from_db()
    assert (invoice.status, invoice.paid_total) == ("credited", invoice.gross_total)


def test_what_comes_to_nothing_is_settled_at_once(owner, garage):
    line = {"description": "Service", "quantity": Decimal(1), "unit_price": Decimal("50.00"), "vat_rate": "21"}

    invoice = issue_free_invoice(garage, [line], key=uuid4(), by=owner.membership, discount=Discount(Decimal(100)))

    assert (invoice.gross_total, invoice.status, invoice.paid_on) == (0, "paid", invoice.issued_on)
    assert not Invoice.objects.outstanding().exists()
    [text] = page_texts(pdf.document(invoice))
    assert "U hoeft niets meer te betalen" in text
    note = credit(invoice, owner)
    assert (note.gross_total, note.status) == (0, "paid")


def test_a_credit_note_is_not_credited_itself(owner, invoice):
    note = credit(invoice, owner)

    with pytest.raises(NotCreditable):
        credit(note, owner)
    assert owner.get(page(note)).status_code == 404


# --- page, paper and mail ----------------------------------------------------------------------------------------


def test_it_is_made_on_its_page(owner, invoice):
    line = invoice.lines.first()
    assertContains(owner.get(page(invoice)), 'name="lines"', count=3)

    response = owner.post(page(invoice), {"lines": [line.pk], "reason": "Kras bleef zitten"})

    note = Invoice.objects.get(kind="credit")
    assertRedirects(response, page(note, "detail"))
    assertContains(owner.get(page(note, "detail")), "Kras bleef zitten")
    assertContains(owner.get(page(invoice, "detail")), note.number)
    assertContains(owner.get(page(invoice)), 'name="lines"', count=2)


def test_a_part_of_a_line_is_credited_on_the_page(owner, invoice):
    first, second, _third = invoice.lines.all()

    response = owner.post(
        page(invoice), {"lines": [first.pk, second.pk], f"amount_{first.pk}": "25,00", f"quantity_{second.pk}": "0,5", "reason": "Vlek"}
    )

    note = Invoice.objects.get(kind="credit")
    assertRedirects(response, page(note, "detail"))
    assert [(line.quantity, line.net) for line in note.lines.all()] == [(-1, Decimal("-25.00")), (Decimal("-0.50"), Decimal("-16.67"))]
    assertContains(owner.get(page(invoice)), "€\xa075,00")


@pytest.mark.parametrize(
    ("typed", "at", "said"),
    [
        ({"amount": "100,01"}, "amount", "Hiervan is nog €\xa0100,00 te crediteren."),
        ({"quantity": "2"}, "quantity", "Hiervan zijn er nog 1."),
        ({"quantity": "1", "amount": "5"}, "amount", "niet allebei"),
        ({"amount": "-5"}, "amount", "minstens 0.01"),
        ({"amount": "5", "lines": []}, "amount", "Vink deze regel ook aan"),
    ],
)
def test_what_cannot_be_credited_of_a_line_is_said_at_its_field(owner, invoice, typed, at, said):
    line = invoice.lines.first()
    how_much = {f"{name}_{line.pk}": value for name, value in typed.items() if name != "lines"}

    response = owner.post(page(invoice), how_much | {"lines": typed.get("lines", [line.pk]), "reason": "Vlek"})

    assert response.status_code == 422
    assert said in str(response.context["form"].errors[f"{at}_{line.pk}"])
    assert not Invoice.objects.filter(kind="credit").exists()


@pytest.mark.parametrize(("typed", "said"), [({"reason": "x"}, "ten minste één regel"), ({"reason": " "}, "Dit veld is verplicht")])
def test_what_is_missing_is_said(owner, invoice, typed, said):
    lines = [] if typed["reason"] == "x" else [invoice.lines.first().pk]

    response = owner.post(page(invoice), typed | {"lines": lines})

    assert response.status_code == 422
    assertContains(response, said, status_code=422)
    assert not Invoice.objects.filter(kind="credit").exists()


def test_the_customer_gets_it_on_paper(owner, invoice):
    note = credit(invoice, owner)

    tasks.make_pdf(note.company_id, note.pk)

    note.refresh_from_db()
    [text] = page_texts(pdf.document(note))
    for said in ("Creditfactuur", note.number, f"Bij factuur {invoice.number}", "Creditnummer", "Dubbel", "€ -221,83", "verrekend"):
        assert said in text
    mail = Message.objects.get(event="credit_note")
    assert note.number in mail.subject
    assert invoice.number in mail.text
    assert "221,83" in mail.text
    assert len(note.pdf_sha256) == 64


def test_employees_and_customers_credit_nothing(invoice, employee, customer):
    Invoice.objects.update(customer=customer.membership.customer)

    assert employee.get(page(invoice)).status_code == 403
    assert customer.get(page(invoice)).status_code == 403
    assertNotContains(customer.get(page(invoice, "detail")), "Crediteren")


# --- numbers and days --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "first"),
    [("{jaar}-{nummer}", "2026-0001"), ("F{jj}{nummer}", "F260001"), ("{nummer}/{jaar}", "0001/2026"), ("F{nummer}", "F0001")],
)
def test_the_owner_chooses_how_numbers_look(owner, seller, garage, own, first):
    seller.invoice_number_format = own
    seller.save()

    invoice = draw_up(seller, garage, [finished_order(garage, "10.00", by=owner.membership)], by=owner.membership, on=date(2026, 11, 3))

    assert invoice.number == first


@pytest.mark.parametrize("wrong", ["{jaar}", "F{jaar}-{volgnummer}", "F" * 20 + "{nummer}", "{nummer}{nummer}"])
def test_a_format_without_its_number_is_refused(owner, seller, wrong):
    form = owner.get(reverse("company-edit")).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields if name != "logo"}

    response = owner.post(reverse("company-edit"), typed | {"invoice_number_format": wrong})

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"invoice_number_format"}


def test_a_number_of_an_earlier_format_is_not_given_again(owner, seller, garage, invoice):
    seller.invoice_number_format = f"{invoice.number[:-4]}{{nummer}}"  # the year typed out
    seller.save()

    with pytest.raises(NumberTaken), transaction.atomic():
        issue_invoice(garage, [finished_order(garage, "10.00", by=owner.membership)], by=owner.membership)


def test_dates_never_go_back(owner, garage, seller, invoice):
    orders = [finished_order(garage, "10.00", by=owner.membership)]

    with pytest.raises(DateGoesBack), transaction.atomic():
        draw_up(seller, garage, orders, by=owner.membership, on=invoice.issued_on - timedelta(days=1))


# --- frozen ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"number": "2026-9999"},
        {"issued_on": "2020-01-01"},
        {"due_on": "2030-01-01"},
        {"seller": {}},
        {"buyer": {}},
        {"net_total": 1, "gross_total": 1, "vat_total": 0},
        {"reason": "anders"},
        {"forgotten_at": "2026-11-24T12:00Z", "buyer": {}},
    ],
)
def test_the_database_changes_no_issued_invoice(invoice, change):
    with pytest.raises(IntegrityError, match="was issued and does not change"), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk).update(**change)


@pytest.mark.parametrize(
    "change", [{"unit_price": 1}, {"description": "x"}, {"vat_rate": "0"}, {"quantity": 9}, {"vehicle": "", "reference": ""}]
)
def test_nor_its_lines(invoice, change):
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        InvoiceLine.objects.filter(invoice=invoice).update(**change)


@pytest.mark.parametrize("table", ["invoicing_invoiceline", "invoicing_invoice"])
def test_nor_deletes_them(invoice, table):
    with pytest.raises(IntegrityError, match="stays"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")


def test_the_pdf_is_kept_once(invoice):
    tasks.make_pdf(invoice.company_id, invoice.pk)

    for change in ({"pdf": "1/anders.pdf"}, {"pdf": ""}, {"pdf_sha256": "0" * 64}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Invoice.objects.filter(pk=invoice.pk).update(**change)


def test_a_released_line_is_not_taken_back(owner, invoice):
    credit(invoice, owner, release=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        InvoiceLine.objects.update(released_at=None)


def test_old_notes_that_were_left_open_are_set_off_once(owner, invoice):
    for line in invoice.lines.all():
        credit(invoice, owner, [line])
    Payment.objects.all().delete()  # as it was before notes were set off completely
    for document in Invoice.objects.all():
        payments.settle(document)
    assert Invoice.objects.unpaid().count() == 4

    out = StringIO()
    call_command("setoffnotes", stdout=out)
    call_command("setoffnotes", stdout=out)

    assert not Invoice.objects.unpaid().exists()
    assert [line.split(", ")[-1] for line in out.getvalue().splitlines()] == [
        f"invoice {invoice.number}: {invoice.gross_total} set off",
        "1 invoices were set off against their credit notes.",
        "0 invoices were set off against their credit notes.",
    ]


def test_what_the_customer_paid_too_much_stays_to_be_paid_back(owner, invoice):
    pay(invoice, invoice.gross_total, owner)
    note = credit(invoice, owner)

    call_command("setoffnotes", stdout=StringIO())

    note.refresh_from_db()
    assert note.open_total == -invoice.gross_total
