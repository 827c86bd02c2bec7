"""Files as Excel and LibreOffice write them, and files that are no good: always a message, never a fault, nothing half imported."""

import io
import struct
import zipfile
import zlib
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django.asserts import assertContains

from customers.models import Customer
from imports import values
from imports.models import Import
from imports.tests.given import DATA, checked, counts, csv_file, imported, upload, workbook
from services.models import Service
from workorders.models import WorkOrder

ROWS = [["Klantnummer", "Naam", "Plaats"], ["1001", "Café Zoë", "’s-Hertogenbosch"]]
AS_CSV = "Klantnummer;Naam;Plaats\r\n1001;Café Zoë;’s-Hertogenbosch\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_letters_come_in_as_they_were_written(owner, encoding):
    imported(owner, "customers", csv_file(AS_CSV, encoding))

    assert Customer.objects.values_list("name", "city").get() == ("Café Zoë", "’s-Hertogenbosch")


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("told", ["", "sep={}\r\n"])
def test_every_delimiter_is_recognised_also_around_quoted_text(owner, delimiter, told):
    lines = [["Klantnummer", "Naam", "Notitie"], ["1001", "De Vries", '"Regel een,\r\nregel; ""twee"""']]
    text = told.format(delimiter) + "\r\n".join(delimiter.join(line) for line in lines)

    imported(owner, "customers", csv_file(text))

    assert Customer.objects.get().note == 'Regel een,\nregel; "twee"'


def test_a_file_of_excel_nl_with_telephone_numbers_as_numbers_and_empty_rows(owner):
    found = imported(owner, "customers", SimpleUploadedFile("klanten.csv", (DATA / "klanten-excel-nl.csv").read_bytes()), only_good=True)

    assert counts(found) == (2, 0, 0, 1)
    assert found.problems == [[6, "E-mail", "Voer een geldig e-mailadres in."]]
    assert list(Customer.objects.order_by("number").values_list("name", "phone", "kvk_number", "work_through_limit")) == [
        ("Autobedrijf Müller & Zn.", "0101234567", "01234567", Decimal("1234.50")),
        ("Café ’t Hoekje", "0612345678", "", None),
    ]


def test_a_workbook_with_a_title_above_numbers_dates_and_merged_cells(owner):
    book = openpyxl.Workbook()
    book.active.append(["Klantenlijst van Glans"])
    book.active.merge_cells("A1:C1")
    book.active.append([])
    book.active.append(["Klantnummer", "Naam", "Postcode", "Tel", None])
    book.active.append([1001.0, "De Vries", 1234, 612345678])
    made = io.BytesIO()
    book.save(made)

    found = checked(owner, "customers", SimpleUploadedFile("k.xlsx", made.getvalue()))

    assert found.problems == [[4, "Postcode", "Een postcode ziet eruit als 1234 AB."]]
    assert found.headers == ["Klantnummer", "Naam", "Postcode", "Tel"]


def test_a_formula_counts_with_its_outcome_and_without_one_it_is_told_where(owner):
    file = workbook(["Klantnummer", "Naam"], ["1001", '=CONCATENATE("a","b")'], ["1002", "#REF!"])

    found = checked(owner, "customers", file)

    assert [problem[:2] for problem in found.problems] == [[2, "Naam"], [3, "Naam"]]
    assert "formule zonder uitkomst" in found.problems[0][2]
    assert "#REF!" in found.problems[1][2]


def bomb():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"<x>" + b"0" * 60_000_000)
    return packed.getvalue()


def lying_bomb():
    """As `bomb`, but its directory says that it is small."""
    data = bomb()
    return data.replace(struct.pack("<I", 60_000_003), struct.pack("<I", 100))


