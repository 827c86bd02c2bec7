"""Boekhouding: an export holds every invoice of a period once, to the cent, on the right accounts, and stays as it was made."""

import csv
import io
import zipfile
from decimal import Decimal

import pytest
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from lxml import etree
from openpyxl import load_workbook
from pytest_django.asserts import assertContains, assertNotContains

from bookkeeping import tasks
from bookkeeping.models import BookedInvoice, BookExport, LedgerCodes
from cleanconnect.jobs import Job
from invoicing import tasks as invoicing_tasks
from invoicing.collecting import Discount, issue_invoice
from invoicing.crediting import issue_credit_note
from invoicing.models import Invoice
from invoicing.tests.given import buyer, complete, finished_order
from tests.factories import WorkOrderLineFactory

XAF = {"x": "http://www.auditfiles.nl/XAF/3.2"}


@pytest.fixture
def seller(company):
    return complete(company)


@pytest.fixture
def garage(seller):
    return buyer(number="K-42")


@pytest.fixture
def invoices(owner, garage):
    """Two invoices of several rates and accounts, and a credit note of one of them."""
    order = finished_order(garage, "33.33", "10.05", by=owner.membership)
    WorkOrderLineFactory(order=order, unit_price=Decimal("12.50"), vat_rate="9", service__group__ledger_code="8010")
    WorkOrderLineFactory(order=order, unit_price=Decimal("99.99"), vat_rate="21", service__group__ledger_code="8020")
    first = issue_invoice(garage, [order], by=owner.membership, discount=Discount(Decimal("5")))
    second = issue_invoice(garage, [finished_order(garage, "100.00", by=owner.membership)], by=owner.membership)
    note = issue_credit_note(first, first.lines.all()[:2], reason="Kras", release=False, by=owner.membership)
    return [first, second, note]


def typed(kind="csv", **fields):
    today = timezone.localdate()
    return {"kind": kind, "first": today.replace(day=1).isoformat(), "last": today.isoformat()} | fields


def exported(client, kind):
    """An export asked for on the page and made by the worker."""
    response = client.post(reverse("bookkeeping:overview"), typed(kind))
    assert response.status_code == 302, response.context["form"].errors
    export = BookExport.objects.first()
    tasks.make_file(export.company_id, export.pk)
    export.refresh_from_db()
    return export


def bytes_of(client, export):
    return b"".join(client.get(reverse("bookkeeping:download", args=[export.pk])).streaming_content)


