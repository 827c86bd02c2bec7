"""The status of an order as a small machine: which moves there are, whose they are, and what each writes down."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cleanconnect.permissions import EMPLOYEE, OWNER

from .models import StatusChange, WorkOrder

Status, Place = WorkOrder.Status, StatusChange.Place
HALL = {OWNER, EMPLOYEE}
MOVES = {
    Status.PLANNED: {Status.IN_PROGRESS: HALL, Status.COMPLETED: HALL, Status.CANCELLED: {OWNER}},
    Status.IN_PROGRESS: {Status.PLANNED: {OWNER}, Status.COMPLETED: HALL, Status.CANCELLED: {OWNER}},
    Status.COMPLETED: {Status.IN_PROGRESS: {OWNER}, Status.DELIVERED: HALL},
    Status.DELIVERED: {Status.COMPLETED: {OWNER}, Status.IN_PROGRESS: {OWNER}},
    Status.CANCELLED: {Status.PLANNED: {OWNER}},
}
NEEDS_REASON = {Status.CANCELLED}


class NotAllowed(Exception):
    """This order cannot go there, or not by this person; the message is for the screen."""


def moves(order, membership):
    """The statuses to which this person may bring the order."""
    if order.archived_at or order.is_history:
        return []
    return [to for to, roles in MOVES[Status(order.status)].items() if membership.role in roles]


def created(order, *, by):
    """Write down that the order was made."""
    StatusChange.objects.create(order=order, after=order.status, by=by, happened_at=order.created_at)


@transaction.atomic
def move(order, to, *, by, reason="", place=Place.OFFICE):
    """Bring the order to a status and write it down; to where it is already does nothing. Raises `NotAllowed`.

    Returns the order as it is now. Whether a check or an invoice is in the way is for the rooms that know of them.
    """
    order = WorkOrder.objects.active().select_for_update().get(pk=order.pk)
    if order.status == to:
        return order
    if to not in moves(order, by):
        raise NotAllowed(
            _("%(order)s is %(status)s en kan niet naar %(to)s.")
            % {"order": order, "status": order.get_status_display().lower(), "to": Status(to).label.lower()}
        )
    if to in NEEDS_REASON and not reason.strip():
        raise NotAllowed(_("Vul de reden in."))
    before, order.status = order.status, to
    if to not in WorkOrder.FINISHED:
        order.completed_at = order.completed_by = None
    elif order.completed_at is None:
        order.completed_at, order.completed_by = timezone.now(), by
    order.save(update_fields=["status", "completed_at", "completed_by"])
    StatusChange.objects.create(order=order, before=before, after=to, reason=reason.strip()[:250], by=by, place=place)
    return order
