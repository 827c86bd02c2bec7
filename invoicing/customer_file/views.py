"""The page of a customer, its history, and what is done with the customer as a whole."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import DetailView

from cleanconnect.permissions import requires
from cleanconnect.views import Overview
from customers.leaving import restore_customer
from customers.models import Customer, CustomerEvent
from invoicing import sheets
from invoicing.filters import HistoryFilter

from . import forgetting, merging, summary
from .forms import MergeForm


@requires("customers.manage")
class CustomerFile(DetailView):
    template_name = "invoicing/customer_file/page.html"
    queryset = Customer.objects.select_related("type", "merged_into")
    context_object_name = "customer"

    def get_context_data(self, **kwargs):
        customer = self.object
        return super().get_context_data(**kwargs) | {
            "balance": summary.balance(customer),
            "to_invoice": summary.to_invoice(customer),
            "open_orders": summary.open_orders(customer),
            "vehicles": summary.vehicles(customer),
            "agreements": summary.agreements(customer),
            "invoices": summary.invoices(customer),
            "contacts": customer.contacts.select_related("branch"),
            "branches": customer.branches.active(),
            "history": summary.history(customer),
        }


@requires("customers.manage")
class CustomerHistory(Overview):
    """All that was changed about a customer, the newest first."""

    sheet = sheets.HISTORY
    filterset_class = HistoryFilter
    template_name = "invoicing/customer_file/history.html"
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
        return render(request, "invoicing/customer_file/merge.html", context, status=422 if form.errors else 200)
    source, target = form.pair()
    if request.method == "POST":
        try:
            merging.merge(source, target, by=request.membership)
        except merging.NotMergeable as error:
            form.add_error(None, str(error))
            return render(request, "invoicing/customer_file/merge.html", context, status=422)
        messages.success(request, _("%(source)s is opgegaan in %(target)s.") % {"source": source, "target": target})
        return redirect("customer-file", target.pk)
    fields = {str(Customer._meta.get_field(name).verbose_name): value for name, value in merging.filled(source, target).items()}
    context |= {"source": source, "target": target, "moved": merging.preview(source, target), "filled": fields}
    return render(request, "invoicing/customer_file/merge.html", context)


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
    return render(request, "invoicing/customer_file/anonymise.html", context, status=422 if request.method == "POST" else 200)
