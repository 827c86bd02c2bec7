from cleanconnect.forms import CompanyForm

from .models import VehicleType


class VehicleTypeForm(CompanyForm):
    class Meta:
        model = VehicleType
        fields = ["name"]
