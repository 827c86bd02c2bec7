"""How long invoices keep the name of a customer who asked to be forgotten (AWR art. 52: seven years after the end of the year)."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from cleanconnect import jobs
from cleanconnect.uploads import delete_picture

from .models import Invoice, InvoiceLine, Reminder

KEPT_YEARS = 7  # counted from the end of the year
FORGOTTEN = {"name": "Geanonimiseerd"}


def oldest_kept():
    """Invoices from this day on have to be kept."""
    return date(timezone.localdate().year - KEPT_YEARS, 1, 1)


def forget_invoices_from_now_on(customer):
    """Forget those of an anonymised customer that need not be kept; each of the others when its years are over."""
    from .tasks import forget

    if again := forget_of_the_year(customer):
        jobs.add(forget, customer, after=again)


def forget_of_the_year(customer):
    """Forget those of an anonymised customer; returns until the next year, or None when there were none left."""
    kept = Invoice.objects.filter(customer=customer, forgotten_at=None)
    if not kept.exists():
        return None
    forget_invoices(kept)
    now = timezone.localtime()
    return now.replace(year=now.year + 1, month=1, day=1, hour=0, minute=0, second=0, microsecond=0) - now


def forget_invoices(invoices):
    """Take name, plate and PDF off those that need not be kept any longer; numbers and amounts stay."""
    pks = list(invoices.filter(issued_on__lt=oldest_kept(), forgotten_at=None).values_list("pk", flat=True))
    old = Invoice.objects.filter(pk__in=pks)
    old.update(buyer=FORGOTTEN, forgotten_at=timezone.now())  # first: the database lets nothing else be taken off an invoice
    InvoiceLine.objects.filter(invoice__in=pks).update(vehicle="", reference="")
    throw_away(old.exclude(pdf=""), "pdf")
    throw_away(old.exclude(ubl=""), "ubl")
    throw_away(Reminder.objects.filter(invoice__in=pks).exclude(pdf=""), "pdf")


def throw_away(rows, name):
    """Empty this file field of the rows, and delete the files after the commit."""
    names = list(rows.values_list(name, flat=True))
    rows.update(**{name: ""})
    transaction.on_commit(lambda: [delete_picture(found) for found in names if found], robust=True)
