from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from cleanconnect.permissions import requires
from cleanconnect.views import Create, Delete, Edit, Exportable, Needs, PartMixin
from vehicles.models import VehicleType

from . import sheets
from .filters import TypeChoice
from .forms import GroupForm, ServiceForm
from .matrix import Matrix, MatrixForm, save_changes
from .models import Service, ServiceGroup
from .pricing import list_prices


class Chosen:
    """A page about one vehicle type, which the address names; `choice` is what was chosen."""

    @cached_property
    def choice(self):
        return TypeChoice(self.request.GET)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"choice": self.choice}


class Groups:
    model = ServiceGroup
    queryset = ServiceGroup.objects.active()
    form_class = GroupForm

    def get_success_url(self):
        return f"{reverse('services:group-overview')}?soort={self.object.vehicle_type_id}"


@requires("services.manage")
class GroupCreate(Groups, Chosen, Needs, Create):
    title = _("Groep aanmaken")
    lead = _("Bijvoorbeeld werkzaamheden interieur, werkzaamheden exterieur of standaard pakket.")
    needs = VehicleType.objects.active()
    needs_template = "services/needs_vehicle_type.html"

    def get_initial(self):
        return {"vehicle_type": self.choice.vehicle_type}

    def get_cancel_url(self):
        return reverse("services:group-overview")


@requires("services.manage")
class GroupOverview(Exportable, Chosen, PartMixin, TemplateView):
    sheet = sheets.GROUPS
    template_name = "services/group_overview.html"

    def exported(self):
        return self.choice.groups().select_related("vehicle_type")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"groups": self.choice.groups()}


@requires("services.manage")
class GroupEdit(Groups, Edit):
    title = _("Groep bewerken")
    get_cancel_url = Groups.get_success_url


@requires("services.manage")
class GroupDelete(Groups, Delete):
    template_name = "services/confirm_delete_group.html"


class Services:
    model = Service
    queryset = Service.objects.active().select_related("group")
    form_class = ServiceForm
    template_name = "services/form.html"

    def get_success_url(self):
        return self.address_of_group("services:overview")

    def address_of_group(self, url_name):
        group = self.object.group
        return f"{reverse(url_name)}?soort={group.vehicle_type_id}&groep={group.pk}"


@requires("services.manage")
class ServiceCreate(Services, Chosen, Needs, Create):
    title = _("Handeling aanmaken")
    lead = _("Bijvoorbeeld kauwgom verwijderen, in de groep interieur van een auto standaard.")
    needs = ServiceGroup.objects.active()
    needs_template = "services/needs_group.html"

    def get_initial(self):
        return {"soort": self.choice.vehicle_type, "group": self.choice.group_id}

    def get_success_url(self):
        """*Opslaan en nog een* keeps the vehicle type and the group."""
        return self.address_of_group("services:create" if "nog_een" in self.request.POST else "services:overview")

    def get_cancel_url(self):
        return reverse("services:overview")


@requires("services.manage")
class ServiceOverview(Exportable, Chosen, PartMixin, TemplateView):
    """Groups of a vehicle type; *Groep laden* opens one, with its handlings and prices."""

    sheet = sheets.SERVICES
    template_name = "services/overview.html"

    def exported(self):
        """The handlings of the vehicle type; of one group when it is open."""
        services = Service.objects.active().filter(group__vehicle_type=self.choice.vehicle_type, group__archived_at=None)
        if self.choice.group_id:
            services = services.filter(group=self.choice.group_id)
        return services.select_related("group__vehicle_type").with_price_today().in_order()

    def get_context_data(self, **kwargs):
        groups = list(self.choice.groups())
        loaded = next((group for group in groups if group.pk == self.choice.group_id), None)
        services = list(Service.objects.active().filter(group=loaded).select_related("group").in_order()) if loaded else []
        prices = list_prices(services)
        for service in services:
            service.price = prices[service.pk]  # as it is today, for the screen
        return super().get_context_data(**kwargs) | {"groups": groups, "loaded": loaded, "services": services}


@requires("services.manage")
class ServiceEdit(Services, Edit):
    title = _("Handeling bewerken")
    get_cancel_url = Services.get_success_url

    def get_initial(self):
        return {"soort": self.object.group.vehicle_type_id}


@requires("services.manage")
class ServiceDelete(Services, Delete):
    template_name = "confirm_delete.html"


@requires("services.manage")
def prices(request):
    """The price matrix of the groups of one name: type, look at what changes, save."""
    matrix = Matrix(request.GET.get("groep", ""))
    page = {"matrix": matrix}
    if request.method != "POST":
        return render(request, "services/matrix.html", page | {"form": MatrixForm(matrix=matrix)})
    is_confirmed = "bevestigd" in request.POST
    form = MatrixForm(request.POST, matrix=matrix, only_sent=is_confirmed)
    if not form.is_valid():
        whole = MatrixForm(request.POST, matrix=matrix)
        return render(request, "services/matrix.html", page | {"form": whole}, status=422)
    changes = form.changes()
    if is_confirmed and not any(change.overtaken for change in changes):
        save_changes(changes)
        messages.success(
            request,
            ngettext("%(count)s prijs is opgeslagen.", "%(count)s prijzen zijn opgeslagen.", len(changes)) % {"count": len(changes)},
        )
        return redirect(request.get_full_path())
    if not changes:
        messages.info(request, _now("Er is niets veranderd."))
        return redirect(request.get_full_path())
    seen = MatrixForm(matrix=matrix).initial["seen"]
    return render(request, "services/matrix_changes.html", page | {"changes": changes, "seen": seen})
