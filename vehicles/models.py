from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cleanconnect.archiving import Archivable
from cleanconnect.tenancy.fields import CompanyField
from cleanconnect.tenancy.models import CompanyModel
from customers.models import Customer

from .plates import compact


class VehicleType(CompanyModel, Archivable):
    """Soort voertuig: auto standaard, auto XL, bedrijfsauto, camper… Prices hang on it."""

    company = CompanyField(customer_sees="all")
    name = models.CharField(_("naam"), max_length=60)

    class Meta:
        verbose_name = _("soort voertuig")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "company",
                Lower("name"),
                condition=models.Q(archived_at=None),
                name="vehicletype_name",
                violation_error_message=_("Er is al een soort voertuig met deze naam."),
            )
        ]

    def __str__(self):
        return self.name


class VehicleQuerySet(models.QuerySet):
    def search(self, text):
        """Vehicles with this in their plate or VIN (dashes, blanks and case don't matter) or make and model."""
        found = models.Q()
        for word in text.split():
            found &= models.Q(make__icontains=word) | models.Q(model__icontains=word)
        if signs := compact(text):
            found |= models.Q(plate__contains=signs) | models.Q(vin__contains=signs)
        return self.filter(found)


class Vehicle(CompanyModel):
    """Voertuig: one car, known by its plate, its VIN or both. A customer sees the vehicles it has brought in."""

    company = CompanyField(customer_sees="child:vehicles.VehicleHolder.vehicle")
    type = models.ForeignKey(VehicleType, on_delete=models.PROTECT, related_name="vehicles", verbose_name=_("soort voertuig"))
    plate = models.CharField(_("kenteken"), max_length=12, blank=True, help_text="upper case, without dashes or blanks")
    plate_shown = models.CharField(_("kenteken"), max_length=15, blank=True, help_text="as people read it")
    country = models.CharField(_("land"), max_length=3, default="NL", help_text="of the plate; NL or the sign on the car")
    vin = models.CharField(_("chassisnummer"), max_length=17, blank=True)
    make = models.CharField(_("merk"), max_length=40, blank=True)
    model = models.CharField(_("type"), max_length=60, blank=True)
    customers = models.ManyToManyField(Customer, through="VehicleHolder", related_name="vehicles")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = VehicleQuerySet.as_manager()

    class Meta:
        verbose_name = _("voertuig")
        verbose_name_plural = _("voertuigen")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(plate="", vin=""),
                name="vehicle_known",
                violation_error_message=_("Vul een kenteken of een chassisnummer in."),
            ),
            models.UniqueConstraint(fields=["company", "plate", "country"], condition=~models.Q(plate=""), name="vehicle_plate"),
            models.UniqueConstraint(fields=["company", "vin"], condition=~models.Q(vin=""), name="vehicle_vin"),
        ]

    def __str__(self):
        return self.plate_shown or self.vin

    @property
    def make_and_model(self):
        return f"{self.make} {self.model}".strip()


class VehicleHolder(CompanyModel):
    """That a customer has brought a vehicle in; a car that is sold has more than one holder over time."""

    company = CompanyField(customer_sees="own")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="holders")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="holdings")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("voertuig van een klant")
        verbose_name_plural = _("voertuigen")
        constraints = [models.UniqueConstraint(fields=["company", "vehicle", "customer"], name="vehicleholder_once")]

    def __str__(self):
        return f"{self.vehicle_id} {self.customer_id}"
