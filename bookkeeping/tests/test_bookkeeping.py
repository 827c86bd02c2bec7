"""Boekhouding: an export holds every invoice of a period once, to the cent, on the right accounts, and stays as it was made."""

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from lxml import etree
from openpyxl import load_workbook
from pytest_django.asserts import assertContains, assertNotContains

from bookkeeping import exporting, files, rules, tasks
from bookkeeping.models import BookedInvoice, BookExport, LedgerCodes
from cleanconnect import jobs
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


# --- what goes, and what does not ------------------------------------------------------------------------------------


def test_moneybird_waits_for_documents_that_are_being_made(owner, invoices):
    owner.post(reverse("bookkeeping:overview"), typed("moneybird"))
    export = BookExport.objects.get()

    tasks.make_file(export.company_id, export.pk)

    export.refresh_from_db()
    assert export.state == "waiting"
    assert Job.objects.of(tasks.make_file, export).exists()


def test_what_moneybird_does_not_get_is_not_marked_as_gone(owner, invoices):
    first, *others = invoices
    for invoice in others:
        invoicing_tasks.make_pdf(invoice.company_id, invoice.pk)
    Job.objects.filter(row_id=first.pk).delete()  # of this one the document never came

    export = exported(owner, "moneybird")

    with zipfile.ZipFile(io.BytesIO(bytes_of(owner, export))) as archive:
        assert sorted(archive.namelist()) == sorted(f"{invoice.number}.pdf" for invoice in others)
    assert set(BookedInvoice.objects.values_list("invoice", flat=True)) == {invoice.pk for invoice in others}
    assert (export.invoice_count, export.left_out) == (2, 1)
    assert export.gross_total == sum(invoice.gross_total for invoice in others)
    assert export.adds_up
    assertContains(owner.get(reverse("bookkeeping:overview")), "1 niet mee")
    invoicing_tasks.make_pdf(first.company_id, first.pk)
    jobs.add(invoicing_tasks.make_pdf, first)
    invoicing_tasks.make_pdf(first.company_id, first.pk)
    again = exported(owner, "moneybird")
    assert [booked.invoice_id for booked in again.booked.all()] == [first.pk]


def test_moneybird_waits_no_longer_than_it_takes_and_then_gives_up(owner, invoices):
    owner.post(reverse("bookkeeping:overview"), typed("moneybird"))
    BookExport.objects.update(created_at=timezone.now() - exporting.WAITED_FOR - exporting.LOOK_AGAIN)
    export = BookExport.objects.get()

    tasks.make_file(export.company_id, export.pk)

    export.refresh_from_db()
    assert (export.state, "bestand" in export.failure) == ("failed", True)


@pytest.mark.parametrize("kind", ["csv", "exact", "moneybird"])
def test_a_failed_export_lets_go_of_all_its_invoices(owner, invoices, garage, monkeypatch, kind):
    for invoice in invoices:
        invoicing_tasks.make_pdf(invoice.company_id, invoice.pk)
    with monkeypatch.context() as patched:
        patched.setattr("bookkeeping.files.WRITERS", dict.fromkeys(BookExport.Kind.values, _broken))
        failed = exported(owner, kind)
    assert (failed.state, failed.failure) == ("failed", "Het bestand deugt niet.")
    assertContains(owner.get(reverse("bookkeeping:overview")), "Het bestand deugt niet.")

    later = issue_invoice(garage, [finished_order(garage, "10.00", by=owner.membership)], by=owner.membership)
    invoicing_tasks.make_pdf(later.company_id, later.pk)
    export = exported(owner, kind)

    assert (export.state, export.invoice_count) == ("done", 4)
    assert {booked.invoice_id for booked in export.booked.all()} == {invoice.pk for invoice in [*invoices, later]}


def _broken(*args):
    raise files.BreaksRules("Het bestand deugt niet.")


# --- the schemas of others -------------------------------------------------------------------------------------------

SCHEMAS = Path(__file__).parents[3] / "shared" / "standards" / "bookkeeping"
needs_schemas = pytest.mark.skipif(not SCHEMAS.exists(), reason="the published schemas of the bookkeeping are not on this machine")


