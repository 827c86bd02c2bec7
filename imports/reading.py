"""A CSV or Excel file as rows of cells, whatever wrote it; every "no" is an `Unreadable` with a Dutch message."""

import csv
import io
import re
import warnings
import zipfile
from collections import Counter
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

import openpyxl
from django.conf import settings
from django.utils.translation import gettext as _

from cleanconnect.limits import EXCEEDED
from cleanconnect.spreadsheets import FORMULA

from . import letters, older_workbooks

MAX_COLUMNS = 200
MAX_LINES = 100_000  # empty ones too
MAX_LINE = 500_000  # signs in a line of text; a row of MAX_COLUMNS long cells is a tenth of it
MAX_LINES_IN_ROW = 2_000  # of text between quotation marks
MAX_UNPACKED = 50 * 2**20  # bytes of a workbook: 20,000 rows of 40 columns
MAX_PARTS = {b"si": 500_000, b"row": 2 * MAX_LINES, b"c": 2_000_000, b"xf": 100_000}  # shared strings, rows, cells, styles
MAX_SHEETS = 50  # looked at, for one that is not empty
OLE = b"\xd0\xcf\x11\xe0"
PART = re.compile(rb"<(?:\w+:)?(si|row|c|xf|f)[ />]")
PICTURES = re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF....WEBP|....ftyp|II\*\x00|MM\x00\*", re.DOTALL)
NOT_IN_TEXT = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b"))
ZEROS = re.compile("0{2,}")  # a number format that fills up with zeros
FORMULA_ERRORS = {"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"}


class Unreadable(Exception):
    """A file we cannot read; the message is for the screen."""


@dataclass(frozen=True)
class BadCell:
    """A cell without a value we may use; `reason` is for the screen."""

    reason: str


def rows_of(file):
    """Pairs (row number as the spreadsheet shows it, cells) of all rows that are not empty. Cells are text, numbers, dates or `BadCell`."""
    data = file.read()
    if len(data) > settings.IMPORT_MAX_BYTES:
        raise Unreadable(_("Het bestand is te groot; het maximum is %(mb)s MB. Verdeel het over meer bestanden.") % {"mb": max_megabytes()})
    if not data.strip(b"\x00\r\n\t ;,\xef\xbb\xbf\xff\xfe"):
        raise Unreadable(_("Het bestand is leeg."))
    refuse_at_sight(data[:65536])
    source = _source(data)
    count = 0
    for number, cells in enumerate(source, start=1):
        if number > MAX_LINES:
            raise Unreadable(
                _("Het bestand heeft meer dan %(most)s regels, de lege meegeteld. Haal de lege regels weg.")
                % {"most": _thousands(MAX_LINES)}
            )
        if any(cell not in (None, "") and not (isinstance(cell, str) and not cell.strip()) for cell in cells):
            count += 1
            if count > settings.IMPORT_MAX_ROWS + 50:
                most = _thousands(settings.IMPORT_MAX_ROWS)
                raise Unreadable(_("Het bestand heeft meer dan %(most)s rijen. Verdeel het over meer bestanden.") % {"most": most})
            yield number, ["" if cell is None else cell for cell in cells[:MAX_COLUMNS]]


def _source(data):
    if data.startswith(OLE) or older_workbooks.is_ods(data):
        return _older_rows(data)
    return _workbook_rows(data) if data.startswith(b"PK") else _text_rows(data)


def refuse_at_sight(head):
    """Raise `Unreadable` when the first bytes (up to 64 kB) show that it is no list: a picture, a PDF, a program."""
    if head.startswith(OLE):
        return
    if PICTURES.match(head) or head.startswith((b"%PDF", b"<!DOCTYPE", b"<html", b"<?xml", b"<svg", b"{")):
        raise _wrong_type()
    if head.startswith((b"PK", b"\xff\xfe", b"\xfe\xff")) or _is_utf_16(head):
        return
    if any(_signs_not_in_text(head[:size]) > most for size, most in [(512, 4), (65536, 650)]):  # a BMP, a sound, a program
        raise _wrong_type()


def _is_utf_16(head):
    return any(half.count(b"\x00") > len(half) * 0.7 for half in (head[1:2000:2], head[0:2000:2]))


def _thousands(number):
    return f"{number:,}".replace(",", ".")


