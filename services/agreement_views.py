"""Prijsbeheer: what a customer pays, what was agreed and when, and raising prices."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from cleanconnect.permissions import requires
from cleanconnect.views import Overview, PartMixin
from customers.models import Customer

from . import sheets
from .agreement_forms import AgreementForm, PricesForm
from .agreements import Overlaps, agree, describe, end
from .filters import AgreementFilter, TypeChoice
from .models import PriceAgreement, Service
from .views import Chosen


def _customer(pk):
    return get_object_or_404(Customer.objects.active(), pk=pk)


@requires("customers.manage")
class PriceAgreements(Chosen, PartMixin, FormView):
    """Prijsbeheer of one customer: its own prices for a vehicle type, all saved at once."""

    template_name = "services/price_agreements.html"
    form_class = PricesForm

    @cached_property
    def customer(self):
        return _customer(self.kwargs["customer_pk"])

    def get_form_kwargs(self):
        services = Service.objects.for_type(self.choice.vehicle_type)
        return super().get_form_kwargs() | {"customer": self.customer, "services": services}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"customer": self.customer}

    def form_valid(self, form):
        form.save(by=self.request.membership)
        if form.has_changed():
            messages.success(self.request, _now("De prijzen van %(customer)s zijn opgeslagen.") % {"customer": self.customer})
        else:
            messages.info(self.request, _now("Er is niets veranderd."))
        return HttpResponseRedirect(self.request.get_full_path())

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


@requires("customers.manage")
class Agreements(Overview):
    """All agreements of a customer: what holds, what is to come, what has been."""

    sheet = sheets.AGREEMENTS
    filterset_class = AgreementFilter
    template_name = "services/agreements.html"
    paginate_by = 50

    @cached_property
    def customer(self):
        return _customer(self.kwargs["customer_pk"])

    def get_queryset(self):
        agreements = PriceAgreement.objects.filter(customer=self.customer)
        return agreements.select_related("customer", "service__group__vehicle_type", "group__vehicle_type").order_by("-starts_on", "-pk")

    def get_context_data(self, **kwargs):
        context, today = super().get_context_data(**kwargs), timezone.localdate()
        for agreement in context["page_obj"]:
            agreement.text = describe(agreement)
            agreement.is_over = agreement.ends_on is not None and agreement.ends_on < today
            agreement.is_to_come = agreement.starts_on > today
        return context | {"customer": self.customer}


@requires("customers.manage")
def agreement_create(request, customer_pk):
    customer, choice = _customer(customer_pk), TypeChoice(request.GET)
    context = {"customer": customer, "choice": choice}
    if choice.vehicle_type is None:
        return render(request, "services/agreement_form.html", context | {"form": None})
    form = AgreementForm(
        request.POST or None, instance=PriceAgreement(customer=customer), vehicle_type=choice.vehicle_type, customer=customer
    )
    if request.method == "POST" and form.is_valid():
        try:
            agreement = agree(form.save(commit=False), by=request.membership)
        except Overlaps as error:
            form.add_error("starts_on", str(error))
        else:
            messages.success(request, _now("Afgesproken: %(what)s.") % {"what": describe(agreement)})
            return redirect("services:agreements", customer.pk)
    return render(request, "services/agreement_form.html", context | {"form": form}, status=422 if form.errors else 200)


@requires("customers.manage")
@require_POST
def agreement_end(request, customer_pk, pk):
    """Beëindigen: from today the usual price holds again."""
    agreement = get_object_or_404(PriceAgreement, pk=pk, customer=_customer(customer_pk))
    has_held = end(agreement, by=request.membership)
    ended = _now("De afspraak is beëindigd; vanaf vandaag geldt weer de gewone prijs.")
    messages.success(request, ended if has_held else _now("De afspraak is verwijderd; die heeft nooit gegolden."))
    return redirect("services:agreements", customer_pk)
