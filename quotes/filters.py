import django_filters
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cleanconnect.filters import Sorting

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
    sorteren = Sorting(
        text={"customer__name": "klant", "subject": "onderwerp"},
        fields={"number": "nummer", "created_at": "datum", "valid_until": "geldig", "net": "bedrag"},
    )

    class Meta:
        model = Quote
        fields = []

    def search(self, queryset, name, value):
        text = value.strip()
        return queryset.filter(Q(number__icontains=text) | Q(customer__name__icontains=text) | Q(subject__icontains=text))

    def with_status(self, queryset, name, value):
        if value == EXPIRED:
            return queryset.expired()
        found = queryset.filter(state=value)
        return found.filter(valid_until__gte=timezone.localdate()) if value == Quote.State.SENT else found
