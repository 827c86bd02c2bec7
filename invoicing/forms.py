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


class CreditForm(TwoColumns, forms.Form):
    """Which lines of an invoice are credited and why; all of them until someone chose."""

    wide = ("reason", "release")
    elsewhere = ("lines",)
    lines = forms.ModelMultipleChoiceField(
        queryset=None,
        error_messages={
            "required": _("Kies ten minste één regel."),
            "invalid_choice": _("Een gekozen regel is al gecrediteerd; bekijk de lijst opnieuw."),
            "invalid_pk_value": _("Een gekozen regel is al gecrediteerd; bekijk de lijst opnieuw."),
        },
    )
    reason = forms.CharField(label=_("Reden"), max_length=200, help_text=_("De klant leest dit op de creditfactuur."))
    release = forms.BooleanField(
        label=_("Werkorders opnieuw te factureren"),
        required=False,
        help_text=_("Een werkorder waarvan alles is gecrediteerd, staat dan weer bij Te factureren."),
    )

    def __init__(self, *args, invoice, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lines"].queryset = invoice.lines.uncredited()

    def rows(self):
        """The lines to choose from, each with `chosen`."""
        chosen = set(self.data.getlist("lines")) if self.is_bound else None
        for line in self.fields["lines"].queryset:
            line.chosen = chosen is None or str(line.pk) in chosen
            yield line


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
