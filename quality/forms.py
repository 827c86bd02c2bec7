from django import forms
from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cleanconnect.forms import CompanyForm
from cleanconnect.uploads import clean_picture
from services.models import Service
from services.pricing import prices_for

from .models import ChecklistGroup, ChecklistItem, ChecklistSource, Defect
from .taking_over import handling_groups


class ChecklistGroupForm(CompanyForm):
    class Meta:
        model = ChecklistGroup
        fields = ["name"]


class ChecklistItemForm(CompanyForm):
    """Onderdeel, with the handlings that it belongs to; none is general."""

    wide = ("description",)
    elsewhere = ("belongs_to",)
    belongs_to = forms.MultipleChoiceField(label=_("Hoort bij"), required=False)

    class Meta:
        model = ChecklistItem
        fields = ["group", "name", "description"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.handling_groups = handling_groups()
        self.handlings = {handling.key: handling for group in self.handling_groups for handling in group.handlings.values()}
        self.fields["belongs_to"].choices = [(key, handling.name) for key, handling in self.handlings.items()]
        self.known = set(self.instance.sources.values_list("service_id", flat=True)) if self.instance.pk else set()
        self.initial["belongs_to"] = [
            key for key, handling in self.handlings.items() if self.known & {service.pk for service in handling.services}
        ]

    def sources(self):
        """`[(group, [(handling, is ticked), …], whether to show it opened), …]`."""
        ticked = set(self["belongs_to"].value() or [])
        found = []
        for group in self.handling_groups:
            rows = [(handling, handling.key in ticked) for handling in group.handlings.values()]
            found.append((group, rows, any(is_ticked for _handling, is_ticked in rows)))
        return found

    @transaction.atomic
    def save(self, commit=True):
        """The item with its links; those to handlings that are no longer offered stay as they are."""
        item = super().save(commit)
        offered = {service.pk for handling in self.handlings.values() for service in handling.services}
        wanted = {service.pk for key in self.cleaned_data["belongs_to"] for service in self.handlings[key].services}
        item.sources.filter(service__in=offered - wanted).delete()
        ChecklistSource.objects.bulk_create(ChecklistSource(item=item, service_id=pk) for pk in wanted - self.known)
        return item


class TakeOverForm(forms.Form):
    """Which groups of handlings the checklist is made from."""

    groups = forms.MultipleChoiceField(error_messages={"required": _("Kies ten minste één groep.")})

    def __init__(self, *args, handling_groups, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["groups"].choices = [(group.key, group.name) for group in handling_groups]


class ChosenGroupForm(forms.Form):
    """`?groep=`: the group that is chosen beforehand."""

    groep = forms.ModelChoiceField(queryset=ChecklistGroup.objects.active(), required=False)

    @classmethod
    def chosen(cls, query):
        """The group of a query string; None when there is none, or none that we know."""
        form = cls(query)
        return form.cleaned_data["groep"] if form.is_valid() else None


class AnswerForm(forms.Form):
    antwoord = forms.TypedChoiceField(choices=[("ja", _("Ja")), ("nee", _("Nee"))], coerce=lambda value: value == "ja")


class DefectForm(CompanyForm):
    # Not an ImageField: that decodes the file before anyone has looked at its size.
    photo = forms.FileField(
        label=_("Foto"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text=_("Niet verplicht. JPEG, PNG, WebP of HEIC, ten hoogste 25 MB."),
    )
    service = forms.ModelChoiceField(
        label=_("Extra handeling om het te verhelpen"),
        queryset=Service.objects.none(),
        required=False,
        empty_label=_("Geen: alleen melden"),
        help_text=_("Mag dit niet zonder vragen, dan wacht de werkorder op het akkoord van de klant."),
    )
    unit_price = forms.DecimalField(
        label=_("Prijs excl. btw"),
        required=False,
        localize=True,
        max_digits=7,
        decimal_places=2,
        min_value=0,
        help_text=_("Leeg: de prijs van deze klant."),
    )
    wide = ("photo", "item")

    class Meta:
        model = Defect
        fields = ["description", "kind", "place", "photo", "item"]
        widgets = {"description": forms.Textarea(attrs={"rows": 5})}
        help_texts = {"description": _("Wat ziet u, en waar op het voertuig? De klant leest deze tekst.")}

    def __init__(self, *args, order, sees_prices, **kwargs):
        super().__init__(*args, **kwargs)
        self.order = order
        for name in ("kind", "place"):
            self.fields[name].choices = [("", ""), *self.fields[name].choices[1:]]
        self.fields["service"].empty_label = _("Geen: alleen melden")
        self.fields["service"].queryset = Service.objects.for_type(order.vehicle.type)
        if not sees_prices:
            del self.fields["unit_price"]
        item = self.fields["item"]
        item.label = _("Hoort bij onderdeel")
        item.required, item.empty_label = False, _("Geen onderdeel van de checklist")

    def clean_photo(self):
        photo = self.cleaned_data["photo"]
        return clean_picture(photo, max_size=(1600, 1600)) if photo else None

    def clean(self):
        """Extra work has a price: what was typed, else that of the customer."""
        cleaned = super().clean()
        service = cleaned.get("service")
        if service and cleaned.get("unit_price") is None and "unit_price" not in self.errors:
            cleaned["unit_price"] = prices_for(self.order.customer, [service])[service.pk].amount
            if cleaned["unit_price"] is None:
                self.add_error("service", _now("Deze handeling heeft nog geen prijs; vraag de eigenaar om die in te vullen."))
        return cleaned
