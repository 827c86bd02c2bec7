"""What people paste and attackers send, in each cell of each kind of import and each text of a bank statement; and in what leaves."""

import csv
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from cleanconnect.texts import clean
from cleanconnect.xml import xml_text
from customers.models import Customer
from imports import values
from imports.columns import COLUMNS
from imports.models import Import
from imports.tests.given import csv_file, imported, workbook
from invoicing.models import BankLine, BankStatement
from invoicing.tests.test_bank import DATA, taken_in
from tests.factories import CustomerFactory, CustomerTypeFactory, VehicleTypeFactory
from tests.test_nasty_forms import faults_of, saved, texts_of
from tests.test_texts import EVERY_NASTY, MORE_READABLE, READABLE

WORDS = {values.text, values.long_text}


def rows_of(kind, texts):
    """The headers and, per text, a row that has it in each cell and one that is right but for its words."""
    columns = COLUMNS[kind]
    yield [str(column.label) for column in columns]
    for at, text in enumerate(texts):
        own = {"number": at, "plate": f"XX-{at:03}-X", "vin": "", "origin": f"W-{at}", "customer": "1001"}
        own |= {} if kind == "services" else {"type": "Auto standaard"}
        yield [text for _column in columns]
        yield [own.get(column.key, text if column.clean in WORDS else column.examples[0]) for column in columns]


def as_csv(rows):
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerows(rows)
    return csv_file(written.getvalue())


def is_encodable(text):
    return text.encode("utf-8", "ignore").decode() == text


@pytest.mark.parametrize("write", [as_csv, lambda rows: workbook(*rows)], ids=["csv", "xlsx"])
@pytest.mark.parametrize("kind", COLUMNS)
def test_every_text_in_every_cell_of_an_import(owner, silent_log, kind, write):
    texts = [text for text in EVERY_NASTY if is_encodable(text)]
    if write is not as_csv:  # what XML cannot hold, no program writes into a workbook
        texts = [text for text in texts if not ILLEGAL_CHARACTERS_RE.search(text) and xml_text(text) == text]
    VehicleTypeFactory(name="Auto standaard"), CustomerFactory(number="1001"), CustomerTypeFactory(name="Auto standaard")
    with saved() as rows:
        found = imported(owner, kind, write(rows_of(kind, texts)), only_good=True)
        page = owner.get(reverse("imports:detail", args=[found.pk]))

    assert (found.state, found.failure) == (Import.State.DONE, "")
    assert list(faults_of(page)) == []
    stored = {text for row in rows for text in texts_of(row)}
    assert [text for text in stored if clean(text) != text] == []
    assert found.wrong_count >= len(texts) / 2


def test_every_text_that_can_be_read_is_a_customer_afterwards(owner, silent_log):
    texts = [text for text in READABLE + MORE_READABLE if len(text) <= 100]

    imported(owner, "customers", as_csv([["Naam", "Type klant"], *([text, "Zakelijk"] for text in texts)]))

    assert set(Customer.objects.values_list("name", flat=True)) == set(texts)
    for address in ("customers:overview", "imports:overview"):
        assert list(faults_of(owner.get(reverse(address)))) == []


def camt(texts):
    """A statement of which each line has a text as name and as description."""
    given = (DATA / "camt053.xml").read_text()
    head, entry = given[: given.index("<Ntry>")], given[given.index("<Ntry>") : given.index("</Ntry>") + len("</Ntry>")]
    lines = [
        entry.replace("Garage Bakker &amp; Zn.", text).replace("<Ustrd>bedankt</Ustrd>", f"<Ustrd>{text}</Ustrd>")
        for text in (xml_text(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for text in texts)
    ]
    return (head + "".join(lines) + "</Stmt></BkToCstmrStmt></Document>").encode()


def mt940(texts):
    given = (DATA / "mt940.sta").read_bytes()
    start, end = given.index(b":61:261119C"), given.index(b":61:261119D")
    entry = given[start:end]
    lines = [entry.replace(b"Garage Bakker & Zn.", text).replace(b"bedankt", text) for text in map(as_bytes, texts)]
    closing = f":62F:C261119EUR{Decimal(1000) + len(lines) * Decimal('30.25'):015.2f}".replace(".", ",").encode()
    return given[:start] + b"".join(lines) + closing + b"\n-\n"


def as_bytes(text):
    return text.replace("\n", " ").replace("\r", " ").encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("write", [camt, mt940])
def test_every_text_in_a_bank_statement(owner, silent_log, write):
    page = taken_in(owner, SimpleUploadedFile("afschrift", write(EVERY_NASTY)))

    assert BankStatement.objects.get().state == BankStatement.State.DONE
    lines = list(BankLine.objects.all())
    assert len(lines) == len(EVERY_NASTY)
    assert [text for line in lines for text in texts_of(line) if clean(text) != text] == []
    assert list(faults_of(page)) == []
