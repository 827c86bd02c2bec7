"""Incasso: mandates, and batches for the bank."""

from django.contrib import messages
from django.db.models import Count, Q, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Company
from cleanconnect.permissions import requires
from cleanconnect.tenancy.context import current_company_id
from cleanconnect.views import Create
from invoicing.models import Debit, DebitBatch, Mandate

from . import collecting
from .forms import BatchForm, MandateForm


@requires("invoicing.manage")
def overview(request):
    """*Incasso*: what can be collected, the batches made, and the mandates."""
    form = BatchForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            batch = collecting.make_batch(form.cleaned_data["invoices"], collect_on=form.cleaned_data["collect_on"], by=request.membership)
        except collecting.NotCollectable as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Batch %(batch)s is gemaakt. Lever het bestand aan bij uw bank.") % {"batch": batch})
            return redirect("invoicing:debit-batch", batch.pk)
    company = Company.objects.get(pk=current_company_id())
    details = {
        "form": form,
        "rows": list(form.rows()),
        "batches": DebitBatch.objects.annotate(count=Count("debits"), total=Sum("debits__amount"))[:50],
        "mandates": Mandate.objects.active().with_lapsed().select_related("customer").order_by("customer__name", "pk"),
        "missing": collecting.missing(company),
    }
    return render(request, "invoicing/debits.html", details, status=422 if form.errors else 200)


@requires("invoicing.manage")
class MandateCreate(Create):
    model = Mandate
    form_class = MandateForm
    success_url = reverse_lazy("invoicing:debits")
    title = gettext_lazy("Machtiging toevoegen")

    def form_valid(self, form):
        form.instance.created_by = self.request.membership
        return super().form_valid(form)

    def saved_message(self):
        return _("De machtiging van %(customer)s is opgeslagen.") % {"customer": self.object.customer}


@requires("invoicing.manage")
def mandate_end(request, pk):
    """*Beëindigen*, after asking."""
    mandate = get_object_or_404(Mandate.objects.active().with_lapsed().select_related("customer"), pk=pk)
    if request.method == "POST":
        mandate.ended_on = timezone.localdate()
        mandate.save(update_fields=["ended_on"])
        messages.success(request, _("De machtiging van %(customer)s is beëindigd.") % {"customer": mandate.customer})
        return redirect("invoicing:debits")
    return render(request, "invoicing/mandate_end.html", {"mandate": mandate})


@requires("invoicing.manage")
@require_safe
def batch(request, pk):
    returned = Sum("debits__amount", filter=Q(debits__returned_on__isnull=False))
    sums = {"count": Count("debits"), "total": Sum("debits__amount"), "returned": returned}
    found = get_object_or_404(DebitBatch.objects.annotate(**sums).select_related("created_by"), pk=pk)
    details = {
        "batch": found,
        "debits": found.debits.select_related("invoice__customer", "mandate"),
        "can_book": found.collect_on <= timezone.localdate(),
    }
    return render(request, "invoicing/debit_batch.html", details)


@requires("invoicing.manage")
@require_safe
def download(request, pk):
    """The file for the bank, as it was made."""
    found = get_object_or_404(DebitBatch, pk=pk)
    name = f'attachment; filename="{found.reference}.xml"'
    return HttpResponse(found.xml, content_type="application/xml", headers={"Content-Disposition": name})


@requires("invoicing.manage")
@require_POST
def book(request, pk):
    found = get_object_or_404(DebitBatch, pk=pk)
    try:
        collecting.book(found, by=request.membership)
        messages.success(request, _("Batch %(batch)s is geboekt: wat niet is gestorneerd, is betaald.") % {"batch": found})
    except collecting.NotCollectable as error:
        messages.error(request, str(error))
    return redirect("invoicing:debit-batch", pk)


@requires("invoicing.manage")
def give_back(request, pk):
    """*Gestorneerd*, after asking."""
    debit = get_object_or_404(Debit.objects.select_related("invoice", "batch"), pk=pk, returned_on=None)
    if request.method == "POST":
        collecting.give_back(debit, by=request.membership)
        messages.success(request, _("De incasso van %(invoice)s is gestorneerd.") % {"invoice": debit.invoice})
        return redirect("invoicing:debit-batch", debit.batch_id)
    return render(request, "invoicing/debit_return.html", {"debit": debit})


@requires("invoicing.manage")
def discard(request, pk):
    """*Weggooien*, after asking, of a batch that does not go to the bank."""
    found = get_object_or_404(DebitBatch, pk=pk, booked_on=None)
    if request.method == "POST":
        collecting.discard(found)
        messages.success(request, _("Batch %(batch)s is weggegooid.") % {"batch": found})
        return redirect("invoicing:debits")
    return render(request, "invoicing/debit_discard.html", {"batch": found})
