from itertools import groupby

from django import forms
from django.db import transaction
from django.db.models.functions import Lower
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from cleanconnect.forms import NamedForm
from cleanconnect.tenancy.context import current_company_id
from vehicles.models import VehicleType

from .copying import Rounding
from .models import Service, ServiceGroup, VatRate
from .pricing import list_prices, set_list_price


class Placed:
    """A form for something with a place in a list; nothing typed is the first place."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["position"].required = False

    def clean_position(self):
        return self.cleaned_data["position"] or 0


class GroupForm(Placed, NamedForm):
    class Meta:
        model = ServiceGroup
        fields = ["vehicle_type", "name", "is_package", "package_price", "price_includes_vat", "position", "ledger_code", "vat_code"]
        widgets = {"package_price": forms.TextInput(attrs={"inputmode": "decimal"})}

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("package_price") is not None and not cleaned.get("is_package"):
            self.add_error("package_price", _("Een pakketprijs hoort bij een standaard pakket; vink dat aan of laat de prijs leeg."))
        return cleaned


class ServiceForm(Placed, NamedForm):
    """Handeling: first the vehicle type, then one of its groups.

    The type is called `soort`, as in the addresses, because htmx asks this page for the groups of `?soort=`.
    """

    soort = forms.ModelChoiceField(VehicleType.objects.active(), label=_("Soort voertuig"))

    class Meta:
        model = Service
        fields = ["group", "name", "price", "price_includes_vat", "is_from_price", "vat_rate", "minutes", "position", "is_active"]
        help_texts = {"price": _("Bijvoorbeeld 12,50. U kunt de prijs ook later invullen.")}
        widgets = {"price": forms.TextInput(attrs={"inputmode": "decimal"})}

    field_order = ["soort", *Meta.fields]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["soort"].widget.attrs |= {
            "hx-get": reverse_lazy("services:create"),
            "hx-select": "#div_id_group",
            "hx-target": "#div_id_group",
            "hx-swap": "outerHTML",
        }
        self.fields["vat_rate"].choices = VatRate.entered()
        self._offer_groups(self._chosen_type())
        if self.instance.pk:
            self.initial["price"] = list_prices([self.instance])[self.instance.pk]
            self.before = self.instance.price
        else:
            del self.fields["is_active"]
            self.initial.setdefault("price_includes_vat", Company.objects.get(pk=current_company_id()).prices_include_vat)

    def _offered(self, name, queryset):
        return queryset if name == "soort" else super()._offered(name, queryset)

    @transaction.atomic
    def save(self, commit=True):
        """A changed price of a handling that exists goes through `pricing`, which keeps what it cost before."""
        price = self.cleaned_data["price"]
        if self.instance.pk:
            self.instance.price = self.before
        service = super().save(commit)
        if "price" in self.changed_data and price != service.price:
            set_list_price(service, price)
        return service

    def _chosen_type(self):
        """Id of the vehicle type that is chosen now, or None."""
        if self.is_bound:
            try:
                return self.fields["soort"].clean(self.data.get("soort")).pk
            except forms.ValidationError:
                return None
        return self.initial.get("soort") and getattr(self.initial["soort"], "pk", self.initial["soort"])

    def _offer_groups(self, type_id):
        """The groups of the type; while none is chosen the groups of every type, under its name."""
        field = self.fields["group"]
        field.queryset = field.queryset.filter(vehicle_type__archived_at=None)
        if type_id:
            field.queryset = field.queryset.filter(vehicle_type=type_id)
        field.error_messages["invalid_choice"] = _("Kies een groep van dit soort voertuig.")
        groups = list(field.queryset.select_related("vehicle_type").order_by(Lower("vehicle_type__name"), "vehicle_type", Lower("name")))
        named = [
            (kind.name, [(group.pk, group.name) for group in found]) for kind, found in groupby(groups, lambda group: group.vehicle_type)
        ]
        field.choices = [("", ""), *(named[0][1] if type_id and named else named)]
        if type_id and not groups:
            field.help_text = _("Dit soort voertuig heeft nog geen groepen; maak er eerst een bij Groepen aanmaken.")


class CopyForm(forms.Form):
    """From which vehicle type to which, what, and with what change of price."""

    source = forms.ModelChoiceField(VehicleType.objects.active(), label=_("Van"), empty_label="")
    target = forms.ModelChoiceField(VehicleType.objects.active(), label=_("Naar"), empty_label="")
    group_name = forms.ChoiceField(label=_("Groep"), required=False)
    percentage = forms.DecimalField(
        label=_("Prijs erbij of eraf, in procent"),
        initial=0,
        min_value=-100,
        max_value=1000,
        max_digits=6,
        decimal_places=2,
        localize=True,
        help_text=_("Bijvoorbeeld 25 voor een kwart duurder, -10 voor goedkoper."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    rounding = forms.ChoiceField(label=_("Afronden"), choices=Rounding.choices, initial=Rounding.EURO)
    overwrite = forms.BooleanField(label=_("Ook de prijs veranderen van handelingen die er al zijn"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        names = {}
        for name in ServiceGroup.objects.active().order_by("position", Lower("name")).values_list("name", flat=True):
            names.setdefault(name.casefold(), name)
        self.fields["group_name"].choices = [("", _("Alles")), *((name, name) for name in names.values())]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("source") and cleaned["source"] == cleaned.get("target"):
            self.add_error("target", _("Kies een ander soort voertuig dan waarvan u overneemt."))
        return cleaned
