import json
from dataclasses import asdict

from django import forms
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import limits
from cleanconnect.outside import Unavailable
from cleanconnect.permissions import requires

from . import addresses
from .models import Country


class AddressQuery(forms.Form):
    postcode = forms.CharField(max_length=12, required=False)
    house_number = forms.CharField(max_length=12, required=False)
    country = forms.CharField(max_length=2, required=False)


@requires("customers.manage")
@require_safe
def look_up(request):
    """Beside the address of a form: what street and place belong to the postcode and number typed so far. Saves nothing."""
    query = AddressQuery(request.GET)
    typed = query.cleaned_data if query.is_valid() else {}
    context = {"is_asked": False}
    if typed.get("postcode") and typed.get("house_number") and typed["country"] in ("", Country.NL):
        try:
            if not limits.consume(request, "address_search"):
                raise Unavailable("asked too often")
            address = addresses.find(typed["postcode"], typed["house_number"])
            context = {"is_asked": True, "address": address, "fill": address and json.dumps(asdict(address))}
        except Unavailable:
            context = {"is_asked": True, "is_unavailable": True}
    return render(request, "customers/address.html", context)
