"""What the planning board shows of each order, as its calendar (static/planning.js) wants it."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from ..models import Assignment, WorkOrder, WorkOrderLine
from .capacity import UNKNOWN_MINUTES

SHOWN = ("number", "status", "archived_at", "planned_on", "planned_time", "planned_minutes", "promised_at", "version", "bay")
SHOWN += ("customer__name", "vehicle__plate_shown", "vehicle__vin", "vehicle__make", "vehicle__model")


def on_board(first, last):
    """The orders that stand on the board from one date to another, by their time."""
    orders = WorkOrder.objects.active().filter(planned_on__range=(first, last)).exclude(status=WorkOrder.Status.CANCELLED)
    return orders.order_by("planned_time", "number")


def calendar(first, last, *, by_bay, whole_days, may_plan):
    """The orders of a period as `[{…}, …]`, each in the column of its bay or else of its people; three queries for any number.

    A week can hold hundreds, so that lines and assignments are read as bare values: no queryset is made per order.
    """
    orders = list(on_board(first, last).select_related("customer", "vehicle").only(*SHOWN).with_minutes())
    people = _per_order(Assignment.objects.filter(order__in=orders).values_list("order", "membership"))
    work = _per_order(WorkOrderLine.objects.filter(order__in=orders).values_list("order", "description"))
    statuses = {value: str(label) for value, label in WorkOrder.Status.choices}  # a label is translated each time it is asked
    detail, plan = _address("workorders:detail"), _address("workorders:plan")
    found = []
    for order in orders:
        minutes = order.minutes or UNKNOWN_MINUTES
        time = None if whole_days else order.planned_time
        starts = datetime.combine(order.planned_on, time or datetime.min.time())
        ends = starts + (timedelta(minutes=minutes) if time else timedelta(days=1))
        assigned = [str(person) for person in people[order.pk]]
        is_movable = may_plan and order.is_open
        found.append(
            {
                "id": str(order.pk),
                "start": starts.isoformat(),
                "end": ends.isoformat(),
                "allDay": time is None,
                "resourceIds": [str(order.bay_id or 0)] if by_bay else assigned or ["0"],
                "title": str(order.vehicle),
                "editable": is_movable,
                "startEditable": is_movable,
                "durationEditable": is_movable,
                "classNames": [f"event-{order.status}"] + ([f"event-{promise}"] if (promise := order.promise) else []),
                "extendedProps": {
                    "make": order.vehicle.make_and_model,
                    "customer": order.customer.name,
                    "work": ", ".join(description.rpartition(": ")[2] for description in work[order.pk]),
                    "status": statuses[order.status],
                    "promised": order.promised_at and timezone.localtime(order.promised_at).strftime("%H:%M"),
                    "minutes": minutes,
                    "time": order.planned_time and order.planned_time.strftime("%H:%M"),
                    "planned_minutes": order.planned_minutes,
                    "version": order.version,
                    "bay": order.bay_id,
                    "assigned": assigned,
                    "url": detail(order.pk),
                    "plan": plan(order.pk),
                },
            }
        )
    return found


def _per_order(pairs):
    """`{order: [value, …]}` of pairs."""
    values = defaultdict(list)
    for order, value in pairs:
        values[order].append(value)
    return values


def _address(name):
    """A function that gives the address of an order's page: Django finds the pattern once."""
    before, after = reverse(name, args=[0]).split("/0/")
    return lambda pk: f"{before}/{pk}/{after}"
