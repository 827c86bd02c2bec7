"""What people paste and attackers send, once it is saved: in every file that leaves, every mail, and the pages that show it."""

import csv
import io
import re
import zipfile
from contextlib import ExitStack
from datetime import time, timedelta
from decimal import Decimal
from email import message_from_bytes, policy
from itertools import chain, cycle

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from lxml import etree
from openpyxl import load_workbook

from accounts.models import Company
from bookkeeping.models import BookExport
from bookkeeping.tests.test_bookkeeping import bytes_of, exported
from cleanconnect.spreadsheets import CSV, FORMULA, XLSX
from cleanconnect.texts import clean, one_line
from exports import tasks
from exports.models import Export
from invoicing import payments, sending, ubl
from invoicing.collecting import issue_invoice
from invoicing.debit.collecting import first_bank_day
from invoicing.models import DebitBatch, Invoice, Mandate
from invoicing.refunds import paying_back
from invoicing.tests.given import buyer, complete
from notifications import delivery
from notifications.events import by_key
from notifications.models import Language, Message
from notifications.wording import examples, letter
from tests.factories import ServiceFactory, VehicleFactory, WorkOrderFactory, WorkOrderLineFactory
from tests.isolation.addresses import addresses
from tests.isolation.test_walk import is_list
from tests.test_nasty_forms import faults_of
from tests.test_texts import EVERY_NASTY, MORE_READABLE, READABLE
from workorders.models import WorkOrder

ALL_READABLE = {*READABLE, *MORE_READABLE}
IBAN = "NL13TEST0123456789"
TAKEN_BY_BANKS = re.compile(r"[A-Za-z0-9/?:().,'+ -]+")  # EPC217-08


@pytest.fixture
def invoices(owner, company):
    """An invoice for each text, of a customer, a car and work that are called so; and one more with a line for each."""
    complete(company)
    Company.objects.filter(pk=company.pk).update(creditor_id="NL79ZZZ999999990000")
    service = ServiceFactory()
    for text in EVERY_NASTY:
        issued(text, [text], service, by=owner.membership)
    issued(" ".join(READABLE)[:100], EVERY_NASTY, service, by=owner.membership)
    return list(Invoice.objects.order_by("pk"))


def issued(name, lines, service, *, by):
    customer = buyer(name=name, street=name, city=name[:60], payment_term_days=0)
    Mandate.objects.create(
        customer=customer, reference=f"M-{customer.pk}", holder=name[:70], iban=IBAN, signed_on=timezone.localdate(), created_by=by
    )
    order = WorkOrderFactory(
        customer=customer,
        vehicle=VehicleFactory(type=service.group.vehicle_type, make=name[:40], model=name[:40]),
        created_by=by,
        status="completed",
        completed_by=by,
        completed_at=timezone.now(),
        planned_on=timezone.localdate(),
        planned_time=time(9, 30),
        note=name,
        remark=name,
        po_number=name[:30],
    )
    for text in lines:
        WorkOrderLineFactory(order=order, service=service if len(lines) == 1 else None, description=text)
    issue_invoice(customer, [order], by=by)


@pytest.fixture
def documents(invoices):
    """The PDF of the last invoice, with all texts, is real; the others, of which a file only asks that it is there, share it."""
    with ExitStack() as undo:
        sending.make_pdf(invoices[-1], undo=undo)
        undo.pop_all()
    Invoice.objects.filter(pdf="").update(pdf=invoices[-1].pdf.name)
    return invoices


def faults_in(texts):
    """Those in which something stands that nobody types or reads."""
    return [text for text in texts if clean(text) != text]


def readable_in(texts):
    found = "\n".join(texts)
    return {text for text in ALL_READABLE if text in found}


def cells_of_csv(data):
    return list(chain.from_iterable(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";")))


def cells_of_xlsx(data):
    return [str(cell) for row in load_workbook(io.BytesIO(data), read_only=True).active.iter_rows(values_only=True) for cell in row if cell]


def formulas_in(cells):
    return [cell for cell in cells if FORMULA.match(cell)]


def faults_of_csv(data):
    cells = cells_of_csv(data)
    return faults_in(cells) + formulas_in(cells)


def texts_of_xml(data):
    return [text for text in etree.fromstring(data).itertext() if text.strip()]


def test_every_list_saved_as_a_file(owner, invoices):
    faults, readable = [], {}
    for address in (address for address in addresses() if is_list(address) and not address.converters):
        for kind, cells_of in ((CSV, cells_of_csv), (XLSX, cells_of_xlsx)):
            response = owner.post(reverse("exports:create"), {"adres": reverse(address.name), "soort": kind})
            cells = cells_of(b"".join(owner.get(response.url).streaming_content))
            faults += [(address.name, kind, cell) for cell in faults_in(cells) + (formulas_in(cells) if kind == CSV else [])]
            readable[address.name, kind] = readable_in(cells)

    assert faults == []
    for name in ("customers:overview", "invoicing:overview", "workorders:overview"):
        assert readable[name, CSV] == readable[name, XLSX] == ALL_READABLE


def test_everything_in_one_zip(owner, invoices):
    owner.post(reverse("exports:everything"))
    export = Export.objects.get(format="zip")
    tasks.make(export.company_id, export.pk)

    with zipfile.ZipFile(io.BytesIO(b"".join(owner.get(reverse("exports:download", args=[export.pk])).streaming_content))) as archive:
        tables = {name: archive.read(name) for name in archive.namelist() if name.endswith(".csv")}

    assert {name: found for name, data in tables.items() if (found := faults_of_csv(data))} == {}
    for name in ("customers-customer", "invoicing-invoiceline", "workorders-workorder", "invoicing-mandate"):
        assert readable_in(cells_of_csv(tables[f"tabellen/{name}.csv"])) == ALL_READABLE


