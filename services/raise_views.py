"""Prijzen verhogen: what changes is shown first, exactly that is done, and it can be taken back until its day."""

from django.contrib import messages
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
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


def _form_page(customer):
    return reverse("services:raise-customer", args=[customer.pk]) if customer else reverse("services:raise")


@requires("services.manage")
class RaiseConfirmation(previews.ConfirmationPage):
    """What changes: by vehicle type and group, with the sums and the biggest change."""

    template_name = "services/raise_preview.html"

    @cached_property
    def customer(self):
        pk = self.kwargs.get("customer_pk")
        return None if pk is None else get_object_or_404(Customer.objects.active(), pk=pk)

    def get_kind(self):
        return f"services.raise:{self.customer.pk if self.customer else ''}"

    def get_form(self, typed):
        return RaiseForm(typed, customer=self.customer)

    def propose(self, form):
        return Raise(customer=self.customer, **form.cleaned_data)

    def get_form_page(self):
        return _form_page(self.customer)

    def get_page(self, preview):
        if self.customer:
            return reverse("services:raise-customer-preview", args=[self.customer.pk, preview.pk])
        return reverse("services:raise-preview", args=[preview.pk])

    def carry_out(self, form, proposal):
        rise = proposal.carry_out(by=self.request.membership)
        count = len(proposal.rows)
        text = ngettext("1 prijs verandert: %(rise)s.", "%(count)s prijzen veranderen: %(rise)s.", count)
        messages.success(self.request, text % {"count": count, "rise": rise})
        return redirect(self.get_form_page())

    def get_context_data(self, form, proposal):
        return super().get_context_data(form, proposal) | {
            "customer": self.customer,
            "rows": proposal.rows,
            "groups": proposal.rows.by_group(),
            "folded": len(proposal.rows) > ROWS_SHOWN,
            "already": proposal.begins_already(),
        }


@requires("services.manage")
def raise_prices(request, customer_pk=None):
    """How much and from when, of all customers or of one; and the rises that were made."""
    page = RaiseConfirmation(request=request, kwargs={"customer_pk": customer_pk})
    typed = request.POST if request.method == "POST" else previews.typed_before(request, page.get_kind())
    form = page.get_form(typed)
    if request.method == "POST" and form.is_valid():
        return RaiseConfirmation.ask(request, customer_pk=customer_pk)
    rises = PriceRise.objects.filter(customer=page.customer).select_related("made_by", "undone_by").annotate(count=Count("prices"))
    context = {"customer": page.customer, "form": form, "rises": rises[:RISES_SHOWN]}
    return render(request, "services/raise.html", context, status=422 if request.method == "POST" else 200)


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
