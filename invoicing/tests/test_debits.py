"""Incasso: what customers with a mandate owe goes to the bank in a file, once; paid when the money came, open again after a storno."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import etree
from pytest_django.asserts import assertContains, assertNotContains

from invoicing import bank, pdf, reminding, tasks
from invoicing.collecting import issue_invoice
from invoicing.debit import collecting
from invoicing.models import BankLine, Debit, DebitBatch, Invoice, Mandate, Payment
from invoicing.models.debits import months_before
from invoicing.statements import reading
from notifications.models import Message

from .given import buyer, finished_order

SPACE = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.008.001.08"}


@pytest.fixture
def creditor(seller):
    seller.creditor_id = "NL79ZZZ999999990000"
    seller.save()
    return seller


def given_mandate(customer, owner, **fields):
    customer.payment_term_days = 0  # so that the day that is announced has come
    customer.save()
    fields = {"reference": f"M-{customer.pk}", "holder": "Garage Bakkèr", "iban": "NL13TEST0123456789", "signed_on": "2026-01-05"} | fields
    return Mandate.objects.create(customer=customer, created_by=owner.membership, **fields)


@pytest.fixture
def mandate(creditor, garage, owner):
    return given_mandate(garage, owner)


def issued(customer, owner, price="100.00"):
    return issue_invoice(customer, [finished_order(customer, price, by=owner.membership)], by=owner.membership)


def in_two_days():
    return collecting.first_bank_day(timezone.localdate() + timedelta(days=1))


def collect(owner, *invoices, **fields):
    typed = {"invoices": [invoice.pk for invoice in invoices], "collect_on": in_two_days().isoformat()} | fields
    return owner.post(reverse("invoicing:debits"), typed)


def batch_of(owner, *invoices):
    response = collect(owner, *invoices)
    assert response.status_code == 302, response.context["form"].errors
    return DebitBatch.objects.latest("pk")


def values(xml, path):
    return [node.text for node in etree.fromstring(xml.encode()).iterfind(f".//p:{path.replace('/', '/p:')}", SPACE)]


def test_the_file_for_the_bank(owner, mandate, garage):
    first, second = issued(garage, owner), issued(garage, owner, "0.01")

    batch = batch_of(owner, first, second)

    file = owner.get(reverse("invoicing:debit-file", args=[batch.pk]))
    assert file["Content-Disposition"] == f'attachment; filename="{batch.reference}.xml"'
    xml = file.content.decode()
    assert values(xml, "InstdAmt") == ["121.00", "0.01"]
    assert values(xml, "GrpHdr/CtrlSum") == ["121.01"]
    assert values(xml, "SeqTp") == ["RCUR"]
    assert set(values(xml, "MndtId")) == {mandate.reference}
    assert set(values(xml, "DtOfSgntr")) == {"2026-01-05"}
    assert set(values(xml, "ReqdColltnDt")) == {in_two_days().isoformat()}
    assert set(values(xml, "Dbtr/Nm")) == {"Garage Bakker"}  # banks take letters without accents
    assert values(xml, "EndToEndId") == [first.number, second.number]
    assert set(values(xml, "LclInstrm/Cd")) == {"CORE"}
    assert "NL79ZZZ999999990000" in xml


def bank_line(owner, amount):
    [line] = reading._once([BankLine(booked_on=timezone.localdate(), amount=Decimal(amount), description="SEPA INCASSO ALGEMEEN")])
    bank.keep([line], by=owner.membership)
    return BankLine.objects.get()


def test_the_line_of_the_bank_books_the_whole_batch(owner, mandate, garage):
    batch = batch_of(owner, issued(garage, owner), issued(garage, owner, "25.00"))
    line = bank_line(owner, "151.25")
    page = reverse("invoicing:bank")
    assertContains(owner.get(page), "geen factuur gevonden")
    DebitBatch.objects.update(collect_on=timezone.localdate())

    assertContains(owner.get(page), "het bedrag is dat van de hele batch")
    book = reverse("invoicing:bank-book-batch", args=[line.pk, batch.pk])
    assertContains(owner.post(book, follow=True), "de facturen zijn betaald")
    assertContains(owner.post(book, follow=True), "intussen veranderd")

    line.refresh_from_db()
    assert line.state == "booked"
    assert all(invoice.paid_on for invoice in Invoice.objects.all())
    assert Payment.objects.count() == 2


def test_a_line_of_another_amount_books_no_batch(owner, mandate, garage):
    batch = batch_of(owner, issued(garage, owner))
    DebitBatch.objects.update(collect_on=timezone.localdate())
    line = bank_line(owner, "120.99")

    owner.post(reverse("invoicing:bank-book-batch", args=[line.pk, batch.pk]))

    assert not Payment.objects.exists()


def test_nothing_is_collected_before_the_day_that_was_announced(owner, mandate, garage):
    garage.payment_term_days = 14
    garage.save()
    invoice = issued(garage, owner)
    announced = invoice.due_on

    response = collect(owner, invoice)

    assertContains(response, f"Incasso van {invoice.number} is aangekondigd voor", status_code=422)
    with pytest.raises(collecting.NotCollectable, match="niet eerder"):
        collecting.make_batch([invoice], collect_on=in_two_days(), by=owner.membership)
    day = announced if collecting.is_bank_day(announced) else collecting.first_bank_day(announced)
    assert collect(owner, invoice, collect_on=day.isoformat()).status_code == 302


def test_a_mandate_that_was_not_used_for_36_months_has_lapsed(owner, mandate, garage):
    long_ago = months_before(timezone.localdate(), 36) - timedelta(days=1)
    Mandate.objects.update(signed_on=long_ago)
    invoice = issued(garage, owner)

    assert collecting.collected_with(invoice) is None
    assertContains(collect(owner, invoice), "wordt al geïncasseerd of is betaald", status_code=422)
    assertContains(owner.get(reverse("invoicing:debits")), "Vervallen: 36 maanden niet gebruikt")


def test_a_mandate_that_was_used_since_has_not(owner, mandate, garage):
    batch_of(owner, issued(garage, owner))
    Mandate.objects.update(signed_on=months_before(timezone.localdate(), 40))

    assert collecting.active_mandate(garage) == mandate
    assertNotContains(owner.get(reverse("invoicing:debits")), "Vervallen")


@pytest.mark.parametrize(("day", "before"), [("2026-11-29", "2023-11-29"), ("2027-03-31", "2024-03-31"), ("2024-02-29", "2021-02-28")])
def test_months_before(day, before):
    assert months_before(date.fromisoformat(day), 36) == date.fromisoformat(before)


DIRECT_DEBIT = {  # what went wrong for others (OpenOlitor, Dolibarr)
    "holder": "Aimée Żółw & Zn. “De Lek” ß € <x>",
    "mandate_reference_refused": ["//M/3/", "/M3", "M3/", "M//3"],
}


def test_a_name_in_the_file_has_only_signs_that_banks_take(owner, creditor, garage):
    given_mandate(garage, owner, holder=DIRECT_DEBIT["holder"])
    creditor.name = "Glans & Co. @ “Ede”"
    creditor.save()

    xml = batch_of(owner, issued(garage, owner)).xml

    assert set(values(xml, "Dbtr/Nm")) == {"Aimee Zolw en Zn. 'De Lek' ss EUR x"}
    for text in values(xml, "Nm") + values(xml, "Ustrd") + values(xml, "MndtId") + values(xml, "EndToEndId"):
        assert re.fullmatch(r"[A-Za-z0-9/?:().,'+ -]+", text)


@pytest.mark.parametrize("reference", DIRECT_DEBIT["mandate_reference_refused"])
def test_a_reference_of_a_mandate_that_banks_refuse(owner, creditor, garage, reference):
    typed = {"customer": garage.pk, "reference": reference, "holder": "Garage", "iban": "NL91ABNA0417164300"}

    response = owner.post(reverse("invoicing:mandate-create"), typed | {"signed_on": "2026-01-05", "scheme": "CORE"})

    assertContains(response, "begint en eindigt niet met /", status_code=422)


def test_an_invoice_is_collected_once(owner, mandate, garage):
    invoice = issued(garage, owner)
    batch_of(owner, invoice)

    assertContains(collect(owner, invoice), "wordt al geïncasseerd", status_code=422)
    assertNotContains(owner.get(reverse("invoicing:debits")), 'name="invoices"')
    with pytest.raises(collecting.NotCollectable):
        collecting.make_batch([invoice], collect_on=in_two_days(), by=owner.membership)


def test_the_money_came_and_went_back(owner, mandate, garage):
    invoice, other = issued(garage, owner), issued(garage, owner)
    batch = batch_of(owner, invoice, other)
    owner.post(reverse("invoicing:debit-book", args=[batch.pk]))
    invoice.refresh_from_db()
    assert invoice.paid_total == 0  # its day is still to come

    DebitBatch.objects.update(collect_on=timezone.localdate())
    for _press in range(2):
        owner.post(reverse("invoicing:debit-book", args=[batch.pk]))
    invoice.refresh_from_db()
    assert (invoice.status, invoice.payments.get().method) == ("paid", "debit")

    debit = Debit.objects.get(invoice=invoice)
    assertContains(owner.get(reverse("invoicing:debit-return", args=[debit.pk])), "haalde €\xa0121,00 terug")
    owner.post(reverse("invoicing:debit-return", args=[debit.pk]))
    collecting.give_back(debit, by=owner.membership)

    invoice.refresh_from_db()
    assert (invoice.open_total, invoice.payments.count()) == (Decimal("121.00"), 2)
    assertContains(owner.get(reverse("invoicing:debit-batch", args=[batch.pk])), "waarvan €\xa0121,00 gestorneerd")
    assert values(batch_of(owner, invoice).xml, "InstdAmt") == ["121.00"]


def test_what_came_back_before_it_was_booked_is_not_paid(owner, mandate, garage):
    invoice = issued(garage, owner)
    batch = batch_of(owner, invoice)
    collecting.give_back(batch.debits.get(), by=owner.membership)
    DebitBatch.objects.update(collect_on=timezone.localdate())
    batch.refresh_from_db()

    collecting.book(batch, by=owner.membership)

    invoice.refresh_from_db()
    assert invoice.paid_total == 0


def test_a_batch_that_does_not_go_to_the_bank(owner, mandate, garage):
    invoice = issued(garage, owner)
    batch = batch_of(owner, invoice)
    assertContains(owner.get(reverse("invoicing:debit-discard", args=[batch.pk])), "niet bij de bank aanlevert")

    owner.post(reverse("invoicing:debit-discard", args=[batch.pk]))

    assert not Debit.objects.exists()
    assert list(collecting.collectable()) == [invoice]


def test_a_booked_batch_stays(owner, mandate, garage):
    batch = batch_of(owner, issued(garage, owner))
    DebitBatch.objects.update(collect_on=timezone.localdate())
    owner.post(reverse("invoicing:debit-book", args=[batch.pk]))

    assert owner.post(reverse("invoicing:debit-discard", args=[batch.pk])).status_code == 404


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("", "verplicht"),
        ("morgen", "geldige datum"),
        (str(date.today()), "Kies een dag na vandaag"),
        ("2027-01-01", "werken de banken niet"),
        ("2027-01-03", "werken de banken niet"),
    ],
)
def test_a_day_on_which_nothing_can_be_collected(owner, mandate, garage, day, said):
    assertContains(collect(owner, issued(garage, owner), collect_on=day), said, status_code=422)


def test_without_a_creditor_id_nothing_is_collected(owner, seller, garage):
    given_mandate(garage, owner)
    invoice = issued(garage, owner)

    assertContains(collect(owner, invoice), "incassant-ID", status_code=422)
    assert not DebitBatch.objects.exists()


def test_core_and_b2b_do_not_go_together(owner, mandate, garage):
    other = buyer(name="Lease BV")
    given_mandate(other, owner, scheme="B2B")
    invoices = [issued(garage, owner), issued(other, owner)]

    assertContains(collect(owner, *invoices), "niet in één bestand", status_code=422)
    assert set(values(batch_of(owner, invoices[1]).xml, "LclInstrm/Cd")) == {"B2B"}


def test_the_customer_is_told_beforehand_and_not_asked_to_pay(owner, mandate, garage):
    invoice = issued(garage, owner)
    tasks.make_pdf(invoice.company_id, invoice.pk)

    text = Message.objects.get(event="invoice").text
    for said in ("U hoeft niets te doen", "NL13 **** 6789", mandate.reference, "NL79ZZZ999999990000"):
        assert said in text
    assert "0123456789" not in text
    assert pdf.document(Invoice.objects.get()).pages


def test_what_is_being_collected_is_not_reminded_of(owner, mandate, garage):
    invoice = issued(garage, owner)
    batch = batch_of(owner, invoice)
    late = invoice.due_on + timedelta(days=30)

    assert invoice.pk not in {found.pk for found in reminding._late().filter(due_on__lte=late)}
    collecting.discard(batch)
    assert invoice.pk in {found.pk for found in reminding._late().filter(due_on__lte=late)}


def typed_mandate(customer, **fields):
    today = timezone.localdate().isoformat()
    return {
        "customer": customer.pk,
        "reference": "M-7",
        "holder": "Garage Bakker",
        "iban": "NL91 ABNA 0417 1643 00",
        "signed_on": today,
        "scheme": "CORE",
    } | fields


def test_a_mandate_is_written_down_and_ended_after_asking(owner, creditor, garage):
    owner.post(reverse("invoicing:mandate-create"), typed_mandate(garage))

    mandate = Mandate.objects.get()
    assert (mandate.iban, mandate.created_by) == ("NL91ABNA0417164300", owner.membership)
    assertContains(owner.get(reverse("invoicing:mandate-end", args=[mandate.pk])), "beëindigen?")
    owner.post(reverse("invoicing:mandate-end", args=[mandate.pk]))
    assert not Mandate.objects.active().exists()
    owner.post(reverse("invoicing:mandate-create"), typed_mandate(garage, reference="M-8"))
    assert Mandate.objects.active().get().reference == "M-8"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"iban": "NL00ABNA0417164300"}, "IBAN"),
        ({"reference": "M 7é"}, "Gebruik letters"),
        ({"reference": "M-used"}, "al gebruikt"),
        ({"signed_on": "2099-01-01"}, "nog niet geweest"),
        ({"holder": ""}, "verplicht"),
        ({"holder": "💧"}, "kan deze naam niet lezen"),
        ({"scheme": "X"}, "geldige keuze"),
    ],
)
def test_what_is_wrong_with_a_mandate_is_said(owner, creditor, garage, fields, said):
    given_mandate(buyer(name="Ander"), owner, reference="M-used")

    assertContains(owner.post(reverse("invoicing:mandate-create"), typed_mandate(garage, **fields)), said, status_code=422)


def test_a_customer_has_one_mandate_at_a_time(owner, mandate, garage):
    response = owner.post(reverse("invoicing:mandate-create"), typed_mandate(garage))

    assertContains(response, "heeft al een machtiging", status_code=422)
