"""The status of an order as a small machine: which moves there are, whose they are, and what each writes down."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from .models import OrderChange, StatusChange, WorkOrder

changed = Signal()  # sent within the transaction of a move: `order` as it is now, and the `StatusChange` as `change`
Status, Place = WorkOrder.Status, StatusChange.Place
HALL, OFFICE = "quality.check", "workorders.manage"
MOVES = {  # from a status to others, and the permission that each takes
    Status.PLANNED: {
        Status.IN_PROGRESS: HALL,
        Status.WAITING: HALL,
        Status.TO_CHECK: HALL,
        Status.COMPLETED: HALL,
        Status.CANCELLED: OFFICE,
    },
    Status.IN_PROGRESS: {
        Status.PLANNED: OFFICE,
        Status.WAITING: HALL,
        Status.TO_CHECK: HALL,
        Status.COMPLETED: HALL,
        Status.CANCELLED: OFFICE,
    },
    Status.WAITING: {Status.IN_PROGRESS: OFFICE, Status.PLANNED: OFFICE, Status.CANCELLED: OFFICE},
    Status.TO_CHECK: {Status.COMPLETED: HALL, Status.REJECTED: HALL, Status.IN_PROGRESS: HALL, Status.CANCELLED: OFFICE},
    Status.REJECTED: {Status.IN_PROGRESS: HALL, Status.TO_CHECK: HALL, Status.COMPLETED: HALL, Status.CANCELLED: OFFICE},
    Status.COMPLETED: {Status.IN_PROGRESS: OFFICE, Status.REJECTED: OFFICE, Status.DELIVERED: HALL},
    Status.DELIVERED: {Status.COMPLETED: OFFICE, Status.IN_PROGRESS: OFFICE, Status.REJECTED: OFFICE},
    Status.CANCELLED: {Status.PLANNED: OFFICE},
}
NEEDS_REASON = {Status.WAITING, Status.REJECTED, Status.CANCELLED}


@dataclass(frozen=True)
class Button:
    """A move on the screen: what it says, and what it means for who has to give the reason."""

    label: str
    icon: str
    explanation: str = ""


BUTTONS = {
    Status.PLANNED: Button(_lazy("Opnieuw inplannen"), "arrow-counterclockwise"),
    Status.IN_PROGRESS: Button(_lazy("In behandeling nemen"), "play-fill"),
    Status.TO_CHECK: Button(_lazy("Klaar voor controle"), "clipboard-check"),
    Status.DELIVERED: Button(_lazy("Afgeleverd"), "check-circle"),
    Status.WAITING: Button(
        _lazy("Wacht op akkoord"), "clock", _lazy("De auto blijft staan tot de klant akkoord is. Zet erbij waarop u wacht.")
    ),
    Status.REJECTED: Button(
        _lazy("Afkeuren"),
        "exclamation-triangle",
        _lazy("Het werk moet over. Het blijft dezelfde werkorder, en de klant krijgt er geen tweede factuur van."),
    ),
    Status.CANCELLED: Button(
        _lazy("Annuleren"), "x-lg", _lazy("De werkorder blijft in het overzicht staan, maar wordt niet uitgevoerd en niet gefactureerd.")
    ),
}
ONE_PRESS = set(BUTTONS) - NEEDS_REASON
IS = {  # what an order of a status is, and what it may not become, in a sentence
    Status.PLANNED: _lazy("is ingepland"),
    Status.IN_PROGRESS: _lazy("is in behandeling"),
    Status.WAITING: _lazy("wacht op akkoord"),
    Status.TO_CHECK: _lazy("is klaar voor controle"),
    Status.REJECTED: _lazy("is afgekeurd"),
    Status.COMPLETED: _lazy("is gereed"),
    Status.DELIVERED: _lazy("is afgeleverd"),
    Status.CANCELLED: _lazy("is geannuleerd"),
}
BECOMES = {
    Status.PLANNED: _lazy("worden ingepland"),
    Status.IN_PROGRESS: _lazy("in behandeling worden genomen"),
    Status.WAITING: _lazy("op akkoord gaan wachten"),
    Status.TO_CHECK: _lazy("klaar voor controle worden gezet"),
    Status.REJECTED: _lazy("worden afgekeurd"),
    Status.COMPLETED: _lazy("gereed worden gemeld"),
    Status.DELIVERED: _lazy("worden afgeleverd"),
    Status.CANCELLED: _lazy("worden geannuleerd"),
}


class NotAllowed(Exception):
    """This order cannot go there, or not by this person; the message is for the screen."""


def moves(order, membership):
    """The statuses to which this person may bring the order."""
    if order.archived_at or order.is_history:
        return []
    return [to for to, permission in MOVES[Status(order.status)].items() if membership.may(permission)]


def buttons(order, membership):
    """`[(status, Button, asks_why), …]` for the page of an order; gereed and heropenen go through the quality check."""
    return [
        (to.value, BUTTONS[to], to in NEEDS_REASON)
        for to in moves(order, membership)
        if to in BUTTONS and not (to == Status.IN_PROGRESS and order.status in WorkOrder.FINISHED)
    ]


def created(order, *, by):
    """Write down that the order was made."""
    StatusChange.objects.create(order=order, after=order.status, by=by, happened_at=order.created_at)


def _why_not(order, to):
    words = {"order": order, "is": IS[Status(order.status)], "becomes": BECOMES[to]}
    if order.archived_at:
        return _("%(order)s is verwijderd en kan niet %(becomes)s.") % words
    if order.is_history:
        return _("%(order)s komt uit een vorig systeem en blijft zoals hij is.") % words
    if to in MOVES[Status(order.status)]:
        return _("%(order)s %(is)s en kan alleen door een eigenaar %(becomes)s.") % words
    return _("%(order)s %(is)s en kan niet %(becomes)s.") % words


@transaction.atomic
def move(order, to, *, by, reason="", place=Place.OFFICE, at=None):
    """Bring the order to a status and write it down, as done at `at` or now; to where it is already does nothing. Raises `NotAllowed`.

    Returns the order as it is now. Whether a check or an invoice is in the way is for the rooms that know of them.
    """
    order = WorkOrder.objects.active().select_for_update(no_key=True).get(pk=order.pk)
    if order.status == to:
        return order
    if to not in moves(order, by):
        raise NotAllowed(_why_not(order, Status(to)))
    if to in NEEDS_REASON and not reason.strip():
        raise NotAllowed(_("Vul de reden in."))
    return _write(order, to, by=by, reason=reason, place=place, at=at)


@transaction.atomic
def go_on(order, *, by, reason, place):
    """Take an order that waited for approval in progress again; anything else stays as it is. `by` is None for the customer itself."""
    order = WorkOrder.objects.select_for_update(no_key=True).get(pk=order.pk)
    if order.status != Status.WAITING or order.archived_at:
        return order
    return _write(order, Status.IN_PROGRESS, by=by, reason=reason, place=place)


def _write(order, to, *, by, reason, place, at=None):
    at = at or timezone.now()
    before, order.status = order.status, to
    if to not in WorkOrder.FINISHED:
        order.completed_at = order.completed_by = None
    elif order.completed_at is None:
        order.completed_at, order.completed_by = at, by
        _take_rates_of_today(order, by=by, at=at)
    order.save(update_fields=["status", "completed_at", "completed_by"])
    change = StatusChange.objects.create(
        order=order, before=before, after=to, reason=reason.strip()[:250], by=by, place=place, happened_at=at
    )
    changed.send(WorkOrder, order=order, change=change)
    return order


def _take_rates_of_today(order, *, by, at):
    """The rate of VAT is that of the day the work is done: one that changed since the order was taken in, at new year say, counts."""
    for line in order.lines.exclude(service=None).exclude(vat_rate=F("service__vat_rate")).select_related("service"):
        text = _("Btw van %(line)s: %(before)s → %(after)s") % {
            "line": line.description,
            "before": line.get_vat_rate_display(),
            "after": line.service.get_vat_rate_display(),
        }
        OrderChange.objects.create(order=order, version=order.version, text=text, is_about_price=True, by=by, happened_at=at)
        line.vat_rate = line.service.vat_rate
        line.save(update_fields=["vat_rate"])
