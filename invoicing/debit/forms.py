from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cleanconnect.choosing import SearchSelect
from cleanconnect.forms import CompanyForm, TwoColumns
from cleanconnect.identifiers import SepaIbanField
from cleanconnect.sepa import validate_sepa_name
from customers.models import Customer
from invoicing.models import Mandate

from . import collecting


def _day(**attrs):
    return forms.DateInput(attrs={"type": "date"} | attrs, format="%Y-%m-%d")


class MandateForm(CompanyForm):
    customer = forms.ModelChoiceField(Customer.objects.active(), label=_("Klant"), empty_label="", widget=SearchSelect("customers:choices"))

    class Meta:
        model = Mandate
        fields = ["customer", "reference", "holder", "iban", "signed_on", "scheme"]
        field_classes = {"iban": SepaIbanField}
        widgets = {"signed_on": _day()}
        help_texts = {
            "reference": _("Zoals het op de machtiging staat; letters, cijfers en streepjes."),
            "scheme": _("Een zakelijke incasso kan de klant niet terugdraaien; de bank van de klant moet haar kennen."),
        }

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - {"ended_on"}  # a new one has not ended: one at a time

    def clean_reference(self):
        reference = self.cleaned_data["reference"].strip()
        if not all(sign.isascii() and (sign.isalnum() or sign in "-+./") for sign in reference):
            raise forms.ValidationError(_("Gebruik letters, cijfers en - + . /."))
        if reference.startswith("/") or reference.endswith("/") or "//" in reference:
            raise forms.ValidationError(_("Een kenmerk begint en eindigt niet met / en heeft geen //."))
        return reference

    def clean_holder(self):
        validate_sepa_name(self.cleaned_data["holder"])
        return self.cleaned_data["holder"]

    def clean_signed_on(self):
        day = self.cleaned_data["signed_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Deze dag is nog niet geweest."))
        return day


class BatchForm(TwoColumns, forms.Form):
    """Which invoices are collected, and on which day; those that are due by then until someone chose."""

    elsewhere = ("invoices",)
    invoices = forms.ModelMultipleChoiceField(
        queryset=None,
        error_messages={
            "required": _("Kies ten minste één factuur."),
            "invalid_choice": _("Een gekozen factuur wordt al geïncasseerd of is betaald; bekijk de lijst opnieuw."),
            "invalid_pk_value": _("Een gekozen factuur wordt al geïncasseerd of is betaald; bekijk de lijst opnieuw."),
        },
    )
    collect_on = forms.DateField(label=_("Incassodatum"), widget=_day())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["invoices"].queryset = collecting.collectable()
        self.fields["collect_on"].initial = collecting.first_bank_day(timezone.localdate())

    def clean_collect_on(self):
        day = self.cleaned_data["collect_on"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("Kies een dag na vandaag; de bank heeft ten minste één werkdag nodig."))
        if not collecting.is_bank_day(day):
            raise forms.ValidationError(_("Op deze dag werken de banken niet."))
        if text := collecting.too_early(self.cleaned_data.get("invoices", ()), day):
            raise forms.ValidationError(text)
        return day

    def rows(self):
        """The invoices to choose from, each with `chosen`."""
        chosen = set(self.data.getlist("invoices")) if self.is_bound else None
        until = self.fields["collect_on"].initial
        for invoice in self.fields["invoices"].queryset:
            invoice.chosen = invoice.due_on <= until if chosen is None else str(invoice.pk) in chosen
            yield invoice