def rows_of(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def amount(text):
    return Decimal(text.replace(",", "."))


def test_the_totals_are_those_of_the_invoices(owner, invoices):
    export = exported(owner, "csv")
    rows = rows_of(bytes_of(owner, export))

    for invoice in invoices:
        own = [row for row in rows if row["Factuurnummer"] == invoice.number]
        assert sum(amount(row["Bedrag excl. btw"]) for row in own) == invoice.net_total
        assert sum(amount(row["Btw-bedrag"]) for row in own) == invoice.vat_total
        assert sum(amount(row["Bedrag incl. btw"]) for row in own) == invoice.gross_total
    assert export.adds_up
    assert export.invoice_count == 3
    assert {row["Klantnummer"] for row in rows} == {"K-42"}
    assert {row["Grootboekrekening"] for row in rows} == {"8000", "8010", "8020"}
    page = owner.get(reverse("bookkeeping:overview"))
    assertContains(page, "klopt met de facturen")


def test_a_credit_is_on_the_account_of_what_it_takes_back(owner, garage):
    order = finished_order(garage, by=owner.membership)
    WorkOrderLineFactory(order=order, unit_price=Decimal("50.00"), service__group__ledger_code="8010")
    invoice = issue_invoice(garage, [order], by=owner.membership)
    issue_credit_note(invoice, invoice.lines.all(), reason="Dubbel", release=False, by=owner.membership)

    rows = rows_of(bytes_of(owner, exported(owner, "csv")))

    assert [(row["Grootboekrekening"], row["Bedrag excl. btw"]) for row in rows] == [("8010", "50,00"), ("8010", "-50,00")]


def test_a_group_may_have_a_vat_code_of_its_own_but_not_for_reversed_vat(owner, garage):
    order = finished_order(garage, "10.00", by=owner.membership)
    WorkOrderLineFactory(order=order, unit_price=Decimal("50.00"), service__group__vat_code="MARGE")
    abroad = buyer(name="Lackpflege GmbH", country="DE", vat_number="DE136695976", vat_reversed=True)
    there = finished_order(abroad, by=owner.membership)
    WorkOrderLineFactory(order=there, unit_price=Decimal("70.00"), service=order.lines.last().service)
    issue_invoice(garage, [order], by=owner.membership)
    issue_invoice(abroad, [there], by=owner.membership)

    rows = rows_of(bytes_of(owner, exported(owner, "csv")))

    assert {(row["Btw-code"], row["Bedrag excl. btw"]) for row in rows} == {
        ("HOOG_VERK_21", "10,00"),
        ("MARGE", "50,00"),
        ("BI_EU_VERK", "70,00"),
    }
    xaf = bytes_of(owner, exported(owner, "xaf")).decode()
    assert "<vatID>MARGE</vatID>" in xaf.partition("<transactions>")[0]


def test_an_invoice_goes_once_for_each_kind(owner, invoices, garage):
    export = exported(owner, "csv")
    assertContains(owner.post(reverse("bookkeeping:overview"), typed("csv")), "niet al eerder", status_code=422)
    assert exported(owner, "eboekhouden").invoice_count == 3

    later = issue_invoice(garage, [finished_order(garage, "10.00", by=owner.membership)], by=owner.membership)
    again = exported(owner, "csv")

    assert [row["Factuurnummer"] for row in rows_of(bytes_of(owner, again))] == [later.number]
    assert BookedInvoice.objects.filter(kind="csv").count() == 4
    assert len(rows_of(bytes_of(owner, export))) > 3


def test_the_same_file_whenever_it_is_asked_for(owner, invoices):
    export = exported(owner, "csv")
    before = bytes_of(owner, export)
    LedgerCodes.objects.create(revenue="9999")
    tasks.make_file(export.company_id, export.pk)

    assert bytes_of(owner, export) == before


def test_a_worker_that_died_is_repeated_and_gives_up_in_the_end(owner, invoices, monkeypatch):
    owner.post(reverse("bookkeeping:overview"), typed("csv"))
    export = BookExport.objects.get()

    def die(*args, **kwargs):
        raise SystemExit

    monkeypatch.setattr("bookkeeping.files.write", die)
    for _attempt in range(3):
        Job.objects.update(due_at=Now())
        with pytest.raises(SystemExit):
            tasks.make_file(export.company_id, export.pk)

    Job.objects.update(due_at=Now())
    tasks.make_file(export.company_id, export.pk)
    export.refresh_from_db()
    assert (export.state, "afgebroken" in export.failure) == ("failed", True)
    assert not Job.objects.of(tasks.make_file, export).exists()
    assertContains(owner.get(reverse("bookkeeping:overview")), "Niet gelukt")


def test_the_last_one_is_taken_back_after_asking(owner, invoices):
    first, second = exported(owner, "csv"), exported(owner, "exact")
    assertContains(owner.get(reverse("bookkeeping:undo", args=[first.pk])), "3 facturen kunnen opnieuw mee")

    owner.post(reverse("bookkeeping:undo", args=[first.pk]))

    assert list(BookExport.objects.all()) == [second]
    again = exported(owner, "csv")
    assert again.invoice_count == 3


def test_an_older_one_is_not_taken_back(owner, invoices, garage):
    first = exported(owner, "csv")
    issue_invoice(garage, [finished_order(garage, "10.00", by=owner.membership)], by=owner.membership)
    exported(owner, "csv")

    assertContains(owner.post(reverse("bookkeeping:undo", args=[first.pk]), follow=True), "Alleen de laatste")
    assert BookExport.objects.count() == 2


def test_excel_has_numbers_and_dates(owner, invoices):
    book = load_workbook(io.BytesIO(bytes_of(owner, exported(owner, "xlsx"))))
    rows = list(book.active.iter_rows(min_row=2, values_only=True))

    assert sum(Decimal(str(row[11])) for row in rows) == sum(invoice.gross_total for invoice in invoices)
    assert {row[0].date() for row in rows} == {timezone.localdate()}


def test_an_audit_file_balances_and_names_what_it_uses(owner, invoices):
    root = etree.fromstring(bytes_of(owner, exported(owner, "xaf")))

    def texts(path):
        return [node.text for node in root.iterfind(f".//x:{path.replace('/', '/x:')}", XAF)]

    debit = sum(Decimal(line.findtext("x:amnt", namespaces=XAF)) for line in lines_of(root, "D"))
    credit = sum(Decimal(line.findtext("x:amnt", namespaces=XAF)) for line in lines_of(root, "C"))
    assert debit == credit == Decimal(texts("transactions/totalDebit")[0]) == Decimal(texts("transactions/totalCredit")[0])
    assert int(texts("transactions/linesCount")[0]) == len(texts("trLine"))
    for transaction, invoice in zip(root.iterfind(".//x:transaction", XAF), invoices, strict=True):
        signed = [
            Decimal(line.findtext("x:amnt", namespaces=XAF)) * (1 if line.findtext("x:amntTp", namespaces=XAF) == "D" else -1)
            for line in transaction.iterfind("x:trLine", XAF)
        ]
        assert sum(signed) == 0
        assert signed[0] == invoice.gross_total
    assert set(texts("trLine/accID")) <= set(texts("ledgerAccount/accID"))
    assert set(texts("trLine/custSupID")) <= set(texts("customerSupplier/custSupID"))
    assert set(texts("vat/vatID")) <= set(texts("vatCode/vatID"))
    assert set(texts("transaction/periodNumber")) <= set(texts("period/periodNumber"))
    assert [part.tag.rpartition("}")[2] for part in root.find("x:company", XAF)] == [
        *("companyIdent", "companyName", "taxRegistrationCountry", "taxRegIdent"),
        *("customersSuppliers", "generalLedger", "vatCodes", "periods", "transactions"),
    ]


def lines_of(root, kind):
    return [line for line in root.iterfind(".//x:trLine", XAF) if line.findtext("x:amntTp", namespaces=XAF) == kind]


def test_an_audit_file_tells_of_the_whole_period_each_time(owner, invoices):
    assert exported(owner, "xaf").invoice_count == exported(owner, "xaf").invoice_count == 3


def test_exact_balances(owner, invoices):
    root = etree.fromstring(bytes_of(owner, exported(owner, "exact")))

    for transaction, invoice in zip(root.iter("GLTransaction"), invoices, strict=True):
        amounts = [Decimal(value.text) for value in transaction.iter("Value")]
        assert (sum(amounts), amounts[0]) == (0, invoice.gross_total)
        assert {account.get("code") for account in transaction.iter("Account")} == {"K-42"}


def test_e_boekhouden_has_the_fields_of_a_mutatie(owner, invoices):
    rows = rows_of(bytes_of(owner, exported(owner, "eboekhouden")))

    assert {(row["Soort"], row["Rekening"], row["Relatiecode"]) for row in rows} == {("FactuurVerstuurd", "1300", "K-42")}
    assert {row["BTWCode"] for row in rows} == {"HOOG_VERK_21", "LAAG_VERK_9"}
    assert sum(amount(row["BedragInclBTW"]) for row in rows) == sum(invoice.gross_total for invoice in invoices)


def test_moneybird_gets_the_documents(owner, invoices):
    for invoice in invoices:
        invoicing_tasks.make_pdf(invoice.company_id, invoice.pk)

    archive = zipfile.ZipFile(io.BytesIO(bytes_of(owner, exported(owner, "moneybird"))))

    assert sorted(archive.namelist()) == sorted(f"{invoice.number}.pdf" for invoice in invoices)
    assert archive.read(archive.namelist()[0]).startswith(b"%PDF")


def test_the_codes_are_the_owners(owner, invoices):
    group = invoices[0].lines.get(vat_rate="9", is_discount=False).order_line.service.group
    page = owner.get(reverse("bookkeeping:codes"))
    form = page.context["form"]
    values = {name: field.initial or form.initial.get(name, "") for name, field in form.fields.items()}
    owner.post(reverse("bookkeeping:codes"), values | {"revenue": "8100", "code_low": "2", f"group_{group.pk}": "8090"})

    rows = rows_of(bytes_of(owner, exported(owner, "csv")))

    assert {row["Grootboekrekening"] for row in rows} == {"8100", "8090", "8020"}
    assert {row["Btw-code"] for row in rows} == {"HOOG_VERK_21", "2"}


@pytest.mark.parametrize("code", ["", "80 00", "=1+1", "x" * 21])
def test_a_wrong_code_is_refused_at_its_field(owner, seller, code):
    response = owner.post(reverse("bookkeeping:codes"), {"revenue": code})

    assert response.status_code == 422
    assert "revenue" in response.context["form"].errors


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "x"}, "geldige keuze"),
        ({"first": ""}, "verplicht"),
        ({"first": "2026-11-09", "last": "2026-11-01"}, "ligt voor de eerste"),
        ({"last": "2099-01-01"}, "nog niet geweest"),
        ({"first": "2020-01-01", "last": "2020-01-31"}, "niet al eerder"),
    ],
)
def test_a_period_that_cannot_be(owner, invoices, fields, said):
    assertContains(owner.post(reverse("bookkeeping:overview"), typed(**fields)), said, status_code=422)
    assert not BookExport.objects.exists()


def test_a_bookkeeper_reads_and_takes_files_along(bookkeeper, owner, invoices):
    assert bookkeeper.get(reverse("start")).url == reverse("invoicing:overview")
    for name in ("invoicing:overview", "invoicing:open-items", "invoicing:vat", "bookkeeping:overview"):
        assert bookkeeper.get(reverse(name)).status_code == 200
    page = bookkeeper.get(reverse("invoicing:detail", args=[invoices[0].pk]))
    assertContains(page, "Garage Bakker")
    assertNotContains(page, "Crediteren")
    assertNotContains(bookkeeper.get(reverse("invoicing:open-items")), "Herinneren")
    assert bytes_of(bookkeeper, exported(bookkeeper, "csv"))
    assertNotContains(bookkeeper.get(reverse("bookkeeping:overview")), "terugdraaien")
    assert Invoice.objects.count() == 3


def test_a_strange_name_is_no_formula(owner, seller):
    customer = buyer(name="=HYPERLINK(1)", number="7")
    issue_invoice(customer, [finished_order(customer, "10.00", by=owner.membership)], by=owner.membership)

    assert rows_of(bytes_of(owner, exported(owner, "csv")))[0]["Klant"] == "'=HYPERLINK(1)"
