"""Invoices that were frozen before texts were cleaned: no sign in them stops a file, a PDF or an e-invoice."""

import io
from contextlib import ExitStack

import pytest
from django.db import connection
from lxml import etree
from openpyxl import load_workbook

from bookkeeping.models import BookExport
from invoicing import sending, ubl
from invoicing.models import Invoice, InvoiceLine

from .test_bookkeeping import bytes_of, exported, garage, invoices, seller  # noqa: F401 (fixtures)

BAD = r"Garage\u000bVerti\ufffecaal\u202e\r\nBcc: x"  # as JSON writes it, so that it comes by as plain ASCII


@pytest.fixture
def frozen(invoices):  # noqa: F811
    """An invoice as one of before: copied in the database, with signs that no form lets in any more."""
    model, old = Invoice._meta, invoices[1]
    columns = [field.column for field in model.concrete_fields if field.column not in {"id", "number", "buyer", "key", "pdf", "ubl"}]
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model.db_table} (number, buyer, pdf, ubl, {names})"
            f" SELECT 'OUD-1', jsonb_set(jsonb_set(buyer, '{{name}}', %s::jsonb), '{{city}}', %s::jsonb), '', '', {names}"
            f" FROM {model.db_table} WHERE id = %s RETURNING id",
            [f'"{BAD}"', f'"{BAD}"', old.pk],
        )
        (pk,) = cursor.fetchone()
        line = InvoiceLine._meta
        columns = [
            field.column for field in line.concrete_fields if field.column not in {"id", "invoice_id", "description", "order_line_id"}
        ]
        names = ", ".join(connection.ops.quote_name(column) for column in columns)
        cursor.execute(
            f"INSERT INTO {line.db_table} (invoice_id, description, {names})"
            f" SELECT %s, description || chr(11) || chr(65534) || chr(8238), {names} FROM {line.db_table} WHERE invoice_id = %s",
            [pk, old.pk],
        )
    invoice = Invoice.objects.get(pk=pk)
    assert "\x0b" in invoice.buyer["name"]
    assert "\x0b" in invoice.lines.first().description
    return invoice


@pytest.mark.parametrize("kind", BookExport.Kind)
def test_a_file_for_the_bookkeeper_is_made_of_it(owner, frozen, kind):
    with ExitStack() as undo:
        for invoice in Invoice.objects.filter(pdf=""):
            sending.make_pdf(invoice, undo=undo)
        undo.pop_all()

    export = exported(owner, kind)

    data = bytes_of(owner, export)
    assert export.state == "done"
    if kind in {"xaf", "exact"}:
        assert "Verticaal" in etree.tostring(etree.fromstring(data), encoding="unicode")
    if kind == "xlsx":
        assert any("Verticaal" in str(cell.value) for row in load_workbook(io.BytesIO(data)).active for cell in row)


def test_its_e_invoice_can_be_read(frozen):
    frozen.buyer |= {"e_invoice": "peppol", "kvk_number": "87654321"}

    assert "Verticaal" in etree.tostring(etree.fromstring(ubl.build(frozen, None)), encoding="unicode")


def test_its_pdf_and_mail_are_made(frozen, mailoutbox):
    with ExitStack() as undo:
        sending.make_pdf(frozen, undo=undo)
        undo.pop_all()

    assert frozen.pdf.size > 1000
