"""Gereed: an order is finished when its check is, and opened again when that was too soon."""

from django.db import transaction
from django.utils.translation import gettext as _

from workorders.models import WorkOrder
from workorders.status import Place, move
from workorders.working import stop

from .models import ChecklistItem


class NotReady(Exception):
    """Not all checks have an answer, or a photo; `items` are those without."""

    def __init__(self, items):
        super().__init__(_("Nog niet alle kwaliteitschecks zijn beantwoord."))
        self.items = items


class NotReopenable(Exception):
    """An order that stays finished; the message is for the screen."""


@transaction.atomic
def complete(order, *, by, at=None):
    """Finish the order, as it was done on a tablet at `at`, or now; finishing twice keeps the first who and when.

    Raises `NotReady` while a check has no answer, `workorders.status.NotAllowed` while it waits for approval.
    """
    order = WorkOrder.objects.active().select_for_update(no_key=True).get(pk=order.pk)
    if not order.is_open:
        return order
    if items := list(ChecklistItem.objects.unfinished(order).select_related("group")):
        raise NotReady(items)
    stop(order, at=at)
    return move(order, WorkOrder.Status.COMPLETED, by=by, place=Place.TABLET, at=at)


def may_reopen(order, membership):
    """Whether this membership can take the order in progress again."""
    is_finished = order.completed_at is not None and order.archived_at is None and not order.is_history
    return is_finished and membership.may("workorders.manage") and not order.is_charged


@transaction.atomic
def reopen(order, *, by, reason=""):
    """Take a finished order in progress again, its answers kept; raises `NotReopenable` once it has been invoiced."""
    order = WorkOrder.objects.active().select_for_update(no_key=True).get(pk=order.pk)
    if order.is_charged:
        raise NotReopenable(
            _("%(order)s is al gefactureerd en kan daarom niet worden heropend. Moet het werk over, keur de werkorder dan af.")
            % {"order": order}
        )
    if order.is_history:
        raise NotReopenable(_("%(order)s komt uit een vorig systeem en blijft zoals hij is.") % {"order": order})
    if order.is_finished:
        return move(order, WorkOrder.Status.IN_PROGRESS, by=by, reason=reason)
    return order
