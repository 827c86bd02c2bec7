"""The invoice on paper, A4."""

import stdnum.iban
from django.template.loader import render_to_string

from cleanconnect.pdf import pages


def document(invoice):
    """The pages of an invoice as a WeasyPrint document."""
    company = invoice.company
    html = render_to_string(
        "invoicing/invoice_pdf.html",
        {
            "invoice": invoice,
            "orders": _by_order(invoice),
            "seller": invoice.seller,
            "buyer": invoice.buyer,
            "iban": stdnum.iban.format(invoice.seller["iban"]),
            "colour": company.colour,
            "has_logo": bool(company.logo and company.logo.storage.exists(company.logo.name)),
        },
    )
    return pages(html, company)


def render(invoice):
    """The PDF of an invoice, as bytes."""
    return document(invoice).write_pdf()


def _by_order(invoice):
    """The lines under the visit they belong to: `[{"number", "performed_on", "vehicle", "reference", "lines"}, …]`."""
    orders = {}
    for line in invoice.lines.select_related("order"):
        visit = {
            "number": line.order.number,
            "performed_on": line.performed_on,
            "vehicle": line.vehicle,
            "reference": line.reference,
            "lines": [],
        }
        orders.setdefault(line.order_id, visit)["lines"].append(line)
    return list(orders.values())