def max_megabytes():
    return settings.IMPORT_MAX_BYTES // 2**20


def first_rows(rows, count):
    """The first rows as a list, and all rows again."""
    first = list(islice(rows, count))
    return first, chain(first, rows)


# --- text ---------------------------------------------------------------------------------------------------------


def _text_rows(data):
    text = _decoded(data)
    told = re.match(r"\ufeff?sep=(.)\r?\n", text)
    delimiter = told[1] if told else _delimiter(text)
    lines = io.StringIO(text, newline="")
    if told:
        lines.readline()  # a spreadsheet does not show it either
    line = lines_in_row = 0

    def limited():
        nonlocal lines_in_row
        for one in lines:
            lines_in_row += 1
            if len(one) > MAX_LINE or lines_in_row > MAX_LINES_IN_ROW:
                raise csv.Error
            yield one

    try:
        for row in csv.reader(limited(), delimiter=delimiter):
            yield [_as_typed(cell) for cell in row]
            line += 1
            lines_in_row = 0
    except csv.Error:
        raise Unreadable(
            _("Rij %(row)s is niet te lezen: waarschijnlijk sluit een aanhalingsteken niet of is een veld te lang.") % {"row": line + 1}
        ) from None


def _as_typed(cell):
    """A cell of text without the apostrophe that keeps a spreadsheet from computing it, or a `BadCell` when a letter of it was lost."""
    if (guess := letters.unreadable(cell)) is not None:
        text = _("Een letter in deze cel is niet te lezen. Staat er ‘%(guess)s’? Verbeter het in het bestand.")
        return BadCell(text % {"guess": guess[:60]})
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell[1:]) else cell


def _decoded(data):
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _or_unreadable(data, "utf-16")
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:].decode("utf-8", errors="surrogateescape")
    if data[:4000].count(b"\x00") > len(data[:4000]) // 20:
        for encoding, zeros in (("utf-16-le", data[1:2000:2]), ("utf-16-be", data[0:2000:2])):
            if zeros.count(b"\x00") > len(zeros) * 0.7:
                return _or_unreadable(data, encoding)
        raise _wrong_type()
    return letters.decode(data)


def _signs_not_in_text(data):
    return len(data) - len(data.translate(None, NOT_IN_TEXT))


def _or_unreadable(data, encoding):
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise Unreadable(
            _("De letters in dit bestand zijn niet te lezen. Sla het op als CSV UTF-8 of als Excel-werkmap (.xlsx).")
        ) from None


def _wrong_type():
    return Unreadable(_("Dit is geen CSV- of Excel-bestand. Kies Opslaan als in uw programma en dan Excel-werkmap (.xlsx) of CSV."))


def _delimiter(text):
    """The sign that cuts the first lines in the most columns, evenly."""

    def evenness(sign):
        try:
            widths = [len(row) for row in islice(csv.reader(io.StringIO(text[:20000], newline=""), delimiter=sign), 20) if any(row)]
        except csv.Error:
            return (0, 0)
        most = max(set(widths), key=widths.count, default=0)
        return (most > 1, widths.count(most) * most)

    return max(";,\t", key=evenness)


# --- workbooks of old Excel and of LibreOffice ----------------------------------------------------------------------


def _older_rows(data):
    limits = {"most_bytes": MAX_UNPACKED, "most_rows": MAX_LINES, "most_cells": MAX_PARTS[b"c"]}
    try:
        if not data.startswith(OLE):
            older_workbooks.refuse_large(data, **limits)
        rows = older_workbooks.sheet_rows(data, most_sheets=MAX_SHEETS)
    except older_workbooks.TooLarge:
        raise _too_much() from None
    except older_workbooks.Damaged:
        raise Unreadable(
            _(
                "Dit bestand is beschadigd of heeft een wachtwoord. Open het in Excel of LibreOffice, "
                "kies Opslaan als, Excel-werkmap (.xlsx) zonder wachtwoord, en upload dat bestand."
            )
        ) from None
    if rows is None:
        raise Unreadable(_("Het bestand is leeg."))
    return map(_checked, rows)


# --- workbooks ------------------------------------------------------------------------------------------------------


