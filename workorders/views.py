"""Werkorders: taking in, finding, changing."""

from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Sum
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cleanconnect import once
from cleanconnect.permissions import requires
from cleanconnect.views import Delete, Overview
from customers.models import Customer, CustomerType
from vehicles.models import VehicleType

from . import drafts, sheets
from .filters import WorkOrderFilter
from .forms import ReasonForm, SavedViewForm, WorkOrderForm
from .intake import AlreadyCompleted, AlreadyTakenIn, ChangedMeanwhile, change, take_in
from .models import OrderDraft, SavedView, WorkOrder
from .recognising import fill_in, recognise, same_as_before
from .status import BUTTONS, NEEDS_REASON, ONE_PRESS, NotAllowed, move
from .typed import left_out


def _page(request, form, *, order=None, found=None, missing=(), meanwhile=None, taken_in=None, draft_key=None, unfinished=(), status=200):
    context = {
        "found": found,
        "left_out": missing,
        "meanwhile": meanwhile,
        "taken_in": taken_in,
        "form": form,
        "order": order,
        "draft_key": draft_key,
        "drafts": unfinished,
        "choices_url": reverse("workorders:edit-choices", args=[order.pk]) if order else reverse("workorders:create-choices"),
        "lacks_customer_types": order is None and not CustomerType.objects.active().exists(),
        "lacks_vehicle_types": order is None and not VehicleType.objects.active().exists(),
    }
    return render(request, "workorders/form.html", context, status=status)


def _chosen_customer(request):
    """What the form begins with when the address names a customer (`?klant=`), or None."""
    pk = request.GET.get("klant", "")
    customer = Customer.objects.active().filter(pk=pk).first() if pk.isdecimal() and len(pk) < 19 else None
    return customer and QueryDict(f"customer_type={customer.type_id}&customer={customer.pk}")


@requires("workorders.manage")
def create(request):
    """A new order; `?concept=` names what was typed before and not saved, also when logging in came between."""
    key = drafts.key_of(request.POST.get("concept") or request.GET.get("concept"))
    if request.method != "POST":
        if "concept" in request.GET and WorkOrder.objects.filter(key=key).exists():
            key = drafts.key_of(None)
        typed, others = drafts.typed(key, request.membership), drafts.unfinished(request.membership)
        form = WorkOrderForm(typed=_chosen_customer(request) if typed is None else typed)
        return _page(request, form, draft_key=key, unfinished=others if typed is None else ())
    form = WorkOrderForm(request.POST)
    if form.is_valid():
        try:
            order = take_in(**form.as_order(), key=key, by=request.membership)
        except ValidationError as error:
            form.add_vehicle_errors(error)
        except AlreadyTakenIn as error:  # and something was changed since, or the middleware would have answered
            return _page(request, form, taken_in=error.order, draft_key=drafts.key_of(None), status=422)
        else:
            drafts.drop(key, request.membership)
            messages.success(request, _("%(order)s is opgeslagen.") % {"order": order})
            return redirect("workorders:intake", order.pk) if "daarna" in request.POST else redirect("workorders:overview")
    return _page(request, form, draft_key=key, status=422)


@once.repeatable
@requires("workorders.manage")
@require_POST
def keep_draft(request):
    drafts.keep(request.POST, request.membership)
    return HttpResponse(status=204)


@requires("workorders.manage")
@require_POST
def drop_draft(request, pk):
    draft = get_object_or_404(OrderDraft, pk=pk, membership=request.membership)
    draft.delete()
    messages.success(request, _("Het concept is weggegooid."))
    return redirect("workorders:create")


def _with_choices(request, order=None):
    """What was typed, with what we know of the plate (`opzoeken`) or what was done the last time (`vorige`) filled in."""
    typed = request.POST.copy()
    found = recognise(typed.get("plate", ""), typed.get("country") or "NL") if "opzoeken" in typed or "vorige" in typed else None
    if "opzoeken" in typed:
        fill_in(typed, found)
    before = same_as_before(typed, typed["vorige"]) if "vorige" in typed else None
    if order is None:
        drafts.keep(typed, request.membership)
    form, key = WorkOrderForm(typed=typed, order=order), drafts.key_of(typed.get("concept"))
    return _page(request, form, order=order, found=found, missing=left_out(before, form) if before else (), draft_key=key)


@once.repeatable
@requires("workorders.manage")
@require_POST
def create_choices(request):
    """The same page with the choices that belong to what is chosen so far; nothing is saved or checked."""
    return _with_choices(request)


def _changeable():
    return WorkOrder.objects.changeable().for_overview()


