"""The invoice on paper, A4."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import stdnum.iban
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import override
from segno.helpers import make_epc_qr

from accounts.models import Company
from cleanconnect.money import to_cents
from cleanconnect.pdf import pages
from cleanconnect.texts import one_line
from cleanconnect.validators import is_sepa_iban

from .debit.collecting import collected_with
from .words import Saying


@dataclass
class Row:
    """A line as it is printed: price and amount with VAT for a private customer, and the total so far, for the next page."""

    description: str
    amount: Decimal
    vat_rate: str
    quantity: Decimal | None = None
    price: Decimal | None = None
    discount: Decimal = Decimal(0)
    discount_amount: Decimal = Decimal(0)
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
    mandate = collected_with(invoice)
    including = invoice.is_shown_including_vat
    say = Saying(invoice.customer.language)
    with override(say.language):
        html = render_to_string(
            "invoicing/invoice_pdf.html",
            {
                "invoice": invoice,
                "say": say,
                "visits": _visits(invoice, including),
                "including": including,
                "supplied": invoice.supplied,
                "seller": invoice.seller,
                "buyer": invoice.buyer,
                "iban": invoice.seller_iban.replace(" ", "\xa0"),
                "payment_code": None if mandate else payment_code(invoice),
                "mandate": mandate,
                "colour": company.colour,
                "closing": _closing(invoice, say),
                "has_logo": bool(company.logo and company.logo.storage.exists(company.logo.name)),
            },
        )
    return pages(html, company, style="invoice_pdf.css")


def _closing(invoice, say):
    """What the company writes below; the words that it had from us are in the customer's language."""
    text = invoice.seller.get("invoice_closing", "")
    return say("thanks") if text == Company._meta.get_field("invoice_closing").default else text


def render(invoice):
    """The PDF of an invoice, as bytes."""
    return document(invoice).write_pdf()


def payment_code(invoice):
    """The SEPA payment QR (EPC069-12, version 002, UTF-8) of what is open, as an SVG for in the page; None when nothing is to be paid."""
    code = _payment_qr(invoice)
    return code and mark_safe(code.svg_inline(border=0, omitsize=True))


MOST_BYTES, BESIDES = 331, len("BCD|002|1|SCT||") + 34 + len("|EUR999999999.99|||") + 1  # of a code, and of it besides name and text


def _payment_qr(invoice):
    if invoice.open_total <= 0 or not is_sepa_iban(invoice.seller["iban"]):
        return None
    text = one_line(f"Factuur {invoice.number}")[:140]
    room = max(MOST_BYTES - BESIDES - len(text.encode()), 0)
    try:
        return make_epc_qr(
            name=one_line(invoice.seller["name"])[:70].encode()[:room].decode(errors="ignore"),
            iban=stdnum.iban.compact(invoice.seller["iban"]),
            amount=to_cents(invoice.open_total),
            text=text,
            encoding="utf-8",
        )
    except ValueError:  # what no code can hold, such as a billion euros: the invoice goes without
        return None


def _visits(invoice, including):
    """The lines under the visit they belong to; where the customer wants it so, a visit is one line for each rate."""
    visits = {}
    for line, row in _rows(invoice, including):
        number = line.order.number if line.order else None
        visit = visits.setdefault(line.order_id, Visit(number, line.performed_on, line.vehicle, line.reference))
        visit.rows.append(row)
    carried = Decimal(0)
    for visit in visits.values():
        if invoice.is_per_vehicle and visit.number:
            visit.rows = list(_together(visit.rows))
        for row in visit.rows:
            row.carried = carried = carried + row.amount
    return list(visits.values())


def _together(rows):
    for rate in dict.fromkeys(row.vat_rate for row in rows):
        of_rate = [row for row in rows if row.vat_rate == rate]
        amount = sum(row.amount for row in of_rate)
        yield Row(", ".join(row.description for row in of_rate), amount, rate)


def _rows(invoice, including):
    """`[(line, row), …]`. With VAT the amounts add up to what has to be paid: the cents of rounding are on the largest."""
    found = [(line, _row(line, including)) for line in invoice.lines.select_related("order")]
    if including:
        rows = [row for _line, row in found]
        largest = max(rows, key=lambda row: abs(row.amount))
        largest.amount += invoice.gross_total - sum(row.amount for row in rows)
    return found


def _row(line, including):
    how = {"quantity": line.quantity, "price": line.shown(line.unit_price, including), "discount": line.discount}
    how |= {"discount_amount": line.shown(line.discount_amount, including)}
    return Row(line.description, line.shown(line.amount, including), line.vat_rate, **({} if line.is_discount else how))