def _workbook_rows(data):
    formulas = _refuse_bomb(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            shown = _sheet(data, data_only=True)
            if shown is None:
                raise Unreadable(_("Het bestand is leeg."))
            if formulas:
                typed = _sheet(data, data_only=False, title=shown.title)
                yield from _with_formulas(shown, typed)
            else:
                yield from map(_checked, _cells(shown))
    except (Unreadable, *EXCEEDED):
        raise
    except Exception:  # openpyxl raises almost anything on a damaged workbook
        raise Unreadable(
            _(
                "Dit Excel-bestand is beschadigd of niet door Excel of LibreOffice gemaakt. "
                "Open het en sla het opnieuw op als Excel-werkmap (.xlsx)."
            )
        ) from None


def _refuse_bomb(data):
    """Whether the workbook has formulas; refuses one that unpacks to more than a list of ours is, before openpyxl sees it."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        names = archive.namelist()
        if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
            raise _wrong_type()
        if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
            raise _too_much()
        counts = Counter()
        for name in names:
            if name.endswith(".xml"):
                _count_parts(archive, name, counts)
        return counts[b"f"] > 0
    except (Unreadable, *EXCEEDED):
        raise
    except Exception:  # a damaged archive
        raise _wrong_type() from None


def _count_parts(archive, name, counts):
    """Add what a part of the workbook holds to `counts`, unpacking no further than what is allowed."""
    tail = b""
    with archive.open(name) as part:
        while chunk := part.read(65536):
            counts["bytes"] += len(chunk)
            text = tail + chunk
            cut = max(text.rfind(b"<"), len(text) - 64)  # what may be the first half of a tag waits for the other half
            counts.update(found[1] for found in PART.finditer(text[:cut]) if found[1] != b"f" or name.startswith("xl/worksheets/"))
            tail = text[cut:]
            if counts["bytes"] > MAX_UNPACKED or any(counts[kind] > most for kind, most in MAX_PARTS.items()):
                raise _too_much()
    counts.update(found[1] for found in PART.finditer(tail) if found[1] != b"f" or name.startswith("xl/worksheets/"))


def _too_much():
    return Unreadable(_("Dit Excel-bestand is uitgepakt te groot. Bewaar alleen het blad met de gegevens, of sla het op als CSV."))


def _sheet(data, *, data_only, title=None):
    """The sheet with this title, or the first visible one that is not empty."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=data_only, keep_links=False)
    for sheet in book.worksheets[:MAX_SHEETS]:
        sheet.reset_dimensions()  # some programs write that a sheet is one cell large
        if title == sheet.title:
            return sheet
        if title is None and sheet.sheet_state == "visible" and any(any(row) for row in _cells(sheet)):
            return sheet
    return None


def _cells(sheet):
    """The rows of a sheet, no further than we look; one cell at the far end of a sheet would make a million empty ones."""
    has_zeros = any(ZEROS.fullmatch(found) for found in sheet.parent._number_formats)  # those of the workbook itself
    rows = islice(sheet.iter_rows(values_only=not has_zeros, max_col=MAX_COLUMNS), MAX_LINES + 1)
    for row in map(_with_zeros, rows) if has_zeros else rows:
        last = next((index for index in range(len(row) - 1, -1, -1) if row[index] is not None), -1)
        yield row[: last + 1]


def _with_zeros(row):
    """The values; a postcode or number of the format 00000 with the zeros that Excel shows in front."""
    return [
        str(int(cell.value)).zfill(len(cell.number_format))
        if type(cell.value) in (int, float) and cell.value >= 0 and cell.value == int(cell.value) and ZEROS.fullmatch(cell.number_format)
        else cell.value
        for cell in row
    ]


def _with_formulas(shown, typed):
    for values, formulas in zip_longest(_cells(shown), _cells(typed), fillvalue=()):
        yield _checked(
            BadCell(_("Deze cel heeft een formule zonder uitkomst. Open het bestand in Excel en sla het opnieuw op."))
            if value is None and isinstance(formula, str) and formula.startswith("=")
            else value
            for value, formula in zip_longest(values, formulas)
        )


def _checked(cells):
    return [
        BadCell(_("Deze cel heeft een fout uit Excel: %(error)s.") % {"error": cell})
        if isinstance(cell, str) and cell in FORMULA_ERRORS
        else cell
        for cell in cells
    ]