@requires("workorders.manage")
def edit(request, pk):
    order = get_object_or_404(_changeable(), pk=pk)
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
        except ChangedMeanwhile as error:
            form.show_version(error.version)
            return _page(request, form, order=order, meanwhile=error.changes, status=422)
        except NotAllowed as error:
            form.add_error("status", str(error))
        else:
            messages.success(request, _("%(order)s is opgeslagen.") % {"order": order})
            return redirect("workorders:detail", pk)
    return _page(request, form, order=order, status=422)


@once.repeatable
@requires("workorders.manage")
@require_POST
def edit_choices(request, pk):
    order = get_object_or_404(_changeable(), pk=pk)
    return _with_choices(request, order)


MORE_FILTERS = ("tot", "soort", "werknemer", "klant", "gefactureerd")


@requires("workorders.view")
class OrderOverview(Overview):
    sheet = sheets.ORDERS
    filterset_class = WorkOrderFilter
    template_name = "workorders/overview.html"

    def get_queryset(self):
        orders = WorkOrder.objects.active().for_overview().order_by("-number")
        return orders.with_invoiced() if self.request.membership.may("invoicing.view") else orders

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "views": SavedView.objects.filter(membership=self.request.membership),
            "query": filter_query(self.request.GET),
            "more_names": MORE_FILTERS,
            "more_filters": "meer" in self.request.GET or any(self.request.GET.get(name) for name in MORE_FILTERS),
        }


@requires("workorders.view")
def more_filters(request):
    """The further filters of the overview, for who opens them: their choices are queries of their own."""
    overview = OrderOverview()
    overview.setup(request)
    context = {"filter": overview.get_filterset(WorkOrderFilter), "more_names": MORE_FILTERS}
    return render(request, "workorders/_more_filters_box.html", context)


@requires("workorders.view")
def totals(request):
    """Below the overview: how many orders the filter finds and what they come to; asked for when the list stands already."""
    orders = WorkOrderFilter(request.GET, queryset=WorkOrder.objects.active(), request=request).qs.order_by()
    sums = orders.aggregate(count=Count("pk"), net=Sum("net", default=Decimal(0)))
    return render(request, "workorders/_totals.html", sums if request.membership.may("prices.see") else {"count": sums["count"]})


def filter_query(query):
    """The filter of an address without its page, in one spelling: what a saved view keeps."""
    kept = {name: values for name, values in query.lists() if any(values) and name not in {"pagina", "naam", "meer"}}
    found = QueryDict(mutable=True)
    for name in sorted(kept):
        found.setlist(name, kept[name])
    return found.urlencode()[:1000]


@requires("workorders.view")
@require_POST
def save_view(request):
    """Keep the filter of the overview under a name; the same name again keeps the new one."""
    form = SavedViewForm(request.POST)
    if form.is_valid():
        query = filter_query(QueryDict(form.cleaned_data["query"]))
        SavedView.objects.update_or_create(membership=request.membership, name=form.cleaned_data["naam"], defaults={"query": query})
        messages.success(request, _("De weergave %(name)s is bewaard.") % {"name": form.cleaned_data["naam"]})
        return redirect(reverse("workorders:overview") + (f"?{query}" if query else ""))
    context = {"form": form, "view": {"title": _("Weergave bewaren")}, "cancel_url": reverse("workorders:overview")}
    return render(request, "form.html", context, status=422)


@requires("workorders.view")
@require_POST
def drop_view(request, pk):
    view = get_object_or_404(SavedView, pk=pk, membership=request.membership)
    view.delete()
    messages.success(request, _("De weergave %(name)s is weggehaald.") % {"name": view.name})
    return redirect("workorders:overview")


@requires("workorders.manage")
class OrderDelete(Delete):
    queryset = WorkOrder.objects.active()
    success_url = reverse_lazy("workorders:overview")
    template_name = "workorders/confirm_delete.html"


@requires("quality.check")
@require_POST
def set_status(request, pk, to):
    """A move of one press, such as *In behandeling nemen* or *Afgeleverd*."""
    order = get_object_or_404(WorkOrder.objects.active(), pk=pk)
    if to not in ONE_PRESS:
        raise Http404
    try:
        order = move(order, to, by=request.membership)
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(order)s is nu: %(status)s.") % {"order": order, "status": order.get_status_display().lower()})
    return redirect("workorders:detail", pk)


@requires("quality.check")
def set_status_because(request, pk, to):
    """A move that asks why: *Wacht op akkoord*, *Afkeuren*, *Annuleren*."""
    order = get_object_or_404(WorkOrder.objects.active().for_overview(), pk=pk)
    if to not in NEEDS_REASON:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            order = move(order, to, by=request.membership, reason=form.cleaned_data["reason"])
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(order)s is nu: %(status)s.") % {"order": order, "status": order.get_status_display().lower()})
            return redirect("workorders:detail", pk)
    context = {"form": form, "order": order, "move": BUTTONS[to], "to": to}
    return render(request, "workorders/status_because.html", context, status=422 if form.errors else 200)
