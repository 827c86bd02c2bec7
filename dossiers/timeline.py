"""The timeline of an order: all that happened to it, oldest first. A room that knows of it has its line in `SOURCES`."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Prefetch, Q, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from invoicing.mail_events import CREDIT_NOTE, INVOICE, REMINDER, REMINDER_2
from invoicing.order_page import invoices_of
from notifications.models import Message
from quality.checking import read_answers
from quality.mail_events import APPROVAL, DEFECT, READY, REDO
from quality.order_page import read
from quotes.mail_events import QUOTE, QUOTE_ANSWER
from quotes.models import Quote
from workorders.models import StatusChange, WorkOrder


@dataclass(frozen=True)
class Event:
    """One thing that happened: when, what, and for who works here by whom; a picture or a page where there is one."""

    at: datetime
    icon: str
    text: str
    by: str = ""
    status: str = ""  # a status to show as such, with its name in `status_name`
    status_name: str = ""
    url: str = ""
    picture: str = ""


def _moves(order, membership):
    status = WorkOrder.Status
    for move in order.status_changes.all():
        text = move.reason
        if not move.before:
            text = _("Gemaakt")
        elif move.after == status.IN_PROGRESS and move.before in WorkOrder.FINISHED:
            text = f"{_('Heropend')}: {move.reason}" if move.reason else _("Heropend")
        by = f"{move.by.name} ({move.get_place_display()})" if move.by else ""
        yield Event(move.happened_at, "arrow-repeat", text, by, move.after, move.get_after_display())


def _photos(order, membership):
    for photo in order.photos.all():
        text = _("Foto %(moment)s") % {"moment": photo.get_moment_display()}
        address = reverse("workorders:photo", args=[photo.pk]) if photo.photo else ""
        yield Event(photo.added_at, "camera", text, photo.added_by.name if photo.added_by else "", url=address, picture=address)


def _damage(order, membership):
    for mark in order.damage_marks.all():
        text = _("Schade bij binnenkomst: %(mark)s") % {"mark": f"{mark} {mark.note}".strip()}
        yield Event(mark.marked_at, "exclamation-triangle", text, mark.marked_by.name if mark.marked_by else "")


def _defects(order, membership):
    for defect in order.defects.all():
        address = reverse("quality:defect-photo", args=[defect.pk]) if defect.photo else ""
        text = _("Mankement: %(text)s") % {"text": defect.description}
        yield Event(defect.found_at, "exclamation-triangle", text, url=address, picture=address)


def _approvals(order, membership):
    for approval in order.approvals.all():
        if approval.decided_at:
            by = approval.decided_by.name if approval.decided_by else approval.decided_name
            yield Event(approval.decided_at, "hand-index", f"{approval.name}: {approval.get_state_display().lower()}", by)


def _handovers(order, membership):
    for signed in order.handovers.select_related("handed_over_by"):
        text = _("Getekend door %(name)s") % {"name": signed.name}
        address = reverse("workorders:signature", args=[signed.pk])
        yield Event(
            signed.signed_at, "pencil", text, signed.handed_over_by.name if signed.handed_over_by else "", url=address, picture=address
        )


def _changes(order, membership):
    changes = order.changes.select_related("by")
    if not membership.may("prices.see"):
        changes = changes.filter(is_about_price=False)
    for change in changes:
        yield Event(change.happened_at, "pencil", change.text, change.by.name if change.by else "")


def _checks(order, membership):
    """What someone answered on the check, together; each Nee by name."""
    read_answers(order)
    checks = order.checks.all()
    counted = Counter(check.answered_by for check in checks if check.passed)
    for person, count in counted.items():
        last = max(check.answered_at for check in checks if check.passed and check.answered_by == person)
        text = ngettext("Kwaliteitscheck: %(count)s keer Ja", "Kwaliteitscheck: %(count)s keer Ja", count) % {"count": count}
        yield Event(last, "clipboard-check", text, person.name)
    for check in checks:
        if not check.passed:
            text = _("Kwaliteitscheck: Nee bij %(item)s") % {"item": check.item}
            yield Event(check.answered_at, "clipboard-check", text, check.answered_by.name)


def _work(order, membership):
    for session in order.work_sessions.select_related("membership"):
        yield Event(session.started_at, "play-fill", _("Begonnen met werken"), session.membership.name)
        if session.stopped_at:
            text = ngettext("Gestopt na %(count)s minuut", "Gestopt na %(count)s minuten", session.minutes) % {"count": session.minutes}
            yield Event(session.stopped_at, "stop-fill", text, session.membership.name)


def _mails(order, membership):
    """The mails about what this membership may see: defects, proposals and moves, invoices, and the quote that it came from."""
    about = [
        ((DEFECT,), order.defects.all()),
        ((APPROVAL,), order.approvals.all()),
        ((READY, REDO), order.status_changes.all()),
    ]
    if membership.may("invoicing.view"):
        about.append(((INVOICE, CREDIT_NOTE, REMINDER, REMINDER_2), invoices_of(order)))
    theirs = [Q(event__in=events, event_key__in=[str(row.pk) for row in rows]) for events, rows in about]
    if membership.may("quotes.manage"):
        of_quotes = (QUOTE, QUOTE_ANSWER)
        theirs += [Q(event__in=of_quotes, event_key__startswith=f"{quote.pk}-") for quote in _quotes_of(order)]
    for message in Message.objects.filter(Q.create(theirs, connector=Q.OR)):
        text = _("E-mail aan %(name)s: %(subject)s (%(state)s)") % {
            "name": message.to_name,
            "subject": message.subject,
            "state": message.get_state_display().lower(),
        }
        yield Event(message.sent_at or message.created_at, "envelope", text)


def _quotes_of(order):
    if not getattr(order, "has_quotes", True):  # most come from none, and their page asks no further
        return []
    prefetch_related_objects([order], Prefetch("quotes", Quote.objects.select_related("answered_by")))
    return order.quotes.all()


def _quotes(order, membership):
    """When the quote that the order came from was sent and answered."""
    for quote in _quotes_of(order):
        address = reverse("quotes:detail", args=[quote.pk])
        if quote.sent_at:
            yield Event(quote.sent_at, "send", _("%(quote)s verstuurd") % {"quote": quote}, url=address)
        if quote.answered_at:
            by = quote.answered_by.name if quote.answered_by else quote.answered_name
            text = f"{quote}: {quote.get_state_display().lower()}"
            yield Event(quote.answered_at, "hand-index", text, by, url=address)


def _invoices(order, membership):
    for invoice in invoices_of(order):
        text = _("Gecrediteerd: %(invoice)s") if invoice.is_credit_note else _("Gefactureerd: %(invoice)s")
        text %= {"invoice": invoice}
        yield Event(invoice.created_at, "receipt", text, url=reverse("invoicing:detail", args=[invoice.pk]))


SOURCES = (  # who may see it, and what a room tells
    ("workorders.view", _moves),
    ("workorders.view", _photos),
    ("workorders.view", _damage),
    ("workorders.view", _defects),
    ("workorders.view", _approvals),
    ("workorders.view", _handovers),
    ("quality.check", _changes),
    ("quality.check", _checks),
    ("quality.check", _work),
    ("quality.check", _mails),
    ("quotes.manage", _quotes),
    ("invoicing.view", _invoices),
)


def timeline(order, membership):
    """`[Event, …]` that this membership may see; a customer sees no names, no checks, no mails and nothing of the office."""
    read(order, membership)
    prefetch_related_objects([order], Prefetch("status_changes", StatusChange.objects.select_related("by")))
    events = [event for permission, told in SOURCES if membership.may(permission) for event in told(order, membership)]
    if membership.customer_id is not None:
        events = [replace(event, by="") for event in events]
    return sorted(events, key=lambda event: event.at)
