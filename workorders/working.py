"""Who works on which order, from when to when: the real minutes beside the expected ones."""

from django.db import transaction
from django.utils import timezone

from .models import WorkOrder, WorkSession
from .status import Place, move


@transaction.atomic
def start(order, *, by, place=Place.TABLET):
    """Begin working on an order; what this person was working on stops. A planned order is in progress from then on."""
    order = WorkOrder.objects.open().select_for_update().get(pk=order.pk)
    WorkSession.objects.filter(membership=by, stopped_at=None).exclude(order=order).update(stopped_at=timezone.now())
    if not order.work_sessions.filter(membership=by, stopped_at=None).exists():
        WorkSession.objects.create(order=order, membership=by)
    if order.status in (WorkOrder.Status.PLANNED, WorkOrder.Status.REJECTED):
        order = move(order, WorkOrder.Status.IN_PROGRESS, by=by, place=place)
    return order


def stop(order, *, by=None):
    """Stop working on an order: one person, or (None) everybody."""
    running = order.work_sessions.filter(stopped_at=None)
    (running if by is None else running.filter(membership=by)).update(stopped_at=timezone.now())


def worked_minutes(order):
    """The whole minutes that were worked on an order, of everybody together."""
    return sum(session.minutes for session in order.work_sessions.all())
