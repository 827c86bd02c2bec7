import django_filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cleanconnect.filters import Sorting
from customers.models import Customer

from .models import Quote

EXPIRED = "expired"


class QuoteFilter(django_filters.FilterSet):
    zoek = django_filters.CharFilter(
        label=_("Zoeken"),
        method="search",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Nummer, klant of onderwerp")}),
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"),
        method="with_status",
        choices=[*Quote.State.choices, (EXPIRED, _("Verlopen"))],
        empty_label=_("Elke status"),
    )
    klant = django_filters.ModelChoiceFilter(
        queryset=lambda request: Customer.objects.all(), field_name="customer", widget=forms.HiddenInput
    )
    sorteren = Sorting(
        text={"customer__name": "klant", "subject": "onderwerp"},
        fields={"number": "nummer", "created_at": "datum", "valid_until": "geldig", "net": "bedrag"},
    )

    class Meta:
        model = Quote
        fields = []

    def search(self, queryset, name, value):
        return queryset.search(value.strip())

    def with_status(self, queryset, name, value):
        if value == EXPIRED:
            return queryset.expired()
        quotes = queryset.filter(state=value)
        return quotes.filter(valid_until__gte=timezone.localdate()) if value == Quote.State.SENT else quotes