@needs_schemas
@pytest.mark.parametrize(("kind", "schema"), [("exact", "eExact-XML.xsd"), ("xaf", "XmlAuditfileFinancieel3.2.xsd")])
def test_a_file_obeys_the_schema_of_its_reader(owner, invoices, kind, schema):
    abroad = buyer(name="Λάμψη", number="GR-1", country="GR", vat_number="EL094259216", vat_reversed=True)
    issue_invoice(abroad, [finished_order(abroad, "70.00", by=owner.membership)], by=owner.membership)
    official = etree.XMLSchema(etree.parse(str(SCHEMAS / schema)))

    assert official.validate(etree.fromstring(bytes_of(owner, exported(owner, kind)))), official.error_log


def test_exact_numbers_its_entries_itself(owner, invoices):
    root = etree.fromstring(bytes_of(owner, exported(owner, "exact")))

    assert {name for transaction in root.iter("GLTransaction") for name in transaction.attrib} == set()
    assert [transaction.findtext(".//YourRef") for transaction in root.iter("GLTransaction")] == [invoice.number for invoice in invoices]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda root: root.find(".//GLTransaction").set("entry", "2026-0001"), "entry"),
        (lambda root: root.find(".//GLTransactionLine").set("offsetline", "0"), "offsetline"),
        (lambda root: root.find(".//GLTransactionLine").append(root.find(".//GLAccount")), "children"),
        (lambda root: setattr(root.find(".//Value"), "text", "1.005"), "Value"),
        (lambda root: setattr(root.find(".//Value"), "text", "1.00"), "comes to"),
        (lambda root: root.find(".//Amount").append(etree.Element("Rate")), "Rate"),
        (lambda root: root.find(".//FinPeriod").attrib.clear(), "lacks"),
    ],
)
def test_what_exact_would_refuse_is_found_by_ourselves(owner, invoices, change, said):
    root = etree.fromstring(bytes_of(owner, exported(owner, "exact")))
    assert rules.broken(root, rules.EXACT) == []

    change(root)

    assert any(said in what for what in rules.broken(root, rules.EXACT))


@pytest.mark.parametrize(
    ("path", "value"),
    [("taxRegistrationCountry", "EL"), ("custSupName", "x" * 51), ("trDt", "1-9-2026"), ("amnt", "1,00"), ("amntTp", "X"), ("nr", "")],
)
def test_what_is_no_audit_file_is_found_by_ourselves(owner, invoices, path, value):
    root = etree.fromstring(bytes_of(owner, exported(owner, "xaf")))
    assert rules.broken(root, rules.XAF) == []

    root.find(f".//x:{path}", XAF).text = value

    assert rules.broken(root, rules.XAF)


def test_the_periods_of_an_audit_file_are_the_months_of_the_year(owner, invoices):
    today = timezone.localdate()
    owner.post(reverse("bookkeeping:overview"), typed("xaf", first=f"{today.year - 1}-11-15"))
    export = BookExport.objects.get()
    tasks.make_file(export.company_id, export.pk)

    root = etree.fromstring(bytes_of(owner, BookExport.objects.get()))

    periods = [tuple(part.text for part in period) for period in root.iterfind(".//x:period", XAF)]
    assert periods[:3] == [
        ("11", f"{today.year - 1}-11-01", f"{today.year - 1}-11-30"),
        ("12", f"{today.year - 1}-12-01", f"{today.year - 1}-12-31"),
        ("13", f"{today.year}-01-01", f"{today.year}-01-31"),
    ]
    assert {node.text for node in root.iterfind(".//x:transaction/x:periodNumber", XAF)} == {str(today.month + 12)}


@pytest.mark.parametrize(("first", "last", "numbers"), [("2026-09-03", "2026-10-01", [9, 10]), ("2026-12-31", "2027-01-01", [12, 13])])
def test_september_is_period_nine(first, last, numbers):
    assert list(files._periods(date.fromisoformat(first), date.fromisoformat(last)).values()) == numbers
