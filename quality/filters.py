import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from cleanconnect.filters import Sorting
from workorders.models import WorkOrder

from .models import ChecklistGroup, Defect


def _search_field(placeholder):
    widget = forms.TextInput(attrs={"type": "search", "placeholder": placeholder, "autocomplete": "off"})
    return django_filters.CharFilter(label=_("Zoeken"), method="search", max_length=100, widget=widget)


class Searches(django_filters.FilterSet):
    def search(self, queryset, name, value):
        return queryset.search(value)


class ChecklistGroupFilter(django_filters.FilterSet):
    sorteren = Sorting(text={"name": "naam"}, fields={"item_count": "onderdelen"})

    class Meta:
        model = ChecklistGroup
        fields = []


class TodayFilter(Searches):
    zoek = _search_field(_("Kenteken of klant"))

    class Meta:
        model = WorkOrder
        fields = []


class DefectFilter(Searches):
    zoek = _search_field(_("Kenteken, klant of omschrijving"))

    class Meta:
        model = Defect
        fields = []