def entities():
    packed = io.BytesIO()
    source = io.BytesIO(workbook(["Naam"], ["x"]).read())
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(packed, "w") as new:
        for part in old.namelist():
            evil = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>'
            new.writestr(part, (evil + old.read(part)) if part.startswith("xl/worksheets") else old.read(part))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Het bestand is leeg."),
        (b"\xef\xbb\xbf\r\n;;;\r\n", "Het bestand is leeg."),
        (b"Naam;Plaats\r\n", "geen rijen daaronder"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "Opslaan als, Excel-werkmap (.xlsx) zonder wachtwoord"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Dit is geen CSV- of Excel-bestand"),
        (b"%PDF-1.7 ...", "Dit is geen CSV- of Excel-bestand"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "Dit is geen CSV- of Excel-bestand"),
        (b"PK\x03\x04 stuk", "Dit is geen CSV- of Excel-bestand"),
        (b"PK\x05\x06" + b"\x00" * 18, "Dit is geen CSV- of Excel-bestand"),
        (b"\xff\xfea", "De letters in dit bestand zijn niet te lezen"),
        (b"Naam;Plaats\n" + b'"' + b"x" * 200_000 + b"\n", "Rij 2 is niet te lezen"),
        (zlib.compress(b"x" * 1000), "Dit is geen CSV- of Excel-bestand"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(owner, data, said):
    response = upload(owner, "customers", SimpleUploadedFile("bestand.csv", data))

    if response.status_code == 302:  # kept, and then a worker could not read it
        assertContains(owner.get(response.url), said)
        assert Import.objects.get().state == "failed"
    else:
        assertContains(response, said, status_code=422)
        assert not Import.objects.exists()


@pytest.mark.parametrize("make", [bomb, lying_bomb, entities])
def test_a_workbook_made_to_hurt_is_refused(owner, make):
    upload(owner, "customers", SimpleUploadedFile("bestand.xlsx", make()))

    found = Import.objects.get()
    assert (found.state, found.headers) == ("failed", [])
    assert "Excel-bestand" in found.failure


def test_a_file_of_50_mb_is_refused_with_its_size_and_the_limit(owner):
    response = upload(owner, "customers", SimpleUploadedFile("groot.csv", b"Naam;Plaats\n" + b"x;y\n" * 13_107_200))

    assertContains(response, "50 MB; het maximum is 20 MB", status_code=422)


def test_the_limit_is_told_before(owner):
    assertContains(owner.get("/import-en-export/importeren/"), "ten hoogste 20 MB en 20.000 rijen")


def test_too_many_rows_are_told_and_nothing_is_imported(owner, settings):
    settings.IMPORT_MAX_ROWS = 3

    found = checked(owner, "customers", csv_file("Naam\n" + "x\n" * 100))

    assert found.state == "failed"
    assert "meer dan 3 rijen" in found.failure


def test_a_header_that_stands_there_twice_is_said(owner):
    response = upload(owner, "customers", csv_file("Naam;Naam;Plaats\nAnna;Bert;Delft\n"))

    page = owner.get(response.url, follow=True)
    assertContains(page, "Het kopje ‘Naam’ staat 2 keer in het bestand")
    assertContains(page, "B: Naam (Bert)")


@pytest.mark.parametrize("text", ["\U0001f697 Garage", "<b>Vries</b>", "=cmd|' /C calc'!A0"])
def test_strange_text_comes_in_as_text(owner, text):
    imported(owner, "customers", csv_file(f"Naam;Plaats\n{text};Delft\n"))

    assert Customer.objects.get().name == text


def test_text_that_does_not_fit_is_told_at_its_row_and_column(owner):
    found = checked(owner, "customers", csv_file(f"Naam;Plaats\nGoed;Delft\n{'x' * 101};Delft\n"))

    ((row, column, told),) = found.problems
    assert (row, column) == (3, "Naam")
    assert "100" in told


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1.234,50", "1234.50"),
        ("1234.5", "1234.50"),
        ("€ 12", "12"),
        ("12,-", "12"),
        ("1,234.50", "1234.50"),
        ("0.500", "0.50"),
        (45.5, "45.50"),
        (7, "7"),
        ("0,05", "0.05"),
        (19.999, "20.00"),
    ],
)
def test_amounts_are_read_as_people_write_them(cell, amount):
    assert values.amount(cell) == Decimal(amount)


@pytest.mark.parametrize(
    "cell",
    ["", "abc", "1,234", "1.234", "0.500.000", "-5", "1e9", "NaN", "100000", float("inf"), float("nan"), True, date(2025, 1, 1), "9" * 50],
)
def test_what_is_no_amount_is_refused(cell):
    with pytest.raises(ValidationError):
        values.amount(cell)


@pytest.mark.parametrize(
    "cell", ["14-03-2025", "14/3/2025", "2025-03-14", "14.03.2025", "14-03-25", "14-03-2025 09:30", "45730", 45730, date(2025, 3, 14)]
)
def test_dates_are_read_as_people_and_excel_write_them(cell):
    assert values.day(cell) == date(2025, 3, 14)


