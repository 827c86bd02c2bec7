"""The invoice on paper, A4."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import stdnum.iban
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from segno.helpers import make_epc_qr

from cleanconnect.money import including_vat, to_cents
from cleanconnect.pdf import pages

from .models import InvoiceLine


@dataclass
class Row:
    """A line as it is printed: price and amount with VAT for a private customer, and the total so far, for the next page."""

    line: InvoiceLine
    price: Decimal
    amount: Decimal
    carried: Decimal = Decimal(0)


@dataclass
class Visit:
    """The lines of one order, or (without a number) those that belong to none."""

    number: int | None
    performed_on: date
    vehicle: str
    reference: str
    rows: list[Row] = field(default_factory=list)


def document(invoice):
    """The pages of an invoice as a WeasyPrint document."""
    company = invoice.company
    including = bool(invoice.buyer.get("is_private"))
    html = render_to_string(
        "invoicing/invoice_pdf.html",
        {
            "invoice": invoice,
            "visits": _visits(invoice, including),
            "including": including,
            "seller": invoice.seller,
            "buyer": invoice.buyer,
            "iban": stdnum.iban.format(invoice.seller["iban"]),
            "payment_code": payment_code(invoice),
            "colour": company.colour,
            "has_logo": bool(company.logo and company.logo.storage.exists(company.logo.name)),
        },
    )
    return pages(html, company)


def render(invoice):
    """The PDF of an invoice, as bytes."""
    return document(invoice).write_pdf()


def payment_code(invoice):
    """The SEPA payment QR (EPC069-12, version 002, UTF-8) as an SVG for in the page; None when nothing is to be paid."""
    code = _payment_qr(invoice)
    return code and mark_safe(code.svg_inline(border=0, omitsize=True))


def _payment_qr(invoice):
    if invoice.gross_total <= 0 or not stdnum.iban.is_valid(invoice.seller["iban"], check_country=False):
        return None
    return make_epc_qr(
        name=invoice.seller["name"][:70],
        iban=stdnum.iban.compact(invoice.seller["iban"]),
        amount=to_cents(invoice.gross_total),
        text=f"Factuur {invoice.number}",
        encoding="utf-8",
    )


def _visits(invoice, including):
    """The lines under the visit they belong to."""
    visits, carried = {}, Decimal(0)
    for row in _rows(invoice, including):
        line = row.line
        number = line.order.number if line.order else None
        visit = visits.setdefault(line.order_id, Visit(number, line.performed_on, line.vehicle, line.reference))
        visit.rows.append(row)
    for visit in visits.values():
        for row in visit.rows:
            row.carried = carried = carried + row.amount
    return list(visits.values())


def _rows(invoice, including):
    """With VAT the amounts are made to add up to what has to be paid: the cents of rounding are on the largest."""
    lines = list(invoice.lines.select_related("order"))
    if not including:
        return [Row(line, line.unit_price, line.net) for line in lines]
    rows = [Row(line, including_vat(line.unit_price, line.vat_rate), including_vat(line.net, line.vat_rate)) for line in lines]
    largest = max(rows, key=lambda row: abs(row.amount))
    largest.amount += invoice.gross_total - sum(row.amount for row in rows)
    return rows
