import django_filters
from django.utils.translation import gettext_lazy as _

from cleanconnect.filters import Sorting

from .models import Export, Format


class ExportFilter(django_filters.FilterSet):
    soort = django_filters.ChoiceFilter(label=_("Soort bestand"), field_name="format", choices=Format, empty_label=_("Elk soort"))
    sorteren = Sorting(text={"name": "naam"}, fields={"created_at": "wanneer", "row_count": "regels"})

    class Meta:
        model = Export
        fields = []