@pytest.mark.parametrize("cell", ["31-02-2025", "morgen", "99999999", "", -1, float("nan"), True])
def test_what_is_no_date_is_refused(cell):
    with pytest.raises(ValidationError):
        values.day(cell)


def test_a_number_that_excel_cut_short_is_told():
    with pytest.raises(ValidationError, match="afgekort"):
        values.phone("6,12E+08")


LIBREOFFICE = ("klanten-libreoffice.xlsx", *(f"klanten-libreoffice-{encoding}.csv" for encoding in ("windows-1252", "utf-8", "utf-16")))


@pytest.mark.parametrize("name", LIBREOFFICE)
def test_what_libreoffice_7_wrote_with_formulas_accents_and_every_encoding(owner, name):
    found = imported(owner, "customers", SimpleUploadedFile(name, (DATA / name).read_bytes()))

    assert counts(found) == (3, 0, 0, 0), found.problems
    assert list(
        Customer.objects.order_by("number").values_list(
            "name", "phone", "postcode", "house_number", "work_through_limit", "payment_term_days"
        )
    ) == [
        ("Autobedrijf Müller & Zn.", "0101234567", "3401 AB", "12", Decimal("1234.50"), 30),
        ("Café ’t Hoekje", "06-12345678", "3411 AA", "5a", None, 14),
        ('Jansen; handel in "auto\'s"', "", "", "", None, None),
    ]


def test_dates_and_percentages_as_libreoffice_7_wrote_them(owner):
    imported(owner, "customers", SimpleUploadedFile("k.xlsx", (DATA / "klanten-libreoffice.xlsx").read_bytes()))

    file = SimpleUploadedFile("historie.xlsx", (DATA / "historie-libreoffice.xlsx").read_bytes())
    found = imported(owner, "history", file, vast_type="Auto standaard")

    assert counts(found) == (2, 0, 0, 0), found.problems
    orders = WorkOrder.objects.order_by("planned_on")
    assert [(order.planned_on, order.lines.get().unit_price, order.lines.get().vat_rate) for order in orders] == [
        (date(2025, 3, 14), Decimal("45.50"), "21"),
        (date(2025, 3, 15), Decimal("125.00"), "21"),
    ]


PRICES = "Soort voertuig;Groep;Handeling;Prijs\n"


def prices(*cells):
    return csv_file(PRICES + "".join(f"Auto;Test;Handeling {number};{cell}\n" for number, cell in enumerate(cells, start=1)))


def made_prices():
    return list(Service.objects.order_by("name").values_list("price", flat=True))


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["12,50", "45.000"], ["12.50", "45000"]),
        (["12.50", "45.000"], ["12.50", "45"]),
        (["0.500", "45.000"], ["0.50", "45"]),
        (["1,234.50", "45,000"], ["1234.50", "45000"]),
        (["1.234,50", "45,125"], ["1234.50", "45.13"]),
        (["1.234.567", "12"], None),
    ],
)
def test_what_an_amount_in_thousands_means_shows_from_its_column(owner, cells, expected):
    found = imported(owner, "services", prices(*cells))

    if expected is None:
        assert "te groot" in found.problems[0][2]
    else:
        assert made_prices() == [Decimal(price) for price in expected], found.problems


@pytest.mark.parametrize("cells", [["45.000"], ["12.50", "1.250,00", "45.000"]])
def test_an_amount_that_can_mean_two_things_is_asked(owner, cells):
    found = checked(owner, "services", prices(*cells))

    assert [problem[:2] for problem in found.problems] == [[len(cells) + 1, "Prijs"]]
    assert "met of zonder duizendtallen" in found.problems[0][2]


@pytest.mark.parametrize(("sign", "expected"), [(",", "45000"), (".", "45")])
def test_a_person_says_what_stands_before_the_cents(owner, sign, expected):
    found = checked(owner, "services", prices("45.000"))
    page = reverse("imports:columns", args=[found.pk])
    assertContains(owner.get(page), "de centen staan achter")

    imported(owner, "services", prices("45.000"), punt_price=sign)

    assert made_prices() == [Decimal(expected)]


def test_three_decimals_are_never_a_thousand_times_as_much(owner):
    found = imported(owner, "services", prices("0.500", "45.000", "1.250,00", "12.50"), only_good=True)

    assert made_prices() == [Decimal("0.50"), Decimal("1250.00"), Decimal("12.50")]
    assert [problem[:2] for problem in found.problems] == [[3, "Prijs"]]
