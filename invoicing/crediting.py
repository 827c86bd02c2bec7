"""A credit note takes lines of an issued invoice back, which itself never changes (Wet OB 1968, art. 35 lid 4)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Company
from cleanconnect import jobs
from cleanconnect.tenancy.context import current_company_id

from . import payments
from .collecting import InvoicingError, issue
from .models import Invoice, InvoiceLine
from .tasks import make_pdf

COPIED = ("order", "is_discount", "performed_on", "vehicle", "reference", "description", "unit_price", "discount", "vat_rate")


class NotCreditable(InvoicingError):
    """The message is for the screen."""


@transaction.atomic
def issue_credit_note(invoice, lines, *, reason, release, by):
    """Credit these lines of an invoice, each once; returns the credit note, of which PDF and mail follow.

    With `release` the orders of which every line was credited can be invoiced anew. An invoice that was not paid is set off
    against it; of one that was, the credit note is still to be paid back. Raises `NotCreditable`, and what `collecting.issue` does.
    """
    invoice = Invoice.objects.select_for_update(no_key=True).get(pk=invoice.pk)
    if invoice.is_credit_note or invoice.forgotten_at:
        raise NotCreditable(_("%(invoice)s kan niet worden gecrediteerd.") % {"invoice": invoice})
    wanted = {line.pk for line in lines}
    credited = list(invoice.lines.filter(pk__in=wanted).uncredited())
    if not credited or len(credited) != len(wanted):
        raise NotCreditable(_("Een gekozen regel is al gecrediteerd; bekijk de factuur opnieuw."))
    today = timezone.localdate()
    note = Invoice(kind=Invoice.Kind.CREDIT_NOTE, credits=invoice, reason=reason, customer=invoice.customer, due_on=today, created_by=by)
    company = Company.objects.get(pk=current_company_id())
    issue(note, [_taken_back(line) for line in credited], company=company, on=today)
    if not invoice.lines.uncredited().exists():
        invoice.credited_on = today
        invoice.save(update_fields=["credited_on"])
    payments.set_off(invoice, note, by=by)
    if release:
        _release(invoice)
    jobs.add(make_pdf, note)
    return note


def _taken_back(line):
    return InvoiceLine(credit_of=line, quantity=-line.quantity, **{name: getattr(line, name) for name in COPIED})


def _release(invoice):
    """Let the orders of which nothing is charged by this invoice any more be invoiced anew."""
    still_charged = invoice.lines.uncredited().values("order")
    invoice.lines.charging().exclude(order__in=still_charged).update(released_at=timezone.now())
