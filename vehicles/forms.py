from django.utils.translation import gettext_lazy as _

from cleanconnect.forms import CompanyForm, NamedForm

from .models import TypeRule, VehicleType


class VehicleTypeForm(NamedForm):
    class Meta:
        model = VehicleType
        fields = ["name"]


class TypeRuleForm(CompanyForm):
    class Meta:
        model = TypeRule
        fields = ["kind", "body", "min_length", "max_length", "min_mass", "max_mass", "vehicle_type", "position"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("Elk soort")), *self.fields["kind"].choices[1:]]
