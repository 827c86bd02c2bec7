"""The timeline of an order: all that happened to it, from every room that knows of it, oldest first."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.models import Message
from quality.checking import read_answers
from quality.order_page import read
from workorders.models import WorkOrder

from .order_page import invoices_of


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


def timeline(order, membership):
    """`[Event, …]` that this membership may see; a customer sees no names, no checks, no mails and nothing of the office."""
    works_here = membership.customer_id is None
    read(order, membership)
    moves = list(order.status_changes.select_related("by"))
    events = [*_moves(moves), *_photos(order), *_damage(order), *_defects(order), *_approvals(order), *_handovers(order)]
    if works_here:
        events += [*_changes(order, membership), *_checks(order), *_work(order), *_mails(order, moves)]
    if membership.may("invoicing.view"):
        events += _invoices(order)
    if not works_here:
        events = [Event(e.at, e.icon, e.text, "", e.status, e.status_name, e.url, e.picture) for e in events]
    return sorted(events, key=lambda event: event.at)


def _moves(moves):
    status = WorkOrder.Status
    for move in moves:
        text = move.reason
        if not move.before:
            text = _("Gemaakt")
        elif move.after == status.IN_PROGRESS and move.before in WorkOrder.FINISHED:
            text = f"{_('Heropend')}: {move.reason}" if move.reason else _("Heropend")
        by = f"{move.by.name} ({move.get_place_display()})" if move.by else ""
        yield Event(move.happened_at, "arrow-repeat", text, by, move.after, move.get_after_display())


def _photos(order):
    for photo in order.photos.all():
        text = _("Foto %(moment)s") % {"moment": photo.get_moment_display()}
        address = reverse("workorders:photo", args=[photo.pk]) if photo.photo else ""
        yield Event(photo.added_at, "camera", text, photo.added_by.name if photo.added_by else "", url=address, picture=address)


def _damage(order):
    for mark in order.damage_marks.all():
        text = _("Schade bij binnenkomst: %(mark)s") % {"mark": f"{mark} {mark.note}".strip()}
        yield Event(mark.marked_at, "exclamation-triangle", text, mark.marked_by.name if mark.marked_by else "")


def _defects(order):
    for defect in order.defects.all():
        address = reverse("quality:defect-photo", args=[defect.pk]) if defect.photo else ""
        text = _("Mankement: %(text)s") % {"text": defect.description}
        yield Event(defect.found_at, "exclamation-triangle", text, url=address, picture=address)


def _approvals(order):
    for approval in order.approvals.all():
        if approval.decided_at:
            by = approval.decided_by.name if approval.decided_by else approval.decided_name
            yield Event(approval.decided_at, "hand-index", f"{approval.name}: {approval.get_state_display().lower()}", by)


def _handovers(order):
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


def _checks(order):
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


def _work(order):
    for session in order.work_sessions.select_related("membership"):
        yield Event(session.started_at, "play-fill", _("Begonnen met werken"), session.membership.name)
        if session.stopped_at:
            text = ngettext("Gestopt na %(count)s minuut", "Gestopt na %(count)s minuten", session.minutes) % {"count": session.minutes}
            yield Event(session.stopped_at, "stop-fill", text, session.membership.name)


def _mails(order, moves):
    """The mails about its defects, its moves and its invoices."""
    keys = {
        Message.Event.DEFECT: [str(defect.pk) for defect in order.defects.all()],
        Message.Event.APPROVAL: [str(approval.pk) for approval in order.approvals.all()],
    }
    invoices = [str(invoice.pk) for invoice in invoices_of(order)]
    keys |= dict.fromkeys((Message.Event.INVOICE, Message.Event.CREDIT_NOTE), invoices)
    keys |= {event: [str(move.pk) for move in moves] for event in (Message.Event.READY, Message.Event.REDO)}
    found = Q.create([Q(event=event, event_key__in=of_event) for event, of_event in keys.items()], connector=Q.OR)
    for message in Message.objects.filter(found):
        text = _("E-mail aan %(name)s: %(subject)s (%(state)s)") % {
            "name": message.to_name,
            "subject": message.subject,
            "state": message.get_state_display().lower(),
        }
        yield Event(message.sent_at or message.created_at, "envelope", text)


def _invoices(order):
    for invoice in invoices_of(order):
        text = _("Gecrediteerd: %(invoice)s") if invoice.is_credit_note else _("Gefactureerd: %(invoice)s")
        text %= {"invoice": invoice}
        yield Event(invoice.created_at, "receipt", text, url=reverse("invoicing:detail", args=[invoice.pk]))
