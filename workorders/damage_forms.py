from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cleanconnect.forms import TwoColumns
from cleanconnect.quotas import clean_photo

from .car import CHOICES
from .models import DamageMark, OrderPhoto

MOST_PHOTOS = 12


class SentLater(forms.UUIDField):
    """The ids, with commas between, of photos that a tablet took and still has to send; at most `MOST_PHOTOS`."""

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(required=False)

    def to_python(self, value):
        return [super(SentLater, self).to_python(uid) for uid in (value or "").split(",")[:MOST_PHOTOS] if uid]


class Photos(TwoColumns):
    """A form with photos: in the form itself, or announced by a tablet that sends them afterwards."""

    elsewhere = ("photo_uid",)
    needs_photo = ""  # the field of a photo that cannot be left out

    def clean(self):
        """`photos`: the cleaned pictures; `photo_uid`: those that follow."""
        cleaned = super().clean()
        if one := cleaned.pop("photo", None):
            cleaned["photos"] = [one]
        cleaned["photos"] = cleaned.get("photos") or []
        if self.needs_photo and not (cleaned["photos"] or cleaned.get("photo_uid") or self.errors):
            self.add_error(self.needs_photo, _("Kies of maak een foto."))
        return cleaned


class DamageForm(Photos, forms.Form):
    """A mark on the drawing: where, what, and what can be seen of it."""

    photo_uid = SentLater()
    place = forms.ChoiceField(label=_("Plaats op de auto"), choices=[("", ""), *CHOICES])
    kind = forms.ChoiceField(label=_("Soort schade"), choices=DamageMark.Kind.choices)
    note = forms.CharField(label=_("Toelichting"), required=False, max_length=150)
    photo = forms.FileField(
        label=_("Foto"), required=False, widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"})
    )

    def clean_photo(self):
        photo = self.cleaned_data["photo"]
        return clean_photo(photo) if photo else None


class PhotosInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """One photo or more; each is checked and made anew."""

    widget = PhotosInput(attrs={"accept": "image/*"})

    def clean(self, data, initial=None):
        files = data if isinstance(data, list | tuple) else [data] if data else []
        files = [super(PhotosField, self).clean(file, initial) for file in files]
        if len(files) > MOST_PHOTOS:
            raise ValidationError(_("Kies ten hoogste %(most)s foto’s tegelijk.") % {"most": MOST_PHOTOS})
        found, errors = [], []
        for file in files:
            try:
                found.append(clean_photo(file))
            except ValidationError as error:
                errors.append(f"{file.name}: {error.messages[0]}")
        if errors:
            raise ValidationError(errors)
        return found


class PhotosForm(Photos, forms.Form):
    """Photos of the car, several at a time."""

    needs_photo = "photos"
    photo_uid = SentLater()
    photos = PhotosField(label=_("Foto’s"), required=False)
    moment = forms.ChoiceField(label=_("Wanneer"), choices=OrderPhoto.Moment.choices)
