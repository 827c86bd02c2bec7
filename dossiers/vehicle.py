"""What the page of a vehicle shows: what was done to it."""

from django.db.models import Prefetch
from django.db.models.functions import Coalesce, TruncDate

from quality.checking import with_results
from quality.models import Defect
from workorders.models import WorkOrder


def treatments(vehicle, membership):
    """The orders of a vehicle with their `day`, the last on top; a customer's are its own, without names and checks."""
    day = Coalesce(TruncDate("completed_at"), "planned_on", TruncDate("created_at"))
    orders = WorkOrder.objects.active().filter(vehicle=vehicle).annotate(day=day).order_by("-day", "-number")
    defects = Defect.objects.all()
    if membership.may("quality.check"):
        orders = with_results(orders.select_related("customer", "completed_by"))
        defects = defects.with_names()
    return orders.prefetch_related("lines", "photos", "damage_marks", Prefetch("defects", defects))
