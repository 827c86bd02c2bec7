import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .models import Membership


class MembershipFilter(django_filters.FilterSet):
    zoek = django_filters.CharFilter(
        label=_("Zoeken"),
        method="search",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Naam, gebruikersnaam of e-mail")}),
    )
    rol = django_filters.ChoiceFilter(label=_("Rol"), field_name="role", choices=Membership.Role.choices, empty_label=_("Alle rollen"))
    sorteren = django_filters.OrderingFilter(
        fields={"name": "naam", "role": "rol", "user__last_login": "ingelogd"}, widget=forms.HiddenInput
    )

    class Meta:
        model = Membership
        fields = []

    def search(self, queryset, name, value):
        username = Q(user__username__icontains=value, user__email="")  # shown for a login without an address only
        return queryset.filter(Q(name__icontains=value) | username | Q(user__email__icontains=value))
