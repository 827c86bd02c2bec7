import django_filters
from django import forms
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from vehicles.models import VehicleType

from .models import PriceAgreement, ServiceGroup


class TypeChoice(forms.Form):
    """The vehicle type that a page is about (`?soort=`) and the group that is open on it (`?groep=`); nonsense chooses nothing."""

    soort = forms.TypedChoiceField(label=_("Soort voertuig"), required=False, coerce=int, empty_value=None)
    groep = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data):
        super().__init__(data)
        self.types = {kind.pk: kind for kind in VehicleType.objects.active().order_by(Lower("name"))}
        self.fields["soort"].choices = [("", _("Kies het soort voertuig")), *((pk, kind.name) for pk, kind in self.types.items())]
        self.fields["soort"].widget.attrs["class"] = "form-select"
        self.full_clean()

    @property
    def vehicle_type(self):
        return self.types.get(self.cleaned_data.get("soort"))

    @property
    def vehicle_type_id(self):
        return str(self.vehicle_type.pk) if self.vehicle_type else ""

    @property
    def group_id(self):
        return self.cleaned_data.get("groep")

    def groups(self):
        """The groups of the chosen type, for an overview."""
        return ServiceGroup.objects.for_overview().filter(vehicle_type=self.vehicle_type)


class AgreementFilter(django_filters.FilterSet):
    """Nothing to choose: the agreements of a customer only page."""

    class Meta:
        model = PriceAgreement
        fields = []
