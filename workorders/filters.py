import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cleanconnect.choosing import SearchSelect
from cleanconnect.filters import Sorting
from customers.models import Customer
from vehicles.models import VehicleType

from .forms import staff
from .models import WorkOrder

INVOICED = [("nee", _("Niet gefactureerd")), ("ja", _("Gefactureerd"))]


def day(label, **kwargs):
    return django_filters.DateFilter(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs)


class WorkOrderFilter(django_filters.FilterSet):
    """`datum` alone is that day; with `tot` it is the first of a period."""

    zoek = django_filters.CharFilter(
        label=_("Zoeken"),
        method="search",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Kenteken, chassisnummer of klant"), "autocomplete": "off"}),
    )
    status = django_filters.ChoiceFilter(label=_("Status"), choices=WorkOrder.Status.choices, empty_label=_("Elke status"))
    datum = day(_("Datum"), method="from_day")
    tot = day(_("Tot en met"), field_name="planned_on", lookup_expr="lte")
    soort = django_filters.ModelChoiceFilter(
        label=_("Soort voertuig"),
        queryset=lambda request: VehicleType.objects.all(),
        field_name="vehicle__type",
        empty_label=_("Elk soort"),
    )
    werknemer = django_filters.ModelChoiceFilter(
        label=_("Werknemer"), queryset=lambda request: staff(), method="of_worker", empty_label=_("Alle werknemers")
    )
    klant = django_filters.ModelChoiceFilter(
        label=_("Klant"),
        queryset=lambda request: Customer.objects.all(),
        field_name="customer",
        empty_label=_("Alle klanten"),
        widget=SearchSelect("customers:choices"),
    )
    gefactureerd = django_filters.ChoiceFilter(label=_("Factuur"), choices=INVOICED, method="by_invoice", empty_label=_("Alles"))
    sorteren = Sorting(
        text={"customer__name": "klant"},
        fields={
            "number": "nummer",
            "planned_on": "datum",
            "status": "status",
            "vehicle__plate": "voertuig",
            "promised_at": "beloofd",
        },
    )

    class Meta:
        model = WorkOrder
        fields = []

    def __init__(self, *args, request=None, **kwargs):
        super().__init__(*args, request=request, **kwargs)
        if request and not request.membership.may("quality.check"):  # a customer sees no names of others
            for name in ("werknemer", "klant"):
                del self.filters[name]
        if request and not request.membership.may("invoicing.view"):
            del self.filters["gefactureerd"]

    def search(self, queryset, name, value):
        return queryset.search(value)

    def from_day(self, queryset, name, value):
        until = self.form.cleaned_data.get("tot")
        return queryset.filter(planned_on__gte=value) if until else queryset.filter(planned_on=value)

    def of_worker(self, queryset, name, value):
        """Whoever has to do it or finished it."""
        return queryset.filter(Q(pk__in=WorkOrder.objects.assigned_to(value).values("pk")) | Q(completed_by=value))

    def by_invoice(self, queryset, name, value):
        """*Niet gefactureerd* is finished work that stands on no invoice."""
        if value == "ja":
            return queryset.charged()
        return queryset.finished().uncharged().filter(is_history=False)
