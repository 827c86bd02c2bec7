"""Openstaand: what customers still have to pay, and reminding them of it."""

from django.contrib import messages
from django.db.models import Sum
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cleanconnect.permissions import requires
from cleanconnect.views import Overview

from . import reminding, sheets
from .filters import OpenItemsFilter
from .models import Invoice
from .open_items import AGES, customers_with_open
from .refunds.paying_back import to_pay_back


@requires("books.see")
class OpenItems(Overview):
    sheet = sheets.OPEN_ITEMS
    filterset_class = OpenItemsFilter
    template_name = "invoicing/open_items.html"

    def get_queryset(self):
        return customers_with_open().order_by("-open", "pk")

    def get_context_data(self, **kwargs):
        names = ["open", *(name for name, _first, _last in AGES)]
        sums = customers_with_open().aggregate(**{f"all_{name}": Sum(name, default=0) for name in names})
        counts = {"due_count": len(reminding.due()), "refund_count": to_pay_back().count()}
        return super().get_context_data(**kwargs) | {"sums": sums} | counts


@requires("invoicing.manage")
def reminders(request):
    if request.method == "POST":
        count = reminding.send(request.POST.getlist("send"), by=request.membership)
        text = ngettext("%(count)s herinnering wordt verstuurd.", "%(count)s herinneringen worden verstuurd.", count)
        if count:
            messages.success(request, text % {"count": count})
        else:
            messages.info(request, _("Er is geen herinnering verstuurd: van wat u koos is er geen meer te versturen."))
        return redirect("invoicing:reminders")
    return render(request, "invoicing/reminders.html", {"due": reminding.due()})


@requires("invoicing.manage")
@require_safe
def preview(request, pk):
    one = next((one for one in reminding.due() if one.invoice.pk == pk and one.to), None)
    if one is None:
        raise Http404
    return render(request, "invoicing/reminder_preview.html", {"one": one, "letter": reminding.preview(one)})


@requires("invoicing.manage")
@require_POST
def stop(request, pk):
    invoice = get_object_or_404(Invoice, pk=pk)
    stopped = reminding.stop(invoice, by=request.membership)
    text = _("Van %(invoice)s gaan geen herinneringen uit.") if stopped else _("Van %(invoice)s kunnen weer herinneringen uitgaan.")
    messages.success(request, text % {"invoice": invoice})
    return redirect("invoicing:detail", pk)
