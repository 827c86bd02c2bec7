"""Planning an order: when, how long, by whom and where; written on its timeline like any change in the office."""

from django.db import transaction

from ..intake import AlreadyCompleted, ChangedMeanwhile, assign, described, record_changes
from ..models import WorkOrder


@transaction.atomic
def plan(order, *, planned_on, planned_time, planned_minutes, bay, assigned, version, by):
    """Plan an open order; raises `intake.AlreadyCompleted` and `intake.ChangedMeanwhile` as `intake.change` does."""
    order = WorkOrder.objects.open().select_for_update(no_key=True).filter(pk=order.pk).first()
    if order is None:
        raise AlreadyCompleted
    if version != order.version:
        raise ChangedMeanwhile(list(order.changes.filter(version__gt=version).select_related("by")), order.version)
    before = described(order)
    order.planned_on, order.planned_time, order.planned_minutes, order.bay = planned_on, planned_time, planned_minutes, bay
    order.version += 1
    order.save(update_fields=["planned_on", "planned_time", "planned_minutes", "bay", "version"])
    assign(order, assigned)
    record_changes(order, before, by=by)
    return order
