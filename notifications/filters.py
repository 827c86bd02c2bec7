import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from . import events
from .models import Message

NOT_ARRIVED = ("niet_aangekomen", _("Niet aangekomen"))


class MessageFilter(django_filters.FilterSet):
    zoek = django_filters.CharFilter(
        label=_("Zoeken"),
        method="search",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Naam, e-mail of onderwerp")}),
    )
    soort = django_filters.ChoiceFilter(label=_("Soort"), field_name="event", choices=events.choices, empty_label=_("Alle soorten"))
    status = django_filters.ChoiceFilter(
        label=_("Status"), method="with_state", choices=[*Message.State.choices, NOT_ARRIVED], empty_label=_("Elke status")
    )

    class Meta:
        model = Message
        fields = []

    def search(self, queryset, name, value):
        return queryset.filter(Q(to_name__icontains=value) | Q(to_email__icontains=value) | Q(subject__icontains=value))

    def with_state(self, queryset, name, value):
        return queryset.not_arrived() if value == NOT_ARRIVED[0] else queryset.filter(state=value)
