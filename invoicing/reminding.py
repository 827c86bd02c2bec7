"""Herinneringen: which invoices are due for one, what it says, and sending it, each level once."""

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from accounts.models import Company
from cleanconnect.money import to_cents
from cleanconnect.tenancy.context import current_company_id
from cleanconnect.texts import file_name
from customers.contacts import recipient
from notifications.outbox import post
from notifications.wording import letter

from . import pdf
from .mail_events import (
    COLLECTION_PRIVATE,
    COLLECTION_PRIVATE_TOGETHER,
    COLLECTION_TRADE,
    COLLECTION_TRADE_TOGETHER,
    REMINDER,
    REMINDER_2,
    SEE_INVOICE,
)
from .models import Debit, Invoice, Reminder
from .sending import how_to_pay

Level = Reminder.Level
EVENTS = {Level.FIRST: REMINDER, Level.SECOND: REMINDER_2}
BETWEEN = timedelta(days=7)  # a customer has a week to answer the first
LAST_CHANCE_DAYS = 15  # fourteen from the day after a private person got it (BW 6:96 lid 6)
# Besluit vergoeding voor buitengerechtelijke incassokosten, art. 2: percent of each part of the sum.
SCALE = ((2_500, 15), (2_500, 10), (5_000, 5), (190_000, 1), (None, Decimal("0.5")))
LEAST, MOST = Decimal(40), Decimal(6775)


@dataclass
class Due:
    """A reminder that may be sent now: of an invoice, on a level, so many days late; `to` is None for who has no address."""

    invoice: Invoice
    level: Level
    days: int
    to: object
    together: tuple = ()  # all invoices of which this customer gets this reminder at once

    @property
    def key(self):
        return f"{self.invoice.pk}-{self.level}"

    @property
    def level_name(self):
        return Level(self.level).label


def due():
    """The reminders that may be sent now, those of the oldest invoices first."""
    company = Company.objects.get(pk=current_company_id())
    today = timezone.localdate()
    late = _late().filter(due_on__lte=today - timedelta(days=company.reminder_first_days))
    found = [_next(invoice, company, today) for invoice in late.order_by("due_on", "pk")]
    return _together([one for one in found if one])


def _together(reminders):
    """The reminders, knowing those of the same customer and level: collection costs are counted over their sum (BW 6:96 lid 7)."""
    alike = {}
    for one in reminders:
        alike.setdefault((one.invoice.customer_id, one.level), []).append(one.invoice)
    for one in reminders:
        one.together = tuple(alike[one.invoice.customer_id, one.level])
    return reminders


def _late():
    stopped = Reminder.objects.filter(invoice=OuterRef("pk"), level__in=[Level.STOP, Level.SECOND])
    unpaid = Invoice.objects.owed().filter(customer__no_reminders=False, forgotten_at=None)
    under_way = Debit.objects.under_way().filter(invoice=OuterRef("pk"))
    return (
        unpaid.filter(~Exists(stopped), ~Exists(under_way))
        .select_related("customer__type")
        .prefetch_related("reminders", "customer__contacts")
    )


def _next(invoice, company, today):
    """What is to be sent of a late invoice today, or None."""
    days = (today - invoice.due_on).days
    first = next((reminder for reminder in invoice.reminders.all() if reminder.level == Level.FIRST), None)
    if first is None:
        level = Level.FIRST
    elif days >= company.reminder_second_days and timezone.now() - first.made_at >= BETWEEN:
        level = Level.SECOND
    else:
        return None
    return Due(invoice, level, days, recipient(invoice.customer, "invoices"))


def collection_costs(amount):
    """What the law lets a company ask for collecting this sum, in euro: by the scale of the Besluit BIK, at least € 40."""
    rest, costs = amount, Decimal(0)
    for part, rate in SCALE:
        of_part = rest if part is None else min(rest, Decimal(part))
        costs += of_part * rate / 100
        rest -= of_part
    return to_cents(min(max(costs, LEAST), MOST))


def mail_of(one):
    """What the customer is mailed: to whom, in which language, and the words of it."""
    invoice = one.invoice
    url = settings.SITE_URL + reverse("invoicing:detail", args=[invoice.pk])
    words = {
        "naam": one.to.name,
        "bedrijf": invoice.seller["name"],
        "factuurnummer": invoice.number,
        "factuurdatum": invoice.issued_on,
        "bedrag": invoice.open_total,
        "vervaldatum": invoice.due_on,
        "dagen": one.days,
        "iban": invoice.seller_iban,
        "betalen": how_to_pay(invoice),
        "bekijken": SEE_INVOICE(url=url) if invoice.customer.memberships.active().exists() else None,
    }
    if one.level == Level.SECOND:
        words["gevolgen"] = _consequences(one)
    return {"to_email": one.to.email, "to_name": one.to.name, "language": invoice.customer.language, "words": words}


def _consequences(one):
    """What the law says of interest and costs, over all that is reminded together."""
    is_private = one.invoice.customer.type.is_private
    together = one.together or (one.invoice,)
    total = sum(invoice.open_total for invoice in together)
    named = {"days": LAST_CHANCE_DAYS, "costs": collection_costs(total)}
    if len(together) == 1:
        return (COLLECTION_PRIVATE if is_private else COLLECTION_TRADE)(**named)
    sentence = COLLECTION_PRIVATE_TOGETHER if is_private else COLLECTION_TRADE_TOGETHER
    return sentence(invoices=", ".join(invoice.number for invoice in together), total=total, **named)


def preview(one):
    """The letter as `{"subject", "text"}`, as it would be sent."""
    mail = mail_of(one)
    found = letter(EVENTS[one.level], mail["language"], mail["words"])
    return {name: found[name] for name in ("subject", "text")}


def send(keys, *, by):
    """Send of the reminders that are due now those with these keys; returns how many that are. Without an address none is sent."""
    with ExitStack() as undo:  # of the files, when it fails after all
        with transaction.atomic():
            count = _send(keys, by=by, undo=undo)
        undo.pop_all()
    return count


def _send(keys, *, by, undo):
    chosen = [one.invoice.pk for one in due() if one.key in keys]
    locked = {invoice.pk for invoice in Invoice.objects.select_for_update(no_key=True).filter(pk__in=chosen).order_by("pk")}
    again = due()  # someone may have been first
    wanted = _together([one for one in again if one.key in keys and one.invoice.pk in locked and one.to])
    for one in wanted:
        reminder = Reminder(invoice=one.invoice, level=one.level, by=by)
        if one.invoice.paid_total:  # the PDF of the invoice asks for the whole of it
            reminder.pdf.save("factuur.pdf", ContentFile(pdf.render(one.invoice)), save=False)
            undo.callback(reminder.pdf.storage.delete, reminder.pdf.name)
        reminder.save()
        file = reminder.pdf or one.invoice.pdf
        attachments = [(file.name, file_name(f"{one.invoice}.pdf"))] if file else []
        post(event=EVENTS[one.level], key=str(one.invoice.pk), attachments=attachments, **mail_of(one))
    return len(wanted)


def stop(invoice, *, by):
    """Send no reminders of this invoice; a second time they may be sent again. Returns whether it is stopped now."""
    _stop, is_new = Reminder.objects.get_or_create(invoice=invoice, level=Level.STOP, defaults={"by": by})
    if not is_new:
        _stop.delete()
    return is_new
