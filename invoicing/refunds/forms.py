from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cleanconnect.forms import TwoColumns
from cleanconnect.identifiers import SepaIbanField
from cleanconnect.sepa import validate_sepa_name
from cleanconnect.validators import validate_iban, validate_sepa_iban
from invoicing.debit.collecting import first_bank_day, is_bank_day

from . import paying_back


class RefundForm(TwoColumns, forms.Form):
    """What is paid back, to which account (`holder_7` and `iban_7` of invoice 7), and on which day."""

    invoices = forms.ModelMultipleChoiceField(
        queryset=None,
        error_messages={
            "required": _("Kies ten minste één bedrag."),
            "invalid_choice": _("Een gekozen bedrag is al terugbetaald of al bij de bank; bekijk de lijst opnieuw."),
            "invalid_pk_value": _("Een gekozen bedrag is al terugbetaald of al bij de bank; bekijk de lijst opnieuw."),
        },
    )
    pay_on = forms.DateField(label=_("Overmaken op"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["invoices"].queryset = paying_back.to_pay_back()
        today = timezone.localdate()
        self.fields["pay_on"].initial = today if is_bank_day(today) else first_bank_day(today)
        self.owed = list(self.fields["invoices"].queryset)
        for pk, account in paying_back.accounts_of(self.owed).items():
            holder, iban = _("Naam rekeninghouder"), _("IBAN")
            self.fields[f"holder_{pk}"] = forms.CharField(
                label=holder, required=False, max_length=70, initial=account.holder, widget=_small(holder)
            )
            self.fields[f"iban_{pk}"] = SepaIbanField(
                label=iban, required=False, initial=account.iban, validators=[validate_iban, validate_sepa_iban], widget=_small(iban)
            )

    @property
    def elsewhere(self):
        return {name for name in self.fields if name != "pay_on"}

    def rows(self):
        """What there is to pay back: the `invoice`, with `chosen` (where we know an account, until someone chose) and its fields."""
        chosen = set(self.data.getlist("invoices")) if self.is_bound else None
        for invoice in self.owed:
            holder, iban = self[f"holder_{invoice.pk}"], self[f"iban_{invoice.pk}"]
            is_chosen = bool(iban.initial) if chosen is None else str(invoice.pk) in chosen
            yield {"invoice": invoice, "chosen": is_chosen, "holder": holder, "iban": iban}

    def clean_pay_on(self):
        day = self.cleaned_data["pay_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Deze dag is al geweest."))
        if not is_bank_day(day):
            raise forms.ValidationError(_("Op deze dag werken de banken niet."))
        return day

    def clean(self):
        cleaned = super().clean()
        chosen = set(cleaned.get("invoices") or ())
        for invoice in self.owed:
            for name, text in (("holder", _now("Vul in op wiens naam de rekening staat.")), ("iban", _now("Vul de IBAN in."))):
                field = f"{name}_{invoice.pk}"
                if invoice not in chosen:
                    self.errors.pop(field, None)
                elif not cleaned.get(field) and field not in self.errors:
                    self.add_error(field, text)
        for invoice in chosen:
            self._check_holder(f"holder_{invoice.pk}")
        return cleaned

    def _check_holder(self, field):
        try:
            if field not in self.errors:
                validate_sepa_name(self.cleaned_data[field])
        except forms.ValidationError as error:
            self.add_error(field, error)

    def accounts(self):
        """What `paying_back.make_batch` takes."""
        typed = self.cleaned_data
        return {invoice: paying_back.Account(typed[f"holder_{invoice.pk}"], typed[f"iban_{invoice.pk}"]) for invoice in typed["invoices"]}


def _small(label):
    return forms.TextInput(attrs={"class": "form-control form-control-sm", "aria-label": label, "autocomplete": "off"})
