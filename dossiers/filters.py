import django_filters
from django.utils.translation import gettext_lazy as _

from customers.models import CustomerEvent
from workorders.models import WorkOrder


class HistoryFilter(django_filters.FilterSet):
    soort = django_filters.ChoiceFilter(label=_("Wat"), field_name="kind", choices=CustomerEvent.Kind, empty_label=_("Alles"))

    class Meta:
        model = CustomerEvent
        fields = []


class TreatmentFilter(django_filters.FilterSet):
    """Nothing to choose: the page of a vehicle only pages."""

    class Meta:
        model = WorkOrder
        fields = []
