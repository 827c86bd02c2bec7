import django_filters
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cleanconnect.filters import Sorting
from customers.models import Customer

from .models import BankLine, Invoice, InvoiceRun


class InvoiceFilter(django_filters.FilterSet):
    zoek = django_filters.CharFilter(
        label=_("Zoeken"),
        method="search",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Factuurnummer of klant")}),
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"),
        method="with_status",
        choices=[("open", _("Open")), ("vervallen", _("Vervallen")), ("betaald", _("Betaald")), ("gecrediteerd", _("Gecrediteerd"))],
        empty_label=_("Elke status"),
    )
    klant = django_filters.ModelChoiceFilter(
        queryset=lambda request: Customer.objects.all(), field_name="customer", widget=forms.HiddenInput
    )
    sorteren = Sorting(
        text={"customer__name": "klant"},
        fields={"number": "nummer", "issued_on": "datum", "due_on": "vervaldatum", "gross_total": "bedrag"},
    )

    class Meta:
        model = Invoice
        fields = []

    def search(self, queryset, name, value):
        return queryset.filter(Q(number__icontains=value.strip()) | Q(customer__name__icontains=value.strip()))

    def with_status(self, queryset, name, value):
        """Open is all that is not paid; *vervallen* is the part of it that should have been."""
        match value:
            case "betaald":
                return queryset.exclude(paid_on=None).filter(credited_on=None)
            case "gecrediteerd":
                return queryset.exclude(credited_on=None)
            case "vervallen":
                return queryset.owed().filter(due_on__lt=timezone.localdate())
        return queryset.unpaid()


class ToInvoiceFilter(django_filters.FilterSet):
    sorteren = Sorting(text={"name": "klant"}, fields={"order_count": "werkorders", "oldest": "oudste", "total": "bedrag"})

    class Meta:
        model = Customer
        fields = []


class BankFilter(django_filters.FilterSet):
    zoek = django_filters.CharFilter(
        label=_("Zoeken"),
        method="search",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Naam, IBAN of omschrijving")}),
    )
    status = django_filters.ChoiceFilter(label=_("Status"), method="with_state", choices=BankLine.State, empty_label=_("Te verwerken"))
    sorteren = Sorting(text={"name": "naam"}, fields={"booked_on": "datum", "amount": "bedrag"})

    class Meta:
        model = BankLine
        fields = []

    @property
    def qs(self):
        """What is to be processed, unless another status was asked for."""
        found = super().qs
        asked = self.form.is_bound and self.form.cleaned_data.get("status")
        return found if asked else found.filter(state=BankLine.State.OPEN)

    def search(self, queryset, name, value):
        text = value.strip()
        return queryset.filter(Q(name__icontains=text) | Q(iban__icontains=text.replace(" ", "")) | Q(description__icontains=text))

    def with_state(self, queryset, name, value):
        return queryset.filter(state=value)


class OpenItemsFilter(django_filters.FilterSet):
    zoek = django_filters.CharFilter(
        label=_("Zoeken"),
        field_name="name",
        lookup_expr="icontains",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Klant")}),
    )
    sorteren = Sorting(text={"name": "klant"}, fields={"open": "open", "older": "ouder"})

    class Meta:
        model = Customer
        fields = []


class RunFilter(django_filters.FilterSet):
    sorteren = Sorting(text={}, fields={"created_at": "gemaakt", "until": "tm"})

    class Meta:
        model = InvoiceRun
        fields = []
