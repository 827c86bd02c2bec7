from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cleanconnect.forms import TwoColumns

from . import collecting


class ChosenOrders(forms.Form):
    """Which of a customer's finished orders come on the invoice; those that are not to be invoiced any more are no choice."""

    orders = forms.ModelMultipleChoiceField(
        label=_("Werkorders"),
        queryset=None,
        error_messages={
            "required": _("Kies ten minste één werkorder."),
            "invalid_choice": _("Een gekozen werkorder kan niet meer gefactureerd worden; bekijk de lijst opnieuw."),
            "invalid_pk_value": _("Een gekozen werkorder kan niet meer gefactureerd worden; bekijk de lijst opnieuw."),
        },
    )

    def __init__(self, *args, customer, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["orders"].queryset = (
            collecting.to_invoice().filter(customer=customer).select_related("vehicle").order_by("completed_at")
        )

    def rows(self):
        """The orders to choose from, each with `chosen`: all of them until someone chose."""
        chosen = set(self.data.getlist("orders")) if self.is_bound else None
        for order in self.fields["orders"].queryset:
            order.chosen = chosen is None or str(order.pk) in chosen
            yield order


class PaidForm(TwoColumns, forms.Form):
    paid_on = forms.DateField(
        label=_("Betaald op"), initial=timezone.localdate, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args, invoice, **kwargs):
        super().__init__(*args, **kwargs)
        self.invoice = invoice

    def clean_paid_on(self):
        day = self.cleaned_data["paid_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Deze dag is nog niet geweest."))
        if day < self.invoice.issued_on:
            raise forms.ValidationError(_("Deze dag ligt voor de factuurdatum."))
        return day
