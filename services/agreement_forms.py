from itertools import groupby

from django import forms
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cleanconnect.forms import CompanyForm
from cleanconnect.money import including_vat

from .agreements import agree_prices
from .copying import Rounding
from .models import PriceAgreement, Service, ServiceGroup, VatRate
from .pricing import prices_for
from .raising import next_january


class AgreementForm(CompanyForm):
    """One agreement: for a handling or a whole group of a vehicle type, from a day on."""

    class Meta:
        model = PriceAgreement
        fields = ["group", "service", "kind", "value", "starts_on", "ends_on"]
        widgets = {
            "value": forms.TextInput(attrs={"inputmode": "decimal"}),
            "starts_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "ends_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }
        help_texts = {
            "group": _("Voor alle handelingen van de groep, of kies hiernaast één handeling."),
            "value": _("Een vaste prijs, of een verandering van de gewone prijs: -10 is een korting."),
            "ends_on": _("Leeg: tot u iets anders afspreekt."),
        }

    def __init__(self, *args, vehicle_type, customer, **kwargs):
        super().__init__(*args, **kwargs)
        including, excluding = _("Bedragen zijn bij deze klant inclusief btw."), _("Bedragen zijn bij deze klant exclusief btw.")
        self.fields["value"].help_text = f"{self.fields['value'].help_text} {including if customer.prices_include_vat else excluding}"
        self.fields["group"].queryset = ServiceGroup.objects.active().filter(vehicle_type=vehicle_type).order_by("position", Lower("name"))
        services = Service.objects.active().filter(group__vehicle_type=vehicle_type, group__archived_at=None)
        self.fields["service"].queryset = services.in_order()
        self.fields["kind"].initial = PriceAgreement.Kind.PERCENTAGE
        self.initial["kind"] = PriceAgreement.Kind.PERCENTAGE
        for name in ("starts_on", "ends_on"):
            self.fields[name].localize = False


class RaiseForm(forms.Form):
    """Prijzen verhogen: how much, from when, and which prices."""

    percentage = forms.DecimalField(
        label=_("Verhoging in procent"),
        min_value=-50,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        localize=True,
        help_text=_("Bijvoorbeeld 3 of 2,5; met een minteken wordt het een verlaging."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    on = forms.DateField(
        label=_("Per"), initial=next_january, localize=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    rounding = forms.ChoiceField(label=_("Afronden"), choices=Rounding.choices, initial=Rounding.FIVE)
    also_list = forms.BooleanField(label=_("Ook handelingen waarvoor deze klant de gewone prijs betaalt"), required=False)
    also_agreed = forms.BooleanField(label=_("Ook de vaste prijzen die met klanten zijn afgesproken"), required=False)

    def __init__(self, *args, customer, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["also_agreed" if customer else "also_list"]

    def clean_on(self):
        on = self.cleaned_data["on"]
        today = timezone.localdate()
        if on < today:
            raise forms.ValidationError(_("Kies vandaag of een latere dag; prijzen van vroeger blijven zoals ze waren."))
        if on.year > today.year + 5:
            raise forms.ValidationError(_("Kies een dag binnen vijf jaar."))
        return on


class PricesForm(forms.Form):
    """Prijsbeheer: the customer's own price for each handling; empty is the list price."""

    def __init__(self, *args, customer, services, **kwargs):
        super().__init__(*args, **kwargs)
        self.customer, self.services = customer, list(services)
        self.prices = prices_for(customer, self.services)
        today = timezone.localdate()
        held = PriceAgreement.objects.filter(customer=customer, service__in=self.services, kind=PriceAgreement.Kind.PRICE).holding(today)
        self.own = set(held.values_list("service_id", flat=True))
        for service in self.services:
            self.fields[self._name(service)] = self._field(service)

    @staticmethod
    def _name(service):
        return f"prijs_{service.pk}"

    def _field(self, service):
        including, excluding = _("Eigen prijs incl. btw voor %(service)s"), _("Eigen prijs excl. btw voor %(service)s")
        label = (including if self.customer.prices_include_vat else excluding) % {"service": service}
        widget = forms.TextInput(attrs={"class": "form-control", "inputmode": "decimal", "autocomplete": "off", "aria-label": label})
        field, own = PriceAgreement._meta.get_field("value"), self.prices[service.pk].amount if service.pk in self.own else None
        return field.formfield(required=False, min_value=0, initial=own, label=label, widget=widget)

    def groups(self):
        """`[(group, [(service, its field, its Price, including VAT), …]), …]`."""
        return [
            (group, [self._row(service) for service in found]) for group, found in groupby(self.services, lambda service: service.group)
        ]

    def _row(self, service):
        price, rate = self.prices[service.pk], VatRate.charged(service.vat_rate, self.customer.company, self.customer)
        return service, self[self._name(service)], price, including_vat(price.amount, rate)

    def save(self, *, by):
        changed = [service for service in self.services if self._name(service) in self.changed_data]
        agree_prices(self.customer, {service: self.cleaned_data[self._name(service)] for service in changed}, by=by)
