import re
from datetime import timedelta
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cleanconnect.choosing import SearchSelect
from cleanconnect.discounts import Off
from cleanconnect.forms import TwoColumns
from customers.models import Customer
from invoicing.forms import MOST_LINES, InvoiceLineForm
from services.models import Service
from services.pricing import Terms, prices_for
from vehicles.models import VehicleType
from vehicles.plates import looks_like_vin
from workorders.line_forms import PricesTyped, refuse_below_zero

from .models import Quote

VALID_FOR = timedelta(days=30)
FEWEST_ROWS = 3


def _in_a_month():
    return timezone.localdate() + VALID_FOR


class QuoteLineForm(InvoiceLineForm):
    """A line of a quote; one of a handling remembers which."""

    service = forms.ModelChoiceField(Service.objects.all(), required=False, widget=forms.HiddenInput)


QuoteLines = forms.formset_factory(QuoteLineForm, max_num=MOST_LINES, absolute_max=MOST_LINES, extra=FEWEST_ROWS)


class QuoteForm(TwoColumns, PricesTyped):
    """An offer with its lines.

    Made with `typed=` it shows what was typed so far, with the checked handlings as lines at this customer's prices and a row more, and
    checks nothing.
    """

    elsewhere = ("chosen", "prices_seen")
    wide = ("text",)

    customer = forms.ModelChoiceField(
        Customer.objects.active().select_related("type"), label=_("Klant"), empty_label="", widget=SearchSelect("customers:choices")
    )
    subject = forms.CharField(label=_("Onderwerp"), max_length=120)
    plate = forms.CharField(
        label=_("Kenteken of chassisnummer"), required=False, max_length=20, widget=forms.TextInput(attrs={"autocapitalize": "characters"})
    )
    vehicle_type = forms.ModelChoiceField(
        VehicleType.objects.active(), label=_("Soort voertuig"), required=False, empty_label=_("Geen of nog onbekend")
    )
    valid_until = forms.DateField(
        label=_("Geldig tot en met"),
        initial=_in_a_month,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    text = forms.CharField(label=_("Tekst boven de regels"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)  # of this quote, so that pressing twice makes one
    chosen = forms.ModelMultipleChoiceField(Service.objects.none(), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data=None, *, quote=None, typed=None):
        self.quote = quote or Quote()
        if typed is not None:
            super().__init__(initial=typed.dict())
            self.buyer = self._customer_of(typed.get("customer", ""))
            rows = _rows_of(typed)
            service_type = self._type_of(typed.get("vehicle_type", ""))
            rows += _rows_for(typed.getlist("chosen"), service_type, self.buyer)
        else:
            super().__init__(data, initial=_of_quote(quote))
            self.buyer = quote.customer if quote else None
            if data is not None:
                self.buyer = self._customer_of(data.get("customer", ""))
            rows = [_of_line(line) for line in quote.lines.all()] if quote else []
            service_type = self._type_of(data.get("vehicle_type", "")) if data is not None else quote and quote.vehicle_type
        self.services = list(Service.objects.for_type(service_type)) if service_type else []
        self.fields["chosen"].queryset = Service.objects.filter(pk__in=[service.pk for service in self.services])
        self.ticked = {_number(pk) for pk in data.getlist("chosen")} if data is not None else set()
        if data is None:
            self.lines = forms.formset_factory(
                QuoteLineForm, max_num=MOST_LINES, absolute_max=MOST_LINES, extra=1 if rows else FEWEST_ROWS
            )(initial=rows, prefix="regels", form_kwargs={"include_vat": self.include_vat})
        else:
            self.lines = QuoteLines(data, prefix="regels", form_kwargs={"include_vat": self.include_vat})
        self.show_how_prices_are(typed)

    @cached_property
    def include_vat(self):
        """As the quote has it, or as its customer does when that is another one."""
        if self.quote.pk and self.buyer == self.quote.customer:
            return self.quote.prices_include_vat
        return Terms(self.buyer).include_vat

    @property
    def has_typed_prices(self):
        return any(row.is_filled for row in self.lines.forms)

    def _type_of(self, text):
        return self.fields["vehicle_type"].queryset.filter(pk=_number(text)).first()

    def _customer_of(self, text):
        return self.fields["customer"].queryset.filter(pk=_number(text)).first()

    def clean_chosen(self):
        """A price is seen before it is saved, so what is only ticked has to become a line first."""
        if self.cleaned_data["chosen"]:
            raise forms.ValidationError(
                _("Deze handelingen staan nog niet op de offerte: druk op Zet op de offerte, of haal de vinkjes weg.")
            )
        return self.cleaned_data["chosen"]

    def clean_valid_until(self):
        day = self.cleaned_data["valid_until"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Deze dag is al geweest."))
        return day

    def is_valid(self):
        lines_are_valid = self.lines.is_bound and self.lines.is_valid()
        if super().is_valid() and lines_are_valid and not self.filled():
            self.add_error(None, _("Vul ten minste één regel in."))
        lines_are_valid = lines_are_valid and refuse_below_zero([row for row in self.lines.forms if row.is_filled])
        return not self.errors and lines_are_valid

    def filled(self):
        """The lines that are not empty, as dicts."""
        return [row.cleaned_data for row in self.lines.forms if row.is_filled]

    def made(self):
        """The quote with what was typed, not saved."""
        for name in ("customer", "subject", "plate", "vehicle_type", "valid_until", "text"):
            setattr(self.quote, name, self.cleaned_data[name])
        self.quote.prices_include_vat = self.include_vat
        if self.quote.pk is None:
            self.quote.key = self.cleaned_data["key"]
        return self.quote


def _number(text):
    return int(text) if re.fullmatch("[0-9]{1,18}", text or "") else None


def _of_quote(quote):
    names = ("customer", "subject", "plate", "vehicle_type", "valid_until", "text", "key")
    return {name: getattr(quote, name) for name in names} if quote else None


def _of_line(line):
    row = {name: getattr(line, name) for name in ("service", "description", "quantity", "unit_price", "vat_rate")}
    return row | {"discount": Off(line.discount, line.discount_amount)}


def _rows_of(typed):
    """What stands in the rows of a form that was sent, as it was typed."""
    count = min(_number(typed.get("regels-TOTAL_FORMS", "")) or 0, MOST_LINES)
    rows = [{name: typed.get(f"regels-{number}-{name}", "") for name in QuoteLineForm.base_fields} for number in range(count)]
    return [row for row in rows if row["description"] or row["unit_price"]]


def _rows_for(pks, vehicle_type, customer):
    """Rows for these handlings, at what this customer pays for them today (without one: the list price)."""
    if not pks or vehicle_type is None:
        return []
    services = list(Service.objects.for_type(vehicle_type).filter(pk__in=[_number(pk) for pk in pks if _number(pk)]))
    prices = prices_for(customer, services)
    return [
        {
            "service": service.pk,
            "description": f"{service.group.name}: {service.name}",
            "quantity": 1,
            "unit_price": prices[service.pk].amount,
            "vat_rate": service.vat_rate,
        }
        for service in services
    ]


class VehicleForm(TwoColumns, forms.Form):
    """The vehicle for which an accepted quote becomes a work order."""

    plate = forms.CharField(label=_("Kenteken of chassisnummer"), max_length=20)
    type = forms.ModelChoiceField(
        VehicleType.objects.active(), label=_("Soort voertuig"), required=False, empty_label=_("Zoals wij het kennen")
    )

    def vehicle(self):
        """What was typed of it, for `workorders.intake.take_in`."""
        typed, is_vin = self.cleaned_data["plate"], looks_like_vin(self.cleaned_data["plate"])
        identity = {"plate": "" if is_vin else typed, "vin": typed if is_vin else ""}
        return identity | {"country": "NL", "make": "", "model": "", "type": self.cleaned_data["type"]}


class RefuseForm(forms.Form):
    reason = forms.CharField(
        label=_("Waarom niet? (mag leeg blijven)"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )
