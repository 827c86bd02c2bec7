from django import forms
from django.utils.translation import gettext_lazy as _

from . import catalogue


class StartForm(forms.Form):
    """The three questions of the start guide."""

    vehicles = forms.MultipleChoiceField(
        label=_("Welke voertuigen behandelt u?"),
        choices=[(key, kind.label) for key, kind in catalogue.VEHICLES.items()],
        initial=["standaard", "xl", "bedrijfsauto"],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Kies ten minste één soort voertuig.")},
    )
    customers = forms.MultipleChoiceField(
        label=_("Voor wie werkt u?"),
        choices=[(key, label) for key, (label, _names) in catalogue.CUSTOMERS.items()],
        initial=["zakelijk", "particulier"],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Kies zakelijk, particulier of allebei.")},
    )
    work = forms.MultipleChoiceField(
        label=_("Welk werk doet u?"),
        choices=[(key, work.label) for key, work in catalogue.WORK.items()],
        initial=["interieur", "exterieur"],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Kies ten minste één soort werk.")},
    )
