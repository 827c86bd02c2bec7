from django import forms
from django.utils.translation import gettext_lazy as _

from cleanconnect.choosing import SearchSelect
from customers.models import Customer


class MergeForm(forms.Form):
    """Which customer (`met`) is the same as this one, and which of the two stays (`blijft`)."""

    met = forms.ModelChoiceField(
        Customer.objects.none(),
        label=_("Deze klant is dezelfde als"),
        empty_label=_("Kies de andere klant"),
        error_messages={
            "required": _("Kies de andere klant."),
            "invalid_choice": _("Deze klant is er niet meer, of het is deze klant zelf."),
        },
    )
    blijft = forms.TypedChoiceField(coerce=int, required=False, empty_value=None, widget=forms.RadioSelect, label=_("Welke klant blijft?"))

    def __init__(self, data=None, *, customer):
        if data is not None:
            data = data.copy()
            data.setdefault("blijft", str(customer.pk))
        super().__init__(data)
        self.customer = customer
        field = self.fields["met"]
        field.queryset = Customer.objects.active().filter(anonymised_at=None).exclude(pk=customer.pk)
        choices = field.choices
        field.widget = SearchSelect("customers:choices", attrs={"class": "form-select"})
        field.widget.choices = choices
        other = self._other()
        both = [found for found in (customer, other) if found]
        self.fields["blijft"].choices = [(found.pk, f"{found.name} ({found.number or '–'})") for found in both]
        self.fields["blijft"].initial = customer.pk

    def _other(self):
        """The customer that is chosen, before validation, or None."""
        value = self.data.get("met", "")
        return self.fields["met"].queryset.filter(pk=value).first() if value.isdecimal() and len(value) < 19 else None

    def pair(self):
        """`(source, target)`: who goes and who stays."""
        other = self.cleaned_data["met"]
        stays = self.cleaned_data["blijft"] or self.customer.pk
        return (other, self.customer) if stays == self.customer.pk else (self.customer, other)
