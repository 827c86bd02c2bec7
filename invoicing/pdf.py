"""The invoice on paper: A4 by WeasyPrint, which may read our own style, our fonts and the company's logo, and nothing else."""

import io
import mimetypes

import stdnum.iban
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

BASE = "https://cleanconnect.invalid/"  # a host that never exists: nothing is fetched from the network
STATIC, LOGO = f"{BASE}static/", f"{BASE}logo"
OWN_FILES = ("invoice_pdf.css", "vendor/inter/")


class OwnFilesOnly(URLFetcher):
    """Gives WeasyPrint the files of the invoice; any other address, such as `file:` or `http:`, is refused."""

    def __init__(self, logo):
        super().__init__(allowed_protocols=["https"])
        self.logo = logo

    def fetch(self, url, headers=None):
        if url == LOGO and self.logo:
            with self.logo.storage.open(self.logo.name) as file:
                return _response(url, file.read())
        name = url.removeprefix(STATIC)
        if url.startswith(STATIC) and name.startswith(OWN_FILES) and ".." not in name and (path := finders.find(name)):
            with open(path, "rb") as file:
                return _response(url, file.read())
        raise ValueError(f"not a file of the invoice: {url}")


def _response(url, content):
    kind = mimetypes.guess_type(url)[0] or "application/octet-stream"
    return URLFetcherResponse(url, io.BytesIO(content), {"Content-Type": kind})


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
    return HTML(string=html, base_url=BASE, url_fetcher=OwnFilesOnly(company.logo)).render()


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
