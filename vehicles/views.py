import json

from django.core.exceptions import ValidationError
from django.db.models.functions import Lower
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cleanconnect.outside import Unavailable
from cleanconnect.permissions import requires
from cleanconnect.views import Create, Delete, Edit, Needs, Overview

from . import sheets
from .filters import TypeRuleFilter, VehicleFilter, VehicleTypeFilter
from .forms import TypeRuleForm, VehicleTypeForm
from .models import TypeRule, Vehicle, VehicleType
from .plates import clean_plate
from .rdw import proposed_type, record_of


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


class Rules:
    model = TypeRule
    queryset = TypeRule.objects.select_related("vehicle_type")
    form_class = TypeRuleForm
    success_url = reverse_lazy("vehicles:rule-overview")


@requires("vehicle_types.manage")
class RuleCreate(Rules, Needs, Create):
    title = _("Regel maken")
    lead = _("Van wat de RDW over een kenteken weet naar uw soort voertuig. Laat leeg wat er niet toe doet.")
    needs = VehicleType.objects.active()
    needs_template = "vehicles/needs_type.html"


@requires("vehicle_types.manage")
class RuleOverview(Overview):
    sheet = sheets.RULES
    filterset_class = TypeRuleFilter
    template_name = "vehicles/rule_overview.html"
    queryset = TypeRule.objects.filter(vehicle_type__archived_at=None).select_related("vehicle_type")


@requires("vehicle_types.manage")
class RuleEdit(Rules, Edit):
    title = _("Regel bewerken")


@requires("vehicle_types.manage")
class RuleDelete(Rules, Delete):
    def remove(self):
        self.object.delete()
        return "deleted"


@requires("workorders.manage")
@require_safe
def registered(request):
    """Beside a form: what the RDW says of the plate that was typed, and the vehicle type we would call it. Saves no vehicle."""
    context = {}
    try:
        plate, context["plate"] = clean_plate(request.GET.get("plate", "")[:20])
        context["record"] = record_of(plate)
    except ValidationError:
        context["is_no_plate"] = True
    except Unavailable:
        context["is_unavailable"] = True
    else:
        record, kind = context["record"], proposed_type(context["record"])
        fill = {"make": record.make, "model": record.model, "vehicle_type": str(kind.pk) if kind else ""}
        context |= {"type": kind, "fill": json.dumps({name: value for name, value in fill.items() if value})}
    return render(request, "vehicles/registered.html", context)
