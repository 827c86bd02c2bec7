"""Money on an invoice: what came in, went back, or was set off against a credit note."""

from decimal import Decimal

from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from cleanconnect.money import CENT

from .errors import InvoicingError
from .models import BankLine, Invoice, Payment


class NotRemovable(InvoicingError):
    def __init__(self):
        super().__init__(_("Een verrekening, online betaling of incasso kan niet worden verwijderd."))


@transaction.atomic
def register(invoice, amount, *, on, method, by, note="", bank_line=None, online=None, key=None):
    """Write down that this amount was received (negative: paid back) on a day; once for a `key` (UUID). Returns the payment."""
    locked = Invoice.objects.select_for_update(no_key=True).get(pk=invoice.pk)
    if key and (made := Payment.objects.filter(key=key).first()):
        return made
    made = Payment.objects.create(
        invoice=locked,
        amount=amount,
        received_on=on,
        method=method,
        note=note,
        bank_line=bank_line,
        online=online,
        key=key,
        created_by=by,
    )
    settle(locked)
    _set_off_notes(locked, by=by)
    return made


@transaction.atomic
def remove(payment):
    """Take back a payment that was written down wrongly. Raises `NotRemovable`."""
    if payment.method not in Payment.REMOVABLE:
        raise NotRemovable
    take_away(payment)


@transaction.atomic
def take_away(payment):
    """The payment never was, whatever its method; its line of the bank is to be processed anew."""
    invoice = Invoice.objects.select_for_update(no_key=True).get(pk=payment.invoice_id)
    line = payment.bank_line
    payment.delete()
    settle(invoice)
    _set_off_notes(invoice, by=None)
    if line and not line.payments.exists():
        line.state = BankLine.State.OPEN
        line.save(update_fields=["state"])


@transaction.atomic
def set_off(invoice, note, *, by):
    """Of a credit note, as much as is still open of its invoice pays that; the rest is to be paid back."""
    for one in (invoice, note):
        _settle_without_rounding(one)
    amount = min(invoice.open_total, -note.open_total)
    today = timezone.localdate()
    for one, other, paid in ((invoice, note, amount), (note, invoice, -amount)):
        if amount > 0:
            Payment.objects.create(invoice=one, set_off=other, amount=paid, received_on=today, method=Payment.Method.CREDIT, created_by=by)
        settle(one)


def _set_off_notes(invoice, *, by):
    """What is open of an invoice again, after its money went back to the customer's bank, is paid by what its credit notes still owe."""
    if invoice.open_total > 0 and not invoice.is_credit_note:
        for note in invoice.credit_notes.unpaid().select_for_update(no_key=True).order_by("pk"):
            set_off(invoice, note, by=by)


@transaction.atomic
def set_off_what_balances(invoice):
    """Of an invoice and its credit notes, what is open of the ones pays what the others owe; returns how much that was.

    Notes that were issued in parts before they were set off completely left such rests.
    """
    invoice = Invoice.objects.select_for_update(no_key=True).get(pk=invoice.pk)
    together = [invoice, *invoice.credit_notes.select_for_update(no_key=True).order_by("pk")]
    for one in together:
        _settle_without_rounding(one)
    total, today = Decimal(0), timezone.localdate()
    for owed in together:
        for owing in together:
            amount = min(owed.open_total, -owing.open_total)
            if amount > 0:
                for one, other, paid in ((owed, owing, amount), (owing, owed, -amount)):
                    Payment.objects.create(invoice=one, set_off=other, amount=paid, received_on=today, method=Payment.Method.CREDIT)
                    _add_up(one)
                total += amount
    for one in together:
        settle(one)
    return total


def settle(invoice):
    """Have an invoice, locked, know what was paid of it, and since when it is paid; a cent that is left of it is rounded off."""
    _settle_without_rounding(invoice)
    if invoice.paid_total and abs(invoice.open_total) == CENT < abs(invoice.gross_total):
        last = invoice.payments.order_by("-received_on").values_list("received_on", flat=True)[0]
        Payment.objects.create(invoice=invoice, amount=invoice.open_total, received_on=last, method=Payment.Method.ROUNDING)
        _add_up(invoice)


def _settle_without_rounding(invoice):
    invoice.payments.filter(method=Payment.Method.ROUNDING).delete()
    _add_up(invoice)


def _add_up(invoice):
    found = invoice.payments.aggregate(total=Sum("amount"), last=Max("received_on"))
    invoice.paid_total = found["total"] or Decimal(0)
    is_paid = invoice.open_total >= 0 if invoice.is_credit_note else invoice.open_total <= 0
    invoice.paid_on = (found["last"] or invoice.issued_on) if is_paid else None
    invoice.save(update_fields=["paid_total", "paid_on"])
