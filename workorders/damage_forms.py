from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cleanconnect.forms import TwoColumns
from cleanconnect.uploads import clean_picture

from .car import CHOICES
from .models import DamageMark, OrderPhoto

MOST_PHOTOS = 12


class DamageForm(TwoColumns, forms.Form):
    """A mark on the drawing: where, what, and what can be seen of it."""

    place = forms.ChoiceField(label=_("Plaats op de auto"), choices=[("", ""), *CHOICES])
    kind = forms.ChoiceField(label=_("Soort schade"), choices=DamageMark.Kind.choices)
    note = forms.CharField(label=_("Toelichting"), required=False, max_length=150)
    photo = forms.FileField(
        label=_("Foto"), required=False, widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"})
    )

    def clean_photo(self):
        photo = self.cleaned_data["photo"]
        return clean_picture(photo) if photo else None


class PhotosInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """One photo or more; each is checked and made anew."""

    widget = PhotosInput(attrs={"accept": "image/*"})

    def clean(self, data, initial=None):
        files = data if isinstance(data, list | tuple) else [data]
        files = [super(PhotosField, self).clean(file, initial) for file in files]
        if len(files) > MOST_PHOTOS:
            raise ValidationError(_("Kies ten hoogste %(most)s foto’s tegelijk.") % {"most": MOST_PHOTOS})
        found, errors = [], []
        for file in files:
            try:
                found.append(clean_picture(file))
            except ValidationError as error:
                errors.append(f"{file.name}: {error.messages[0]}")
        if errors:
            raise ValidationError(errors)
        return found


class PhotosForm(TwoColumns, forms.Form):
    """Photos of the car, several at a time."""

    photos = PhotosField(label=_("Foto’s"))
    moment = forms.ChoiceField(label=_("Wanneer"), choices=OrderPhoto.Moment.choices)
