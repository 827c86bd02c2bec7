"""The pages of a customer, a vehicle and an order, the search over everything, and what is done with a customer as a whole."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import DetailView

from cleanconnect.permissions import requires
from cleanconnect.views import Overview
from customers.fields import FIELDS
from customers.leaving import restore_customer
from customers.models import Customer, CustomerEvent
from vehicles.models import Vehicle
from workorders.sheets import ORDERS

from . import forgetting, merging, order, sheets, vehicle
from .customer import parts
from .filters import HistoryFilter, TreatmentFilter
from .forms import MergeForm
from .search import SHORTEST, find


@requires("vehicles.view")
@require_safe
def search(request):
    """`?q=`: a page with what was found; htmx gets the list alone, for the field in the bar."""
    text = request.GET.get("q", "")
    context = {"text": text, "parts": find(text, request.membership), "is_short": len(text.strip()) < SHORTEST}
    template = "dossiers/search.html#found" if request.htmx else "dossiers/search.html"
    return render(request, template, context)


@requires("workorders.view")
class OrderPage(DetailView):
    template_name = "dossiers/order.html"
    context_object_name = "order"

    def get_queryset(self):
        return order.orders()

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | order.parts(self.object, self.request.membership)


@requires("vehicles.view")
class VehiclePage(Overview):
    """What was done to a vehicle, when and by whom; a customer sees the own orders, without names and checks."""

    filterset_class = TreatmentFilter
    sheet = ORDERS
    template_name = "dossiers/vehicle.html"
    paginate_by = 20

    @cached_property
    def vehicle(self):
        return get_object_or_404(Vehicle.objects.select_related("type"), pk=self.kwargs["pk"])

    def get_queryset(self):
        return vehicle.treatments(self.vehicle, self.request.membership)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"vehicle": self.vehicle}


@requires("customers.manage")
class CustomerPage(DetailView):
    template_name = "dossiers/customer/page.html"
    queryset = Customer.objects.select_related("type", "merged_into")
    context_object_name = "customer"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | parts(self.object)


@requires("customers.manage")
class CustomerHistory(Overview):
    """All that was changed about a customer, the newest first."""

    sheet = sheets.HISTORY
    filterset_class = HistoryFilter
    template_name = "dossiers/customer/history.html"
    paginate_by = 50

    @cached_property
    def customer(self):
        return get_object_or_404(Customer, pk=self.kwargs["pk"])

    def get_queryset(self):
        return CustomerEvent.objects.filter(customer=self.customer).select_related("by")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"customer": self.customer}


@requires("customers.manage")
@require_POST
def restore(request, pk):
    """Terugzetten: an archived customer can be chosen again."""
    customer = get_object_or_404(Customer.objects.exclude(archived_at=None), pk=pk, anonymised_at=None, merged_into=None)
    restore_customer(customer, by=request.membership)
    messages.success(request, _("%(name)s is teruggezet.") % {"name": customer})
    return redirect("customer-file", pk)


@requires("customers.manage")
def merge_with(request, pk):
    """Samenvoegen: choose the other, look at what moves, do it."""
    customer = get_object_or_404(Customer.objects.active(), pk=pk, anonymised_at=None)
    typed = request.POST or (request.GET if "met" in request.GET or "met_zoek" in request.GET else None)
    form = MergeForm(typed, customer=customer)
    context = {"customer": customer, "form": form}
    if not form.is_bound or not form.is_valid():
        return render(request, "dossiers/customer/merge.html", context, status=422 if form.errors else 200)
    source, target = form.pair()
    if request.method == "POST":
        try:
            merging.merge(source, target, by=request.membership)
        except merging.NotMergeable as error:
            form.add_error(None, str(error))
            return render(request, "dossiers/customer/merge.html", context, status=422)
        messages.success(request, _("%(source)s is opgegaan in %(target)s.") % {"source": source, "target": target})
        return redirect("customer-file", target.pk)
    labels = {field.name: str(field.label) for field in FIELDS}
    filled = {labels[name]: merging.shown(source, name, value) for name, value in merging.filled(source, target).items()}
    context |= {"source": source, "target": target, "moved": merging.preview(source, target), "filled": filled}
    return render(request, "dossiers/customer/merge.html", context)


@requires("customers.manage")
def forget(request, pk):
    """Anonimiseren: what goes and what stays, and after a tick it is done."""
    customer = get_object_or_404(Customer.objects.select_related("type"), pk=pk)
    lacks_tick = request.method == "POST" and request.POST.get("zeker") != "ja"
    if request.method == "POST" and not lacks_tick:
        try:
            forgetting.anonymise(customer, by=request.membership)
        except forgetting.NotYet:
            pass  # the page below says why
        else:
            messages.success(request, _("De klant is geanonimiseerd."))
            return redirect(reverse("customers:overview"))
    context = {"customer": customer, "preview": forgetting.preview(customer), "lacks_tick": lacks_tick}
    return render(request, "dossiers/customer/anonymise.html", context, status=422 if request.method == "POST" else 200)
