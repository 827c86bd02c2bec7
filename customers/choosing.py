"""The customers to choose from in a form, for `cleanconnect.choosing.SearchSelect`."""

from django import forms
from django.shortcuts import render

from cleanconnect.choosing import SHOWN, matching
from cleanconnect.permissions import requires

from .models import Customer, CustomerType


class ChoiceForm(forms.Form):
    """`?zoek=`, typed in a field of any name, among the customers of `?customer_type=` where the page has that."""

    veld = forms.SlugField(max_length=40)
    customer_type = forms.ModelChoiceField(CustomerType.objects.all(), required=False)

    def customers(self):
        customers = Customer.objects.active()
        if customer_type := self.cleaned_data["customer_type"]:
            customers = customers.filter(type=customer_type)
        searched = self.data.get(f"{self.cleaned_data['veld']}_zoek", "").strip()[:100]
        return matching(customers, searched)[:SHOWN]


@requires("customers.manage")
def choices(request):
    form = ChoiceForm(request.GET)
    return render(request, "customers/choices.html", {"customers": form.customers() if form.is_valid() else []})
