from django import forms
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from cleanconnect.forms import CompanyForm
from cleanconnect.quotas import clean_photo
from services.models import Service
from services.pricing import prices_for
from workorders.car import PLACES
from workorders.damage_forms import Photos, SentLater
from workorders.line_forms import price_label
from workorders.models import DamageMark

from .models import ChecklistGroup, ChecklistItem, ChecklistSource, Defect
from .taking_over import handling_groups

LANGUAGES = [language for language in settings.LANGUAGES if language[0] != settings.LANGUAGE_CODE]


class TranslationsForm(CompanyForm):
    """A form of the checklist with its texts in the other languages of the tablet; what is left empty stays Dutch."""

    translated = ("name",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = self.instance.translations
        for code, language in LANGUAGES:
            for name in self.translated:
                field, label = self.fields[name], f"{self.fields[name].label} ({language})"
                self.fields[f"{name}_{code}"] = forms.CharField(label=label, required=False, max_length=field.max_length)
                self.initial.setdefault(f"{name}_{code}", known.get(code, {}).get(name, ""))

    @property
    def translation_names(self):
        return [f"{name}_{code}" for code, _language in LANGUAGES for name in self.translated]

    @property
    def elsewhere(self):
        return (*self.elsewhere_too, *self.translation_names)

    elsewhere_too = ()

    @property
    def translation_fields(self):
        return [self[name] for name in self.translation_names]

    @property
    def has_translations(self):
        return any(field.value() or field.errors for field in self.translation_fields)

    def save(self, commit=True):
        typed = {code: {name: self.cleaned_data[f"{name}_{code}"] for name in self.translated} for code, _language in LANGUAGES}
        given = {code: {name: text for name, text in texts.items() if text} for code, texts in typed.items()}
        self.instance.translations = {code: texts for code, texts in given.items() if texts}
        return super().save(commit)


class ChecklistGroupForm(TranslationsForm):
    class Meta:
        model = ChecklistGroup
        fields = ["name"]


class ChecklistItemForm(TranslationsForm):
    """Onderdeel, with the handlings that it belongs to; none is general."""

    wide = ("description",)
    elsewhere_too = ("belongs_to",)
    translated = ("name", "description")
    belongs_to = forms.MultipleChoiceField(label=_("Hoort bij"), required=False)

    class Meta:
        model = ChecklistItem
        fields = ["group", "name", "description", "needs_photo"]
        help_texts = {"needs_photo": _("Zonder foto kan de werkorder niet gereed.")}

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
    antwoord = forms.ChoiceField(choices=[("ja", _("Ja")), ("nee", _("Nee")), ("overdoen", _("Overdoen"))])


class ItemPhotoForm(Photos, forms.Form):
    """A photo of one item of the check."""

    needs_photo = "photo"
    photo_uid = SentLater()
    photo = forms.FileField(label=_("Foto"), required=False)

    def clean_photo(self):
        photo = self.cleaned_data["photo"]
        return clean_photo(photo) if photo else None


class SentPhotoForm(forms.Form):
    """The file of a photo that a tablet announced before."""

    uid = forms.UUIDField()
    photo = forms.FileField()

    def clean_photo(self):
        return clean_photo(self.cleaned_data["photo"])


class DefectForm(CompanyForm):
    # Not an ImageField: that decodes the file before anyone has looked at its size.
    photo = forms.FileField(
        label=_("Foto"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
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
    photo_uid = SentLater()

    class Meta:
        model = Defect
        fields = ["description", "kind", "place", "photo", "item"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"description": _("Mag leeg als u hierboven kiest wat het is. De klant leest deze tekst.")}

    def __init__(self, *args, order, sees_prices, **kwargs):
        super().__init__(*args, **kwargs)
        self.order = order
        self.fields["kind"].choices = self.fields["kind"].choices[1:]
        self.fields["place"].choices = [("", ""), *self.fields["place"].choices[1:]]
        self.fields["description"].required = False
        self.fields["service"].empty_label = _("Geen: alleen melden")
        self.fields["service"].queryset = Service.objects.for_type(order.vehicle.type)
        self.fields["unit_price"].label = price_label(order.prices_include_vat)
        if not sees_prices:
            del self.fields["unit_price"]
        item = self.fields["item"]
        item.label = _("Hoort bij onderdeel")
        item.required, item.empty_label = False, _("Geen onderdeel van de checklist")

    def clean_photo(self):
        photo = self.cleaned_data["photo"]
        return clean_photo(photo, max_size=(1600, 1600)) if photo else None

    def clean(self):
        """What is wrong in words, when only its kind and place were pressed; and extra work has a price, else that of the customer."""
        cleaned = super().clean()
        cleaned["photo_uid"] = next(iter(cleaned.get("photo_uid") or []), None)
        if not cleaned.get("description") and "description" not in self.errors:
            cleaned["description"] = self._in_words(cleaned)
        service = cleaned.get("service")
        if service and cleaned.get("unit_price") is None and "unit_price" not in self.errors:
            cleaned["unit_price"] = prices_for(self.order.customer, [service], include_vat=self.order.prices_include_vat)[service.pk].amount
            if cleaned["unit_price"] is None:
                self.add_error("service", _now("Deze handeling heeft nog geen prijs; vraag de eigenaar om die in te vullen."))
        return cleaned

    def _in_words(self, cleaned):
        kind = cleaned.get("kind")
        if not kind:
            self.add_error("description", _now("Kies wat het is, of omschrijf het."))
            return ""
        where = PLACES[cleaned["place"]].label if cleaned.get("place") else cleaned.get("item")
        with override("nl"):  # the customer reads it, whatever the employee speaks
            return ", ".join(str(part) for part in (DamageMark.Kind(kind).label, where) if part)
