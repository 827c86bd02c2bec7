"""Facturatierondes: propose, look, agree, and see how far it is."""

from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from cleanconnect.permissions import requires
from cleanconnect.views import Overview

from . import runs, sheets
from .filters import RunFilter
from .forms import RunForm
from .models import InvoiceRun
from .parties import missing_of_buyer, missing_of_seller

State = InvoiceRun.State


@requires("invoicing.manage")
class RunOverview(Overview):
    sheet = sheets.RUNS
    filterset_class = RunFilter
    template_name = "invoicing/runs.html"
    queryset = InvoiceRun.objects.select_related("created_by")


@requires("invoicing.manage")
@require_POST
def start(request):
    form = RunForm(request.POST)
    if not form.is_valid():
        context = {"form": form, "view": {"title": _("Facturatieronde")}, "cancel_url": reverse("invoicing:to-invoice")}
        return render(request, "invoicing/run_start.html", context, status=422)
    run = runs.propose(form.cleaned_data["until"], by=request.membership)
    if run is None:
        messages.info(request, _("T/m deze dag is er niets te factureren. Een week of maand komt in de ronde als die voorbij is."))
        return redirect("invoicing:to-invoice")
    return redirect("invoicing:run", run.pk)


@requires("invoicing.manage")
@require_safe
def detail(request, pk):
    run = get_object_or_404(InvoiceRun, pk=pk)
    if run.state == State.PROPOSED:
        return _proposal(request, run)
    if request.htmx and request.htmx.target == "bar" and run.state != State.RUNNING:
        return HttpResponseClientRedirect(reverse("invoicing:run", args=[pk]))
    context = {"run": run, "progress": runs.progress(run)}
    if run.state == State.RUNNING:
        page = "invoicing/run_running.html"
        return render(request, f"{page}#bar" if request.htmx and not request.htmx.boosted else page, context)
    agreed = run.proposals.filter(is_included=True).select_related("customer", "invoice")
    context["proposals"] = agreed.order_by("-state", "customer__name", "pk")  # what still waits or was refused first
    return render(request, "invoicing/run_done.html", context)


def _proposal(request, run, *, skipped=(), skipped_orders=(), changed=False):
    proposals = [proposal for proposal in runs.with_orders(run) if proposal.now]
    for proposal in proposals:
        proposal.missing = missing_of_buyer(proposal.customer)
        proposal.is_skipped = proposal.pk in skipped
        for order in proposal.now:
            order.is_skipped = order.pk in skipped_orders
    context = {
        "run": run,
        "proposals": proposals,
        "missing": missing_of_seller(request.membership.company),
        "order_count": sum(len(proposal.now) for proposal in proposals),
        "net": sum((proposal.net_now for proposal in proposals), Decimal(0)),
        "changed": changed,
    }
    return render(request, "invoicing/run_proposal.html", context, status=422 if changed else 200)


@requires("invoicing.manage")
@require_POST
def confirm(request, pk):
    run = get_object_or_404(InvoiceRun, pk=pk)
    without, without_orders = _numbers(request, "skip"), _numbers(request, "skip_order")
    try:
        runs.confirm(run, without=without, without_orders=without_orders, seen=_amount(request.POST.get("seen", "")))
    except runs.AmountsChanged:
        return _proposal(request, run, skipped=without, skipped_orders=without_orders, changed=True)
    return redirect("invoicing:run", pk)


def _numbers(request, name):
    return {int(value) for value in request.POST.getlist(name) if value.isdecimal() and len(value) < 19}


def _amount(text):
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


@requires("invoicing.manage")
@require_POST
def stop(request, pk):
    runs.stop(get_object_or_404(InvoiceRun, pk=pk))
    return redirect("invoicing:run", pk)


@requires("invoicing.manage")
@require_POST
def resume(request, pk):
    runs.resume(get_object_or_404(InvoiceRun, pk=pk))
    return redirect("invoicing:run", pk)


@requires("invoicing.manage")
@require_POST
def discard(request, pk):
    if runs.discard(get_object_or_404(InvoiceRun, pk=pk)):
        messages.success(request, _("Het voorstel is weggegooid; er is niets gefactureerd."))
    return redirect("invoicing:to-invoice")