def test_every_file_for_the_bookkeeper(owner, documents):
    files = {}
    for kind in BookExport.Kind:
        export = exported(owner, kind)
        assert (export.state, export.invoice_count) == ("done", len(documents))
        files[kind] = bytes_of(owner, export)

    for kind in (BookExport.Kind.XAF, BookExport.Kind.EXACT):
        assert faults_in(texts_of_xml(files[kind])) == []
    for kind in (BookExport.Kind.CSV, BookExport.Kind.EBOEKHOUDEN):
        assert faults_of_csv(files[kind]) == []
    cells = cells_of_xlsx(files[BookExport.Kind.XLSX])
    assert faults_in(cells) == []
    assert readable_in(cells) == ALL_READABLE
    with zipfile.ZipFile(io.BytesIO(files[BookExport.Kind.MONEYBIRD])) as archive:
        assert archive.testzip() is None
        assert faults_in(archive.namelist()) == []
        assert len(archive.namelist()) >= len(documents)


def test_every_e_invoice(invoices):
    for invoice in invoices:
        invoice.buyer |= {"e_invoice": "peppol", "kvk_number": "87654321"}

    made = [texts_of_xml(ubl.build(invoice, None)) for invoice in invoices]

    assert faults_in(chain.from_iterable(made)) == []
    assert readable_in(made[-1]) == ALL_READABLE  # as lines
    assert set().union(*map(readable_in, made[:-1])) == ALL_READABLE  # and as names


def test_every_pdf_and_the_mail_that_brings_one(owner, documents, mailoutbox):
    message = Message.objects.get()

    delivery.deliver(message.company_id, message.pk)

    [mail] = mailoutbox
    [(name, data, kind)] = mail.attachments
    assert (name, kind) == (f"{documents[-1]}.pdf", "application/pdf")
    assert data.startswith(b"%PDF-")
    assert len(data) > 10_000
    for page in ("workorders:slip", "workorders:label"):
        assert owner.get(reverse(page, args=[WorkOrder.objects.latest("pk").pk])).content.startswith(b"%PDF-")


def test_the_files_for_the_bank(owner, invoices):
    day = first_bank_day(timezone.localdate() + timedelta(days=1))

    owner.post(reverse("invoicing:debits"), {"invoices": [invoice.pk for invoice in invoices], "collect_on": day.isoformat()})
    collected = DebitBatch.objects.get()
    collected.delete()
    for invoice in invoices:
        payments.register(invoice, invoice.gross_total + Decimal(1), on=timezone.localdate(), method="bank", by=owner.membership)
    accounts = {invoice: paying_back.Account(invoice.customer.name, IBAN) for invoice in paying_back.to_pay_back()}
    refunded = paying_back.make_batch(accounts, pay_on=day, by=owner.membership)

    for batch in (collected, refunded):
        texts = texts_of_xml(batch.xml.encode())
        assert "Cafe Zoe Angstrom" in texts
        assert [text for text in texts if not TAKEN_BY_BANKS.fullmatch(text)] == []


def test_the_planning_as_a_calendar(owner, invoices):
    owner.post(reverse("workorders:feeds"), {})
    address = owner.get(reverse("workorders:feeds")).context["address"]

    data = Client().get("/agenda/" + address.partition("/agenda/")[2]).content

    events = Calendar.from_ical(data).walk("VEVENT")
    assert len(events) == len(invoices)
    assert faults_in(str(event[part]) for event in events for part in ("summary", "description")) == []
    assert readable_in([str(event["description"]) for event in events]) == ALL_READABLE
    assert faults_in(data.decode().replace("\r\n ", "").split("\r\n")) == []


@pytest.mark.parametrize("event", by_key().values())
def test_every_mail(company, event):
    for number, text in enumerate(map(clean, EVERY_NASTY)):  # as it is stored
        company.name, language = text, Language.values[number % len(Language)]
        words = {name: text if isinstance(value, str) else value for name, value in examples(event, company).items()}
        message = Message(event=event, to_name=text, to_email="k@glans.example", **letter(event, language, words))

        mail = message_from_bytes(delivery.build(message, company=company).message().as_bytes(), policy=policy.default)

        assert mail["To"].addresses[0].display_name.split() == one_line(text).split()
        assert faults_in(str(mail[name]) for name in ("Subject", "From", "To", "Reply-To")) == []
        for part in mail.iter_parts():
            assert faults_in(part.get_content().replace("\r\n", "\n").split("\n")) == []


def test_the_pages_that_show_it(owner, company, invoices, silent_log):
    """Each text on a page of one kind, and all of them on the pages of the last."""
    kinds = cycle(
        [("workorders:detail", "order"), ("customer-file", "customer"), ("vehicle-page", "vehicle"), ("invoicing:detail", "invoice")]
    )
    pages = [reverse(address.name) for address in addresses() if is_list(address) and not address.converters]
    for invoice in [*invoices, *[invoices[-1]] * 3]:
        order = invoice.lines.first().order
        numbers = {"order": order.pk, "customer": invoice.customer_id, "vehicle": order.vehicle_id, "invoice": invoice.pk}
        name, of = next(kinds)
        pages.append(reverse(name, args=[numbers[of]]))

    answers = {path: owner.get(path) for path in pages}

    assert {path: page.status_code for path, page in answers.items() if page.status_code != 200} == {}
    assert [(path, fault) for path, page in answers.items() for fault in faults_of(page)] == []
