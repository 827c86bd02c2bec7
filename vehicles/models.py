from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cleanconnect.archiving import Archivable
from cleanconnect.tenancy.fields import CompanyField
from cleanconnect.tenancy.models import CompanyModel, OwnRowsManager
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

    objects = OwnRowsManager()

    class Meta:
        verbose_name = _("voertuig van een klant")
        verbose_name_plural = _("voertuigen")
        constraints = [models.UniqueConstraint(fields=["company", "vehicle", "customer"], name="vehicleholder_once")]

    def __str__(self):
        return f"{self.vehicle_id} {self.customer_id}"


class RdwKind(models.TextChoices):
    """Voertuigsoort as the RDW names it."""

    CAR = "Personenauto", _("Personenauto")
    VAN = "Bedrijfsauto", _("Bedrijfsauto")
    MOTORCYCLE = "Motorfiets", _("Motorfiets")
    BUS = "Bus", _("Bus")
    TRAILER = "Aanhangwagen", _("Aanhangwagen")
    MOPED = "Bromfiets", _("Bromfiets")
    TRICYCLE = "Driewielig motorrijtuig", _("Driewielig motorrijtuig")


class RdwRecord(CompanyModel):
    """What the RDW said of a Dutch plate that we did not know, kept for 30 days; `is_registered` is false when it knows no such plate.

    Lengths are in centimetres, masses in kilograms (massa rijklaar); None is not registered.
    """

    plate = models.CharField(max_length=6)
    is_registered = models.BooleanField()
    kind = models.CharField(max_length=40, blank=True)
    make = models.CharField(max_length=40, blank=True)
    model = models.CharField(max_length=60, blank=True)
    body = models.CharField(max_length=60, blank=True)
    colour = models.CharField(max_length=30, blank=True)
    length = models.PositiveSmallIntegerField(null=True)
    mass = models.PositiveIntegerField(null=True)
    fetched_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("RDW-gegevens")
        verbose_name_plural = _("RDW-gegevens")
        constraints = [models.UniqueConstraint(fields=["company", "plate"], name="rdwrecord_plate")]

    def __str__(self):
        return f"{self.make} {self.model}".strip() or self.plate


class TypeRule(CompanyModel):
    """Regel: of what the RDW says, which vehicle type that is here; the first rule that fits counts."""

    position = models.PositiveSmallIntegerField(_("volgorde"), default=10, help_text=_("De eerste regel die past, telt."))
    kind = models.CharField(_("soort volgens de RDW"), max_length=40, choices=RdwKind, blank=True)
    body = models.CharField(
        _("inrichting bevat"), max_length=40, blank=True, help_text=_("Bijvoorbeeld kampeerwagen of stationwagen. Leeg: elke inrichting.")
    )
    min_length = models.PositiveSmallIntegerField(_("lengte vanaf (cm)"), null=True, blank=True)
    max_length = models.PositiveSmallIntegerField(_("lengte tot en met (cm)"), null=True, blank=True)
    min_mass = models.PositiveIntegerField(_("massa vanaf (kg)"), null=True, blank=True)
    max_mass = models.PositiveIntegerField(_("massa tot en met (kg)"), null=True, blank=True)
    vehicle_type = models.ForeignKey(VehicleType, on_delete=models.CASCADE, related_name="rules", verbose_name=_("is hier"))

    class Meta:
        verbose_name = _("regel")
        verbose_name_plural = _("regels")
        ordering = ["position", "pk"]

    def __str__(self):
        return f"{self.get_kind_display() or _('Elk voertuig')} → {self.vehicle_type}"

    def clean(self):
        super().clean()
        for low, high in (("min_length", "max_length"), ("min_mass", "max_mass")):
            lowest, highest = getattr(self, low), getattr(self, high)
            if lowest is not None and highest is not None and lowest > highest:
                raise ValidationError({high: _("Dit is lager dan de ondergrens.")})

    def fits(self, record):
        """Whether what is known of the vehicle meets the rule; what the RDW does not know meets no limit."""
        return (
            (not self.kind or self.kind == record.kind)
            and self.body.casefold() in record.body.casefold()
            and _within(record.length, self.min_length, self.max_length)
            and _within(record.mass, self.min_mass, self.max_mass)
        )


def _within(value, lowest, highest):
    if lowest is None and highest is None:
        return True
    return value is not None and (lowest is None or value >= lowest) and (highest is None or value <= highest)


class ModelType(CompanyModel):
    """The vehicle type that this company last gave a make and model: it goes before the rules."""

    make = models.CharField(max_length=40)
    model = models.CharField(max_length=60)
    vehicle_type = models.ForeignKey(VehicleType, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("geleerd model")
        constraints = [models.UniqueConstraint("company", Lower("make"), Lower("model"), name="modeltype_model")]

    def __str__(self):
        return f"{self.make} {self.model}"
