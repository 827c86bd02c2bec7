"""Small files that unpack to something enormous, and pictures named as a list: refused before they cost anything."""

import io
import zipfile

import openpyxl
import pytest
from PIL import Image

from imports import reading
from imports.reading import MAX_COLUMNS, MAX_LINES, MAX_PARTS, MAX_UNPACKED, Unreadable, rows_of
from imports.tests.given import workbook

SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'


def with_part(name, data):
    """A workbook as openpyxl writes it, with this part in it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(workbook(["Naam"], ["x"])) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in {*old.namelist()} - {name}:
            new.writestr(part, old.read(part))
        new.writestr(name, data)
    return packed.getvalue()


def many(part, count):
    return b"<x>" + b"<%s></%s>" % (part, part) * count + b"</x>"


@pytest.fixture
def unpacked(monkeypatch):
    """The bytes that were unpacked of workbooks, and whether openpyxl was given one."""
    read, seen = zipfile.ZipExtFile.read, {"bytes": 0, "opened": 0}
    load = openpyxl.load_workbook

    def counted(file, *args):
        data = read(file, *args)
        seen["bytes"] += len(data)
        return data

    def opened(*args, **kwargs):
        seen["opened"] += 1
        return load(*args, **kwargs)

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
    monkeypatch.setattr(openpyxl, "load_workbook", opened)
    return seen


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("xl/sharedStrings.xml", b"si"),
        ("xl/worksheets/sheet1.xml", b"row"),
        ("xl/worksheets/sheet1.xml", b"c"),
        ("xl/styles.xml", b"xf"),
    ],
)
def test_a_workbook_of_millions_of_parts_is_given_up_at_the_limit(unpacked, name, part):
    data = with_part(name, many(part, 2_100_000))
    unpacked["bytes"] = 0

    with pytest.raises(Unreadable, match="uitgepakt te groot"):
        list(rows_of(io.BytesIO(data)))

    assert len(data) < 150_000
    assert unpacked["opened"] == 0
    assert unpacked["bytes"] <= MAX_PARTS[part] * len(many(part, 1)) + 200_000


def test_no_more_is_unpacked_than_the_limit(unpacked):
    packed = workbook(["Naam"], ["x"]).file
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/more.xml", b"0" * (MAX_UNPACKED + 1))
    packed.seek(0)

    with pytest.raises(Unreadable, match="uitgepakt te groot"):
        list(rows_of(packed))

    assert (unpacked["opened"], unpacked["bytes"]) == (0, 0)


def test_the_parts_are_counted_wherever_a_block_of_the_file_ends(monkeypatch):
    counts = reading.Counter()
    sheet = SHEET % b"".join(b'<row r="%d"><c r="A%d"><f>1</f><v>%d</v></c></row>' % (row, row, row) for row in range(1, 5001))
    with zipfile.ZipFile(io.BytesIO(with_part("xl/worksheets/sheet1.xml", sheet))) as archive:
        reading._count_parts(archive, "xl/worksheets/sheet1.xml", counts)

    assert counts == {"bytes": len(sheet), b"row": 5000, b"c": 5000, b"f": 5000}


def test_a_cell_in_the_far_corner_makes_no_million_rows(monkeypatch):
    rows = b'<row r="1"><c r="A1" t="inlineStr"><is><t>Naam</t></is></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    data = with_part("xl/worksheets/sheet1.xml", SHEET % rows)
    seen, checked = [], reading._checked
    monkeypatch.setattr(reading, "_checked", lambda cells: seen.append(len(cells)) or checked(cells))

    with pytest.raises(Unreadable, match=r"100\.000 regels, de lege meegeteld"):
        list(rows_of(io.BytesIO(data)))

    assert (len(seen), max(seen)) == (MAX_LINES + 1, 1)


def test_a_row_is_no_wider_than_we_look():
    rows = b'<row r="1"><c r="A1"><v>7</v></c><c r="XFD1"><v>1</v></c></row>'

    ((_number, cells),) = rows_of(io.BytesIO(with_part("xl/worksheets/sheet1.xml", SHEET % rows)))

    assert cells == [7]
    assert len(cells) <= MAX_COLUMNS


@pytest.mark.parametrize(
    "data",
    [
        b"Naam\n" + b"\n" * 19_000_000 + b"x\n",
        b"Naam\n" + b"x;y\n" + b";" * 19_000_000,
        b"Naam\n" + b'";' * 1_000_000,
        b'Naam\nx;"' + b'";"\n' * 1_000_000,
        b"Naam\n" + b"\n;\n" * 6_000_000,
    ],
    ids=["empty lines", "one line", "quotes", "one row", "empty cells"],
)
def test_a_csv_of_nothing_is_given_up_at_the_limit(monkeypatch, data):
    lines, read = [], reading.csv.reader

    def counted(source, **options):
        return read((lines.append(1) or line for line in source), **options)

    monkeypatch.setattr(reading.csv, "reader", counted)

    with pytest.raises(Unreadable):
        list(rows_of(io.BytesIO(data)))

    assert len(lines) <= MAX_LINES + 100


@pytest.mark.parametrize("format", ["BMP", "WEBP", "AVIF", "PNG", "JPEG", "GIF", "TIFF", "ICO", "HEIF", "TGA"])
@pytest.mark.parametrize(
    "picture", [Image.effect_noise((64, 64), 80).convert("RGB"), Image.new("RGB", (64, 64), "#203040")], ids=["noise", "one colour"]
)
def test_a_picture_is_no_csv(format, picture):
    made = io.BytesIO()
    picture.save(made, format)

    with pytest.raises(Unreadable, match="Dit is geen CSV"):
        list(rows_of(io.BytesIO(made.getvalue())))


def test_a_stray_sign_that_is_no_text_still_leaves_a_csv():
    data = "Naam;Plaats\nCafé\x00 Zoë;Delft\nA\x0b;B\x1f\n".encode("cp1252")

    assert [number for number, _cells in rows_of(io.BytesIO(data))] == [1, 2, 3]
