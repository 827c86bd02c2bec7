import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from cleanconnect.filters import Sorting

from .models import Customer, CustomerType


class CustomerFilter(django_filters.FilterSet):
    zoek = django_filters.CharFilter(
        label=_("Zoeken"),
        method="search",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Naam, plaats of e-mail")}),
    )
    type = django_filters.ModelChoiceFilter(
        label=_("Type klant"), queryset=lambda request: CustomerType.objects.active(), empty_label=_("Alle types")
    )
    sorteren = Sorting(text={"name": "naam", "type__name": "type", "city": "plaats"})

    class Meta:
        model = Customer
        fields = []

    def search(self, queryset, name, value):
        return queryset.search(value)


class CustomerTypeFilter(django_filters.FilterSet):
    sorteren = Sorting(text={"name": "naam"}, fields={"customer_count": "klanten"})

    class Meta:
        model = CustomerType
        fields = []
