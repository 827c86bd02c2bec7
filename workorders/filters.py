import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import Customer

from .models import WorkOrder


class WorkOrderFilter(django_filters.FilterSet):
    zoek = django_filters.CharFilter(
        label=_("Zoeken"),
        method="search",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Kenteken, chassisnummer of klant"), "autocomplete": "off"}),
    )
    status = django_filters.ChoiceFilter(label=_("Status"), choices=WorkOrder.Status.choices, empty_label=_("Elke status"))
    datum = django_filters.DateFilter(
        label=_("Datum"), field_name="planned_on", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    klant = django_filters.ModelChoiceFilter(
        queryset=lambda request: Customer.objects.all(), field_name="customer", widget=forms.HiddenInput
    )
    sorteren = django_filters.OrderingFilter(
        fields={"number": "nummer", "planned_on": "datum", "status": "status"}, widget=forms.HiddenInput
    )

    class Meta:
        model = WorkOrder
        fields = []

    def search(self, queryset, name, value):
        return queryset.search(value)
