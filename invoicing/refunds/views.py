"""Terugbetalen: what customers get back, and batches for the bank."""

from django.contrib import messages
from django.db.models import Count, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cleanconnect.permissions import requires
from invoicing.models import RefundBatch

from . import paying_back
from .forms import RefundForm


@requires("invoicing.manage")
def overview(request):
    """*Terugbetalen*: what was paid too much or after a credit note, and the batches made."""
    form = RefundForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            batch = paying_back.make_batch(form.accounts(), pay_on=form.cleaned_data["pay_on"], by=request.membership)
        except paying_back.NotRefundable as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Terugbetaling %(batch)s is gemaakt. Lever het bestand aan bij uw bank.") % {"batch": batch})
            return redirect("invoicing:refund-batch", batch.pk)
    rows = list(form.rows())
    details = {
        "form": form,
        "rows": rows,
        "total": sum(row["invoice"].overpaid for row in rows),
        "batches": RefundBatch.objects.annotate(count=Count("refunds"), total=Sum("refunds__amount"))[:50],
    }
    return render(request, "invoicing/refunds.html", details, status=422 if form.errors else 200)


@requires("invoicing.manage")
@require_safe
def batch(request, pk):
    found = get_object_or_404(RefundBatch.objects.annotate(total=Sum("refunds__amount")).select_related("created_by"), pk=pk)
    refunds = found.refunds.select_related("invoice__customer")
    return render(
        request, "invoicing/refund_batch.html", {"batch": found, "refunds": refunds, "can_book": found.pay_on <= timezone.localdate()}
    )


@requires("invoicing.manage")
@require_safe
def download(request, pk):
    """The file for the bank, as it was made."""
    found = get_object_or_404(RefundBatch, pk=pk)
    name = f'attachment; filename="{found.reference}.xml"'
    return HttpResponse(found.xml, content_type="application/xml", headers={"Content-Disposition": name})


@requires("invoicing.manage")
@require_POST
def book(request, pk):
    found = get_object_or_404(RefundBatch, pk=pk)
    try:
        paying_back.book(found, by=request.membership)
        messages.success(request, _("Terugbetaling %(batch)s is geboekt.") % {"batch": found})
    except paying_back.NotRefundable as error:
        messages.error(request, str(error))
    return redirect("invoicing:refund-batch", pk)


@requires("invoicing.manage")
def discard(request, pk):
    """*Weggooien*, after asking, of a batch that does not go to the bank."""
    found = get_object_or_404(RefundBatch, pk=pk, booked_on=None)
    if request.method == "POST":
        paying_back.discard(found)
        messages.success(request, _("Terugbetaling %(batch)s is weggegooid.") % {"batch": found})
        return redirect("invoicing:refunds")
    return render(request, "invoicing/refund_discard.html", {"batch": found})
