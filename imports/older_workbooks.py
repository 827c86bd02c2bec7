"""Workbooks of old Excel (.xls) and of LibreOffice (.ods), read by calamine; what would cost too much is refused before it is unpacked.

Of an .xls the process' own limit of memory is what is left to hold it: the file is at most `IMPORT_MAX_BYTES`, and a sheet 65,536 rows.
"""

import io
import zipfile

import python_calamine
from lxml import etree

from cleanconnect.limits import EXCEEDED

ODS = b"application/vnd.oasis.opendocument.spreadsheet"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
ROW, CELLS = f"{TABLE}table-row", (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")


class Damaged(Exception):
    """A workbook that calamine cannot read, or that has a password."""


class TooLarge(Exception):
    """A workbook that unpacks to more than a list of ours is."""


def is_ods(data):
    return data.startswith(b"PK") and ODS in data[:200]


def sheet_rows(data, *, most_sheets):
    """The rows of the first visible sheet that is not empty, from the first row of the sheet; None when there is none. Raises `Damaged`."""
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for sheet in book.sheets_metadata[:most_sheets]:
            if sheet.visible == python_calamine.SheetVisibleEnum.Visible and sheet.typ == python_calamine.SheetTypeEnum.WorkSheet:
                found = book.get_sheet_by_name(sheet.name)
                if found.height:
                    return found.iter_rows()
    except EXCEEDED:
        raise
    except BaseException as error:  # what goes wrong within Rust is a PanicException, which is no Exception
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise Damaged from error
        raise
    return None


def refuse_large(data, *, most_bytes, most_rows, most_cells):
    """Raise `TooLarge` for an .ods of which a few bytes say that a row or a cell is repeated a million times."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        if sum(part.file_size for part in archive.infolist()) > most_bytes:
            raise TooLarge
        with archive.open("content.xml") as part:
            _count(_Limited(part, most_bytes), most_rows=most_rows, most_cells=most_cells)
    except (TooLarge, *EXCEEDED):
        raise
    except Exception as error:  # a damaged archive, or one with a password
        raise Damaged from error


class _Limited:
    """A file of which no more than so many bytes are read, whatever its archive says of its size."""

    def __init__(self, file, most):
        self.file, self.left = file, most

    def read(self, size=-1):
        data = self.file.read(min(size, self.left + 1) if size >= 0 else self.left + 1)
        self.left -= len(data)
        if self.left < 0:
            raise TooLarge
        return data


def _count(file, *, most_rows, most_cells):
    rows = empty = width = 0  # empty rows count when a full one follows
    for _event, row in etree.iterparse(file, tag=ROW, resolve_entities=False, no_network=True, huge_tree=False):
        of_row = 0
        column = 0
        for cell in row.iterchildren(*CELLS):
            column += int(cell.get(f"{TABLE}number-columns-repeated", 1))
            if len(cell) or any(name.endswith("value-type") for name in cell.attrib):
                of_row = column
        empty += int(row.get(f"{TABLE}number-rows-repeated", 1))
        if of_row:
            rows, empty, width = rows + empty, 0, max(width, of_row)
        if rows > most_rows or rows * width > most_cells:
            raise TooLarge
        row.clear()
        while row.getprevious() is not None:
            del row.getparent()[0]
