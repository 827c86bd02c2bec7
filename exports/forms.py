from django import forms

from .models import Format


class ListForm(forms.Form):
    """Which list (`adres`, as the browser shows it) is saved as what (`soort`)."""

    adres = forms.CharField(max_length=4000)
    soort = forms.ChoiceField(choices=[(value, label) for value, label in Format.choices if value != Format.ZIP])
