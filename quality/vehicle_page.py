from django.db.models import Prefetch
from django.db.models.functions import Coalesce, TruncDate
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from cleanconnect.permissions import requires
from cleanconnect.views import Overview
from vehicles.models import Vehicle
from workorders.models import WorkOrder
from workorders.sheets import ORDERS

from .checking import with_results
from .filters import TreatmentFilter
from .models import Defect


@requires("vehicles.view")
class VehiclePage(Overview):
    """What was done to a vehicle, when and by whom; a customer sees the own orders, without names and checks."""

    filterset_class = TreatmentFilter
    sheet = ORDERS
    template_name = "quality/vehicle_page.html"
    paginate_by = 20

    @cached_property
    def vehicle(self):
        return get_object_or_404(Vehicle.objects.select_related("type"), pk=self.kwargs["pk"])

    def get_queryset(self):
        member = self.request.membership
        day = Coalesce(TruncDate("completed_at"), "planned_on", TruncDate("created_at"))
        treatments = WorkOrder.objects.active().filter(vehicle=self.vehicle).annotate(day=day).order_by("-day", "-number")
        defects = Defect.objects.all()
        if member.may("quality.check"):
            treatments = with_results(treatments.select_related("customer", "completed_by"))
            defects = defects.with_names()
        return treatments.prefetch_related("lines", "photos", "damage_marks", Prefetch("defects", defects))

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"vehicle": self.vehicle}
