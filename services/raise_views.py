"""Prijzen verhogen: what changes is shown first, exactly that is done, and it can be taken back until its day."""

from django.contrib import messages
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from cleanconnect import previews
from cleanconnect.permissions import requires
from customers.models import Customer

from .agreement_forms import RaiseForm
from .models import PriceRise
from .raising import Raise
from .taking_back import TooLate, take_back

RISES_SHOWN = 10
ROWS_SHOWN = 1000


def _customer(pk):
    return None if pk is None else get_object_or_404(Customer.objects.active(), pk=pk)


def _kind(customer):
    return f"services.raise:{customer.pk if customer else ''}"


def _form_page(customer):
    return reverse("services:raise-customer", args=[customer.pk]) if customer else reverse("services:raise")


def _preview_page(preview, customer):
    if customer:
        return reverse("services:raise-customer-preview", args=[customer.pk, preview.pk])
    return reverse("services:raise-preview", args=[preview.pk])


@requires("services.manage")
def raise_prices(request, customer_pk=None):
    """How much and from when, of all customers or of one; `?voorbeeld=` begins with what was typed for a preview."""
    customer = _customer(customer_pk)
    form = RaiseForm(request.POST if request.method == "POST" else _typed_before(request, customer), customer=customer)
    if request.method == "POST" and form.is_valid():
        shown = Raise(customer=customer, **form.cleaned_data).shown()
        preview = previews.keep(_kind(customer), request.POST, shown, by=request.membership)
        return redirect(_preview_page(preview, customer))
    rises = PriceRise.objects.filter(customer=customer).select_related("made_by", "undone_by").annotate(count=Count("prices"))
    context = {"customer": customer, "form": form, "rises": rises[:RISES_SHOWN]}
    return render(request, "services/raise.html", context, status=422 if request.method == "POST" else 200)


def _typed_before(request, customer):
    pk = request.GET.get("voorbeeld", "")
    if not (pk.isdecimal() and len(pk) < 19):
        return None
    try:
        return previews.typed(previews.get(pk, _kind(customer), by=request.membership))
    except Http404:
        return None


@requires("services.manage")
def raise_preview(request, pk, customer_pk=None):
    """What changes; pressed, exactly that is done. What is not so any more is shown anew first."""
    customer = _customer(customer_pk)
    preview = previews.get(pk, _kind(customer), by=request.membership, locked=request.method == "POST")
    form = RaiseForm(previews.typed(preview), customer=customer)
    if preview.done_at:
        messages.info(request, _("Deze verhoging is al doorgevoerd; het is niet nog eens gedaan."))
        return redirect(_form_page(customer))
    if not form.is_valid():  # its day has passed meanwhile
        return redirect(f"{_form_page(customer)}?voorbeeld={preview.pk}")
    planned = Raise(customer=customer, **form.cleaned_data)
    if not previews.shows(preview, planned.shown()):
        messages.warning(request, _("De prijzen zijn intussen veranderd. Er is nog niets verhoogd; kijk hieronder opnieuw."))
        preview = previews.keep(_kind(customer), previews.typed(preview), planned.shown(), by=request.membership)
        return redirect(_preview_page(preview, customer))
    if request.method == "POST" and planned.rows:
        rise = planned.carry_out(by=request.membership)
        previews.done(preview)
        count = len(planned.rows)
        text = ngettext("1 prijs verandert: %(rise)s.", "%(count)s prijzen veranderen: %(rise)s.", count)
        messages.success(request, text % {"count": count, "rise": rise})
        return redirect(_form_page(customer))
    rows = planned.rows
    context = {
        "customer": customer,
        "form": form,
        "planned": planned,
        "rows": rows,
        "groups": rows.by_group(),
        "folded": len(rows) > ROWS_SHOWN,
        "already": planned.begins_already(),
        "form_page": _form_page(customer),
        "preview": preview,
    }
    return render(request, "services/raise_preview.html", context)


@requires("services.manage")
@require_POST
def raise_undo(request, pk):
    """*Ongedaan maken*, in one press."""
    rise = get_object_or_404(PriceRise.objects.select_related("customer"), pk=pk)
    try:
        back, left = take_back(rise, by=request.membership)
    except TooLate as error:
        messages.error(request, str(error))
    else:
        text = ngettext("1 prijs is weer wat die was.", "%(count)s prijzen zijn weer wat ze waren.", back) % {"count": back}
        if left:
            stays = ngettext(
                "1 prijs was intussen anders gezet en is zo gebleven.",
                "%(count)s prijzen waren intussen anders gezet en zijn zo gebleven.",
                left,
            )
            text += " " + stays % {"count": left}
        messages.success(request, text)
    return redirect(_form_page(rise.customer))
