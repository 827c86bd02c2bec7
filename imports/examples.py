"""The example file of each kind: a workbook with the headers we like best and two rows."""

import io

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from .columns import COLUMNS


def workbook(kind):
    """The example as bytes of an .xlsx file."""
    book = Workbook()
    sheet = book.active
    sheet.title = str(kind.label)
    for index, column in enumerate(COLUMNS[kind], start=1):
        sheet.cell(1, index, str(column.label)).font = Font(bold=True)
        for row, value in enumerate(column.examples, start=2):
            sheet.cell(row, index, value or None).number_format = "General" if isinstance(value, int | float) else "@"
        sheet.column_dimensions[get_column_letter(index)].width = max(len(str(text)) for text in (column.label, *column.examples)) + 3
    sheet.freeze_panes = "A2"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
