from datetime import timedelta

from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cleanconnect.forms import CompanyForm, TwoColumns
from services.models import ServiceGroup

from .models import BookExport, LedgerCodes, plain_code

CODE_SECTIONS = (
    (_("Grootboekrekeningen"), ["debtors", "revenue", "vat_high", "vat_low", "journal"]),
    (_("Btw-codes"), ["code_high", "code_low", "code_zero", "code_exempt", "code_reversed"]),
)


class CodesForm(CompanyForm):
    """The accounts and VAT codes, and those of each group of handlings."""

    class Meta:
        model = LedgerCodes
        fields = [name for _title, names in CODE_SECTIONS for name in names]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.groups = list(ServiceGroup.objects.active().select_related("vehicle_type").order_by("vehicle_type__name", "position", "name"))
        for group in self.groups:
            self.fields[f"group_{group.pk}"] = forms.CharField(
                label=f"{group.vehicle_type}: {group.name}",
                required=False,
                max_length=20,
                initial=group.ledger_code,
                validators=[plain_code],
                widget=forms.TextInput(attrs={"placeholder": _("zoals omzet")}),
            )
            self.fields[f"vat_{group.pk}"] = forms.CharField(
                label=_("Btw-code van %(group)s") % {"group": group.name},
                required=False,
                max_length=20,
                initial=group.vat_code,
                validators=[plain_code],
                widget=forms.TextInput(attrs={"placeholder": _("zoals het tarief")}),
            )

    @property
    def helper(self):
        helper = super().helper
        of_groups = [f"{what}_{group.pk}" for group in self.groups for what in ("group", "vat")]
        parts = [*CODE_SECTIONS, (_("Omzet en btw-code per groep werkzaamheden"), of_groups)]
        rows = [
            (title, Div(*(Div(name, css_class=self._width(name)) for name in names), css_class="row")) for title, names in parts if names
        ]
        helper.layout = Layout(*(Fieldset(title, row, css_class="section") for title, row in rows))
        return helper

    def save(self, commit=True):
        for group in self.groups:
            group.ledger_code, group.vat_code = self.cleaned_data[f"group_{group.pk}"], self.cleaned_data[f"vat_{group.pk}"]
        ServiceGroup.objects.bulk_update(self.groups, ["ledger_code", "vat_code"])
        return super().save(commit)


def _first_of_last_month():
    return (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)


def _last_of_last_month():
    return timezone.localdate().replace(day=1) - timedelta(days=1)


def _day():
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ExportForm(TwoColumns, forms.Form):
    """Which period goes, to what."""

    kind = forms.ChoiceField(label=_("Voor"), choices=BookExport.Kind)
    first = forms.DateField(label=_("Van"), initial=_first_of_last_month, widget=_day())
    last = forms.DateField(label=_("Tot en met"), initial=_last_of_last_month, widget=_day())

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("Deze dag ligt voor de eerste."))
        elif last and last > timezone.localdate():
            self.add_error("last", _("Deze dag is nog niet geweest."))
        return cleaned
