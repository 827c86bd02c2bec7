"""Invoices as bookings: on which account, with which VAT, to the cent as the invoice itself."""

from dataclasses import dataclass
from decimal import Decimal

from cleanconnect.money import percent, to_cents
from invoicing.models import Invoice
from services.models import VatRate

from .models import LedgerCodes


@dataclass
class Booking:
    """Revenue of an invoice on one account at one rate and VAT code, in euro; negative on a credit note."""

    account: str
    rate: str
    vat_code: str
    net: Decimal
    vat: Decimal


def codes():
    """The company's codes, or ours until it has its own."""
    return LedgerCodes.objects.first() or LedgerCodes()


def with_lines(invoices):
    """These invoices with all that their bookings need, in a few queries, in the order in which they were issued."""
    return (
        invoices.select_related("customer")
        .prefetch_related("lines__order_line__service__group", "lines__credit_of__order_line__service__group")
        .order_by("issued_on", "pk")
    )


def customer_key(customer):
    """The number by which the bookkeeping knows the customer."""
    return (customer.number or f"K{customer.pk}")[:35]


def bookings(invoice, codes):
    """`[Booking, …]` of an invoice; the VAT of a rate is that of the invoice, the cents of rounding on the largest."""
    found = {}
    for line in invoice.lines.all():
        key = (str(line.vat_rate), *_codes_of(line, codes))
        found[key] = found.get(key, Decimal(0)) + line.net
    made = [Booking(account, rate, code, net, to_cents(net * percent(rate) / 100)) for (rate, account, code), net in sorted(found.items())]
    for rate, _base, vat in invoice.vat_per_rate():
        of_rate = [booking for booking in made if booking.rate == rate]
        max(of_rate, key=lambda booking: abs(booking.net)).vat += vat - sum(booking.vat for booking in of_rate)
    return made


def _codes_of(line, codes):
    """The account and the VAT code of a line: those of its group, where it has its own; reversed and exempt VAT have one code each."""
    service = line.order_line.service if line.order_line else None
    if line.credit_of_id and service is None:  # a credit is booked where the line that it takes back was
        original = line.credit_of
        service = original.order_line.service if original.order_line else None
    account, vat_code = (service.group.ledger_code, service.group.vat_code) if service else ("", "")
    if line.vat_rate in {VatRate.REVERSED, VatRate.EXEMPT}:
        vat_code = ""
    return account or codes.revenue, vat_code or codes.vat_code(line.vat_rate)


def issued(first, last):
    """The invoices and credit notes of a period."""
    return Invoice.objects.filter(issued_on__range=(first, last))
