from django import forms
from django.utils.translation import gettext_lazy as _

from cleanconnect.forms import CompanyForm
from cleanconnect.uploads import clean_picture

from .models import ChecklistGroup, ChecklistItem, Defect


class ChecklistGroupForm(CompanyForm):
    class Meta:
        model = ChecklistGroup
        fields = ["name"]


class ChecklistItemForm(CompanyForm):
    wide = ("description",)

    class Meta:
        model = ChecklistItem
        fields = ["group", "name", "description"]


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
    wide = ("photo", "item")

    class Meta:
        model = Defect
        fields = ["description", "photo", "item"]
        widgets = {"description": forms.Textarea(attrs={"rows": 5})}
        help_texts = {"description": _("Wat ziet u, en waar op het voertuig? De klant leest deze tekst.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        item = self.fields["item"]
        item.label = _("Hoort bij onderdeel")
        item.required, item.empty_label = False, _("Geen onderdeel van de checklist")

    def clean_photo(self):
        photo = self.cleaned_data["photo"]
        return clean_picture(photo, max_size=(1600, 1600)) if photo else None
