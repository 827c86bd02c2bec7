"""Workbooks of old Excel and of LibreOffice come in as any other, under the same limits."""

import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.asserts import assertContains

from customers.models import Customer
from imports.models import Import
from imports.tests.given import DATA, counts, imported, upload

ROW = "<table:table-row"
CELL = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
FULL = f"{ROW}>{CELL}</table:table-row>"


def with_rows(rows):
    """The workbook of LibreOffice with these rows in front."""
    made = io.BytesIO()
    with zipfile.ZipFile(DATA / "klanten.ods") as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text, how = old.read(name), zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            new.writestr(name, text.replace(ROW.encode(), rows.encode() + ROW.encode(), 1) if name == "content.xml" else text, how)
    return SimpleUploadedFile("klanten.ods", made.getvalue())


@pytest.mark.parametrize("name", ["klanten-excel-97.xls", "klanten.ods"])
def test_the_first_sheet_that_is_not_empty_comes_in(owner, name):
    found = imported(owner, "customers", SimpleUploadedFile(name, (DATA / name).read_bytes()))

    assert counts(found) == (2, 0, 0, 0), found.problems
    assert list(Customer.objects.order_by("number").values_list("number", "name", "phone", "city", "work_through_limit")) == [
        ("00101", "Café Müller", "0101234567", "’s-Hertogenbosch", Decimal("1234.50")),
        ("102", "Zoë BV", "06-12345678", "Delft", None),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        f'{ROW} table:number-rows-repeated="3000000">{CELL}</table:table-row>',
        f'{ROW} table:number-rows-repeated="1000000"/>{ROW}>{CELL}</table:table-row>',
        f"{ROW}>"
        + CELL.replace("office:", 'table:number-columns-repeated="16384" office:')
        + "</table:table-row>"
        + 200 * f"{ROW}>{CELL}</table:table-row>",
    ],
)
def test_a_workbook_that_repeats_itself_a_million_times_is_refused(owner, rows):
    upload(owner, "customers", with_rows(rows))

    found = Import.objects.get()
    assert (found.state, found.headers) == ("failed", [])
    assert "uitgepakt te groot" in found.failure


@pytest.mark.parametrize("name", ["klanten-excel-97.xls", "klanten.ods"])
def test_too_many_rows_of_one_are_told(owner, settings, name):
    settings.IMPORT_MAX_ROWS = -48  # and fifty for titles

    upload(owner, "customers", SimpleUploadedFile(name, (DATA / name).read_bytes()))

    assert "meer dan -48 rijen" in Import.objects.get().failure


@pytest.mark.parametrize("name", ["klanten-excel-97.xls", "klanten.ods"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_damaged_one_says_so(owner, name, part):
    data = (DATA / name).read_bytes()

    response = upload(owner, "customers", SimpleUploadedFile(name, data[: int(len(data) * part)]))

    assertContains(owner.get(response.url), "Opslaan als")
    assert Import.objects.get().state == "failed"


def test_a_number_keeps_the_zeros_that_excel_shows(owner):
    book = openpyxl.Workbook()
    book.active.append(["Klantnummer", "Naam", "Postcode", "Land"])
    book.active.append([456, "Autohaus", 1067, "DE"])
    book.active["A2"].number_format = book.active["C2"].number_format = "00000"
    made = io.BytesIO()
    book.save(made)

    imported(owner, "customers", SimpleUploadedFile("k.xlsx", made.getvalue()))

    assert Customer.objects.values_list("number", "postcode").get() == ("00456", "01067")
