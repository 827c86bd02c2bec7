"""Who works on which order, from when to when: the real minutes beside the expected ones."""

from django.db import transaction
from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from .models import WorkOrder, WorkSession
from .status import Place, move


@transaction.atomic
def start(order, *, by, place=Place.TABLET, at=None):
    """Begin working on an order, at `at` or now; what this person was working on stops. A planned order is in progress from then on."""
    order = WorkOrder.objects.open().select_for_update(no_key=True).get(pk=order.pk)
    _stop(WorkSession.objects.filter(membership=by, stopped_at=None).exclude(order=order), at)
    if not order.work_sessions.filter(membership=by, stopped_at=None).exists():
        WorkSession.objects.create(order=order, membership=by, started_at=at or timezone.now())
    if order.status in (WorkOrder.Status.PLANNED, WorkOrder.Status.REJECTED):
        order = move(order, WorkOrder.Status.IN_PROGRESS, by=by, place=place)
    return order


def stop(order, *, by=None, at=None):
    """Stop working on an order, at `at` or now: one person, or (None) everybody."""
    running = order.work_sessions.filter(stopped_at=None)
    _stop(running if by is None else running.filter(membership=by), at)


def _stop(running, at):
    running.update(stopped_at=Greatest(F("started_at"), Value(at or timezone.now(), output_field=DateTimeField())))


def worked_minutes(order):
    """The whole minutes that were worked on an order, of everybody together."""
    return sum(session.minutes for session in order.work_sessions.all())
