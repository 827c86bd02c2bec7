from django.db.models.functions import Lower
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from cleanconnect.permissions import requires
from cleanconnect.views import Create, Delete, Edit, Overview

from . import sheets
from .filters import VehicleFilter, VehicleTypeFilter
from .forms import VehicleTypeForm
from .models import Vehicle, VehicleType


class Types:
    model = VehicleType
    queryset = VehicleType.objects.active()
    form_class = VehicleTypeForm
    success_url = reverse_lazy("vehicles:type-overview")


@requires("vehicle_types.manage")
class TypeCreate(Types, Create):
    title = _("Soort voertuig aanmaken")
    lead = _("Bijvoorbeeld auto standaard, auto XL, bedrijfsauto of camper.")


@requires("vehicle_types.manage")
class TypeOverview(Overview):
    sheet = sheets.TYPES
    filterset_class = VehicleTypeFilter
    template_name = "vehicles/type_overview.html"
    queryset = VehicleType.objects.active().order_by(Lower("name"))


@requires("vehicle_types.manage")
class TypeEdit(Types, Edit):
    title = _("Soort voertuig bewerken")


@requires("vehicle_types.manage")
class TypeDelete(Types, Delete):
    template_name = "vehicles/confirm_delete_type.html"


@requires("vehicles.view")
class Search(Overview):
    """Opzoeken: the vehicles that were brought in; a customer finds its own."""

    sheet = sheets.VEHICLES
    filterset_class = VehicleFilter
    template_name = "vehicles/search.html"
    queryset = Vehicle.objects.select_related("type")
