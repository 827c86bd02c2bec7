import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from cleanconnect.filters import Sorting
from customers.models import Customer

from .models import TypeRule, Vehicle, VehicleType


class VehicleTypeFilter(django_filters.FilterSet):
    sorteren = Sorting(text={"name": "naam"})

    class Meta:
        model = VehicleType
        fields = []


class VehicleFilter(django_filters.FilterSet):
    zoek = django_filters.CharFilter(
        label=_("Kenteken, chassisnummer of merk"),
        method="search",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Kenteken, chassisnummer of merk")}),
    )
    klant = django_filters.ModelChoiceFilter(
        queryset=lambda request: Customer.objects.all(), field_name="customers", widget=forms.HiddenInput
    )
    sorteren = Sorting(text={"make": "merk", "type__name": "soort"}, fields={"plate": "kenteken"})

    class Meta:
        model = Vehicle
        fields = []

    def search(self, queryset, name, value):
        return queryset.search(value)


class TypeRuleFilter(django_filters.FilterSet):
    """Nothing to choose: the rules stand in the order in which they count."""

    class Meta:
        model = TypeRule
        fields = []
