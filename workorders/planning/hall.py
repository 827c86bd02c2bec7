"""Halscherm: today's cars on a television in the hall."""

from django.db.models import Case, F, Value, When
from django.shortcuts import render
from django.utils import timezone

from cleanconnect.permissions import requires

from ..models import WorkOrder

MOST = 60


@requires("planning.view")
def hall_screen(request):
    """Big enough to read from afar, without customers' names; the part with the cars refreshes by itself (static/hall.js)."""
    today = timezone.localdate()
    orders = WorkOrder.objects.for_day(today).exclude(status=WorkOrder.Status.DELIVERED)
    turn = Case(When(status__in=WorkOrder.OPEN, then=Value(0)), default=Value(1))
    orders = orders.select_related("vehicle", "bay").prefetch_related("assignments__membership")
    orders = orders.order_by(turn, F("promised_at").asc(nulls_last=True), F("planned_time").asc(nulls_last=True), "number")
    context = {"orders": orders[:MOST], "now": timezone.localtime(), "today": today}
    return render(request, "workorders/planning/hall.html", context)
