from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cleanconnect.choosing import SearchSelect
from cleanconnect.forms import TwoColumns
from customers.models import Customer
from vehicles.models import VehicleType

from .many import MOST, split, work_choices


class ManyForm(TwoColumns, forms.Form):
    """One customer, many cars, the same work."""

    wide = ("work",)

    customer = forms.ModelChoiceField(label=_("Naam van de klant"), queryset=Customer.objects.active(), empty_label="")
    planned_on = forms.DateField(
        label=_("Datum van behandeling"), required=False, localize=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    plates = forms.CharField(
        label=_("Kentekens"),
        max_length=5000,
        help_text=_("Eén per regel, of geplakt uit een lijst of Excel. Een chassisnummer mag ook."),
        widget=forms.Textarea(attrs={"rows": 8, "autocapitalize": "characters", "spellcheck": "false"}),
    )
    work = forms.MultipleChoiceField(label=_("Werkzaamheden"), widget=forms.CheckboxSelectMultiple)
    vehicle_type = forms.ModelChoiceField(
        label=_("Soort voertuig voor nieuwe kentekens"),
        queryset=VehicleType.objects.active(),
        required=False,
        empty_label=_("Alleen kentekens die we kennen"),
    )
    po_number = forms.CharField(label=_("Inkoopnummer"), required=False, max_length=40)
    cost_centre = forms.CharField(label=_("Kostenplaats"), required=False, max_length=40)
    note = forms.CharField(label=_("Notitie voor de werknemer"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        customer = self.fields["customer"]
        choices = customer.choices
        customer.widget = SearchSelect("customers:choices")
        customer.widget.choices = choices
        self.fields["work"].choices = work_choices()

    def clean_plates(self):
        count = len(split(self.cleaned_data["plates"]))
        if count > MOST:
            raise ValidationError(_now("Dit zijn %(count)s kentekens; het maximum is %(most)s per keer.") % {"count": count, "most": MOST})
        return self.cleaned_data["plates"]

    def clean(self):
        cleaned = super().clean()
        customer = cleaned.get("customer")
        for name, required in (("po_number", "po_required"), ("cost_centre", "cost_centre_required")):
            if customer and getattr(customer, required) and not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _now("%(customer)s vraagt dit op elke werkorder.") % {"customer": customer})
        return cleaned
