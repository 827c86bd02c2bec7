"""What was seen of a car when it came in: photos, and marks on the drawing of a car; and who took it away."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from cleanconnect.tenancy.fields import CompanyField
from cleanconnect.tenancy.models import CompanyModel
from cleanconnect.uploads import company_path

from ..car import CHOICES, PLACES
from .orders import WorkOrder
from .photographed import Photographed


class OrderPhoto(CompanyModel, Photographed):
    """A photo of the car on an order: as it came in, or as it went."""

    class Moment(models.TextChoices):
        INTAKE = "intake", _("bij binnenkomst")
        AFTER = "after", _("na afloop")

    MAKER = "workorders.tasks.make_photo"

    company = CompanyField(customer_sees="parent:order")
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="photos")
    photo = models.ImageField(_("foto"), upload_to=company_path("werkorders"))
    moment = models.CharField(_("wanneer"), max_length=6, choices=Moment, default=Moment.INTAKE)
    added_by = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("foto van een werkorder")
        verbose_name_plural = _("foto’s van werkorders")
        ordering = ["added_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["company", "photo_uid"], name="orderphoto_uid")]

    def __str__(self):
        return f"{self.order_id}: {self.photo.name}"


class DamageMark(CompanyModel):
    """Damage that was there at intake, on a place of the drawing of a car (`workorders/car.py` has the places)."""

    class Kind(models.TextChoices):
        SCRATCH = "scratch", _("Kras")
        DENT = "dent", _("Deuk")
        CHIP = "chip", _("Steenslag")
        CRACK = "crack", _("Barst")
        STAIN = "stain", _("Vlek")
        MISSING = "missing", _("Ontbreekt")

    company = CompanyField(customer_sees="parent:order")
    order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="damage_marks")
    place = models.CharField(_("plaats op de auto"), max_length=20, choices=CHOICES)
    kind = models.CharField(_("soort schade"), max_length=10, choices=Kind)
    note = models.CharField(_("toelichting"), max_length=150, blank=True)
    photo = models.ForeignKey(OrderPhoto, on_delete=models.SET_NULL, null=True, related_name="marks")
    marked_by = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    marked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("schade bij binnenkomst")
        verbose_name_plural = _("schades bij binnenkomst")
        ordering = ["marked_at", "pk"]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.place_name}"

    @property
    def place_name(self):
        """Where it is, in words."""
        return PLACES[self.place].label


class Handover(CompanyModel):
    """Overdracht: who took the car with them, with a signature where the company asks for one."""

    company = CompanyField(customer_sees="parent:order")
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="handovers")
    name = models.CharField(_("naam"), max_length=100)
    signature = models.ImageField(_("handtekening"), upload_to=company_path("handtekeningen"))
    handed_over_by = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    signed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("overdracht")
        verbose_name_plural = _("overdrachten")
        ordering = ["signed_at", "pk"]

    def __str__(self):
        return self.name
