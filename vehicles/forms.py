from cleanconnect.forms import NamedForm

from .models import VehicleType


class VehicleTypeForm(NamedForm):
    class Meta:
        model = VehicleType
        fields = ["name"]
