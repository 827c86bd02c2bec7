"""Werkorders: taking in, finding, changing."""

from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django.views.generic import DetailView

from cleanconnect.permissions import requires
from cleanconnect.views import Delete, Overview
from customers.models import Customer, CustomerType
from vehicles.models import VehicleType

from . import sheets
from .filters import WorkOrderFilter
from .forms import CancelForm, WorkOrderForm
from .intake import AlreadyCompleted, change, take_in
from .many import rows_for, take_in_all
from .many_forms import ManyForm
from .models import WorkOrder
from .recognising import fill_in, recognise, same_as_before
from .status import NotAllowed, move, moves

ONE_PRESS = {WorkOrder.Status.PLANNED, WorkOrder.Status.IN_PROGRESS, WorkOrder.Status.DELIVERED}


def _page(request, form, *, order=None, found=None, status=200):
    context = {
        "found": found,
        "form": form,
        "order": order,
        "choices_url": reverse("workorders:edit-choices", args=[order.pk]) if order else reverse("workorders:create-choices"),
        "lacks_customer_types": order is None and not CustomerType.objects.active().exists(),
        "lacks_vehicle_types": order is None and not VehicleType.objects.active().exists(),
    }
    return render(request, "workorders/form.html", context, status=status)


def _chosen_customer(request):
    """What the form begins with when the address names a customer (`?klant=`), or None."""
    pk = request.GET.get("klant", "")
    customer = Customer.objects.active().filter(pk=pk).first() if pk.isdecimal() and len(pk) < 19 else None
    return customer and {"customer_type": str(customer.type_id), "customer": str(customer.pk)}


@requires("workorders.manage")
def create(request):
    if request.method != "POST":
        return _page(request, WorkOrderForm(typed=_chosen_customer(request)))
    form = WorkOrderForm(request.POST)
    if form.is_valid():
        try:
            order = take_in(**form.as_order(), by=request.membership)
        except ValidationError as error:
            form.add_vehicle_errors(error)
        else:
            messages.success(request, _("%(order)s is opgeslagen.") % {"order": order})
            return redirect("workorders:overview")
    return _page(request, form, status=422)


def _with_choices(request, order=None):
    """What was typed, with what we know of the plate (`opzoeken`) or what was done the last time (`vorige`) filled in."""
    typed = request.POST.copy()
    found = recognise(typed.get("plate", ""), typed.get("country") or "NL") if "opzoeken" in typed or "vorige" in typed else None
    if "opzoeken" in typed:
        fill_in(typed, found)
    if "vorige" in typed:
        same_as_before(typed, typed["vorige"])
    return _page(request, WorkOrderForm(typed=typed, order=order), order=order, found=found)


@requires("workorders.manage")
@require_POST
def create_choices(request):
    """The same page with the choices that belong to what is chosen so far; nothing is saved or checked."""
    return _with_choices(request)


@requires("workorders.manage")
def create_many(request):
    """Meer tegelijk: what was pasted is shown with prices and mistakes; with *bevestigd* the good ones become orders."""
    form = ManyForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "lacks_services": not form.fields["work"].choices}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        rows = rows_for(data["plates"], customer=data["customer"], work=data["work"], default_type=data["vehicle_type"])
        good = [row for row in rows if not row.error]
        if "bevestigd" in request.POST and good:
            names = ("customer", "planned_on", "note", "po_number", "cost_centre")
            orders = take_in_all(good, by=request.membership, **{name: data[name] for name in names})
            text = ngettext("%(count)s werkorder is opgeslagen.", "%(count)s werkorders zijn opgeslagen.", len(orders))
            messages.success(request, text % {"count": len(orders)})
            return redirect("workorders:overview")
        context |= {"rows": rows, "good": good, "total": sum((row.net for row in good), Decimal(0))}
    return render(request, "workorders/many.html", context, status=422 if form.errors else 200)


@requires("workorders.manage")
def edit(request, pk):
    order = get_object_or_404(WorkOrder.objects.open().for_overview(), pk=pk)
    if request.method != "POST":
        return _page(request, WorkOrderForm(order=order), order=order)
    form = WorkOrderForm(request.POST, order=order)
    if form.is_valid():
        try:
            change(order, **form.as_order(), by=request.membership)
        except ValidationError as error:
            form.add_vehicle_errors(error)
        except AlreadyCompleted:
            form.add_error(None, _("Deze werkorder is intussen gereedgemeld en kan niet meer worden gewijzigd."))
        else:
            messages.success(request, _("%(order)s is opgeslagen.") % {"order": order})
            return redirect("workorders:detail", pk)
    return _page(request, form, order=order, status=422)


@requires("workorders.manage")
@require_POST
def edit_choices(request, pk):
    order = get_object_or_404(WorkOrder.objects.open().for_overview(), pk=pk)
    return _with_choices(request, order)


@requires("workorders.view")
class OrderOverview(Overview):
    sheet = sheets.ORDERS
    filterset_class = WorkOrderFilter
    template_name = "workorders/overview.html"

    def get_queryset(self):
        orders = WorkOrder.objects.active().for_overview().order_by("-number")
        return orders.with_net() if self.request.membership.may("prices.see") else orders


@requires("workorders.view")
class OrderDetail(DetailView):
    template_name = "workorders/detail.html"
    context_object_name = "order"

    def get_context_data(self, **kwargs):
        changes = self.object.status_changes.select_related("by")
        return super().get_context_data(**kwargs) | {"changes": changes, "moves": moves(self.object, self.request.membership)}

    def get_queryset(self):
        # Not `created_by`: a customer may not see that row, and an inner join would hide the order too.
        return WorkOrder.objects.for_overview().select_related("completed_by", "branch").prefetch_related("lines").with_net()


@requires("workorders.manage")
class OrderDelete(Delete):
    queryset = WorkOrder.objects.active()
    success_url = reverse_lazy("workorders:overview")
    template_name = "workorders/confirm_delete.html"


@requires("quality.check")
@require_POST
def set_status(request, pk):
    """*In behandeling nemen*, *Afgeleverd*, *Opnieuw inplannen*: the moves of one press."""
    order = get_object_or_404(WorkOrder.objects.active(), pk=pk)
    to = request.POST.get("status", "")
    if to not in ONE_PRESS:
        raise Http404
    try:
        order = move(order, to, by=request.membership)
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(order)s is %(status)s.") % {"order": order, "status": order.get_status_display().lower()})
    return redirect("workorders:detail", pk)


@requires("workorders.manage")
def cancel(request, pk):
    """Annuleren: why, and then nothing more is done to it."""
    order = get_object_or_404(WorkOrder.objects.active().for_overview(), pk=pk)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            move(order, WorkOrder.Status.CANCELLED, by=request.membership, reason=form.cleaned_data["reason"])
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(order)s is geannuleerd.") % {"order": order})
            return redirect("workorders:detail", pk)
    return render(request, "workorders/cancel.html", {"form": form, "order": order}, status=422 if form.errors else 200)
