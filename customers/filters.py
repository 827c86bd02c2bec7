import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from cleanconnect.filters import Sorting

from .models import Customer, CustomerType

STATES = [("gearchiveerd", _("Gearchiveerd")), ("alle", _("Actief en gearchiveerd"))]


class CustomerFilter(django_filters.FilterSet):
    zoek = django_filters.CharFilter(
        label=_("Zoeken"),
        method="search",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Naam, nummer, plaats, e-mail of KvK")}),
    )
    type = django_filters.ModelChoiceFilter(
        label=_("Type klant"), queryset=lambda request: CustomerType.objects.active(), empty_label=_("Alle types")
    )
    staat = django_filters.ChoiceFilter(
        label=_("Actief of gearchiveerd"),
        method="in_state",
        choices=STATES,
        empty_label=_("Actief"),
    )
    sorteren = Sorting(text={"name": "naam", "type__name": "type", "city": "plaats"}, fields={"number": "nummer"})

    class Meta:
        model = Customer
        fields = []

    @property
    def qs(self):
        """Without a choice the archived ones do not show."""
        return super().qs if self.data.get("staat") in dict(STATES) else super().qs.active()

    def in_state(self, queryset, name, value):
        return queryset.exclude(archived_at=None) if value == "gearchiveerd" else queryset

    def search(self, queryset, name, value):
        return queryset.search(value)


class CustomerTypeFilter(django_filters.FilterSet):
    sorteren = Sorting(text={"name": "naam"}, fields={"customer_count": "klanten"})

    class Meta:
        model = CustomerType
        fields = []
