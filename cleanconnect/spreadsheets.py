"""A list as a file for a spreadsheet: CSV as Dutch Excel opens it by a double click, or an Excel workbook."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Choices
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from cleanconnect.xml import xml_text

CSV, XLSX = "csv", "xlsx"
FORMULA = re.compile(  # what a spreadsheet takes for a formula, with what it skips before it; +31 10 … and -5 are numbers
    r"[\s\u200b\ufeff]*(?:[=@＝＠]|[+＋－-](?![\d\s().,/-]*\Z))|[\t\r\n]"
)
LONGEST = 32_767  # characters in a cell of Excel
NUMBER_FORMATS = {Decimal: "#,##0.00", datetime: "dd-mm-yyyy hh:mm", date: "dd-mm-yyyy"}


@dataclass(frozen=True)
class Column:
    """A column of a file: its header, and how a row's cell is found: the name of an attribute (`customer.name`) or a function.

    A method such as `get_status_display` is called. Who lacks `permission` does not get the column.
    """

    label: str
    value: str | Callable
    permission: str | None = None

    def of(self, row):
        if callable(self.value):
            return self.value(row)
        for name in self.value.split("."):
            row = getattr(row, name, None)
            if callable(row) and not isinstance(row, type | Choices):
                row = row()
        return row


@dataclass(frozen=True)
class Sheet:
    """What a list holds when it is exported: its name, which names the file, and its columns."""

    name: str
    columns: tuple[Column, ...]

    def columns_for(self, membership):
        return [column for column in self.columns if column.permission is None or membership.may(column.permission)]


def harmless(text):
    """Text that a spreadsheet leaves alone: what would be a formula gets an apostrophe in front (OWASP, CSV injection)."""
    text = xml_text(text)
    return f"'{text}" if FORMULA.match(text) else text


def _plain(value):
    """The value without time zone, and a yes or no in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("ja") if value else _("nee")
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    return value if isinstance(value, int | Decimal | date) else str(value)


def _as_text(value):
    if isinstance(value, datetime):
        return value.strftime("%d-%m-%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d-%m-%Y")
    if isinstance(value, Decimal):
        return str(value).replace(".", ",")
    return harmless(value) if isinstance(value, str) else str(value)


def write_csv(file, header, rows):
    """Write to a binary file: UTF-8 with its mark, semicolons, decimal commas."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", errors="replace")
    writer = csv.writer(text, delimiter=";")
    writer.writerow([harmless(str(label)) for label in header])
    for row in rows:
        writer.writerow([_as_text(_plain(value)) for value in row])
    text.detach()  # flushes, and leaves the file open


def write_xlsx(file, header, rows, *, title):
    """Write a workbook of one sheet to a binary file; text is text, whatever it begins with."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", title)[:31])
    sheet.freeze_panes = "A2"
    for index, label in enumerate(header, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = max(14, len(str(label)) + 2)

    def cell(value, font=None):
        made = WriteOnlyCell(sheet)
        if isinstance(value, str):
            made.value = xml_text(value)[:LONGEST]
            made.data_type = "s"
        else:
            made.value = value
            made.number_format = NUMBER_FORMATS.get(type(value), "General")
        if font:
            made.font = font
        return made

    bold = Font(bold=True)
    sheet.append([cell(str(label), bold) for label in header])
    for row in rows:
        sheet.append([cell(_plain(value)) for value in row])
    book.save(file)
