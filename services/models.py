from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from cleanconnect.archiving import Archivable, ArchivableQuerySet
from cleanconnect.money import PriceField, including_vat
from cleanconnect.tenancy.fields import CompanyField
from cleanconnect.tenancy.models import CompanyModel
from customers.models import Customer
from vehicles.models import VehicleType


class VatRate(models.TextChoices):
    """Btw-tarieven (Wet OB 1968, art. 9); the value is the percentage."""

    HIGH = "21", _("21%")
    LOW = "9", _("9%")
    ZERO = "0", _("0%")


class ServiceGroupQuerySet(ArchivableQuerySet):
    def for_overview(self):
        """In order of name, with the number of handlings that can be chosen as `service_count`."""
        chosen = Count("services", filter=Q(services__archived_at=None))
        return self.active().annotate(service_count=chosen).order_by(Lower("name"))


class ServiceGroup(CompanyModel, Archivable):
    """Groep werkzaamheden of one vehicle type: interieur, exterieur, standaard pakket…"""

    vehicle_type = models.ForeignKey(VehicleType, on_delete=models.PROTECT, related_name="service_groups", verbose_name=_("soort voertuig"))
    name = models.CharField(_("naam van de groep"), max_length=60)

    objects = ServiceGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("groep")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "company",
                F("vehicle_type"),
                Lower("name"),
                condition=models.Q(archived_at=None),
                name="servicegroup_name",
                violation_error_message=_("Dit soort voertuig heeft al een groep met deze naam."),
            )
        ]

    def __str__(self):
        return self.name

    @transaction.atomic
    def remove(self):
        """Its handlings go with it."""
        for service in self.services.active():
            service.remove()
        return super().remove()


class ServiceQuerySet(ArchivableQuerySet):
    def for_type(self, vehicle_type):
        """What can be done to a vehicle of this type, group by group."""
        offered = self.active().filter(group__vehicle_type=vehicle_type, group__archived_at=None)
        return offered.select_related("group").order_by(Lower("group__name"), "group", Lower("name"))

    def with_own_price(self, customer):
        """Adds `own_price`: what was agreed with this customer, or None."""
        agreed = PriceAgreement.objects.filter(customer=customer, service=OuterRef("pk")).values("price")
        return self.annotate(own_price=Subquery(agreed))


class Service(CompanyModel, Archivable):
    """Handeling: one thing we do to a vehicle of this type, with its price excluding VAT."""

    group = models.ForeignKey(ServiceGroup, on_delete=models.PROTECT, related_name="services", verbose_name=_("groep"))
    name = models.CharField(_("handeling"), max_length=100)
    price = PriceField(_("prijs excl. btw"), null=True, blank=True, validators=[MinValueValidator(Decimal(0))])
    vat_rate = models.CharField(_("btw"), max_length=2, choices=VatRate, default=VatRate.HIGH)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("handeling")
        ordering = ["group__name", "name"]
        constraints = [
            models.UniqueConstraint(
                "company",
                F("group"),
                Lower("name"),
                condition=models.Q(archived_at=None),
                name="service_name",
                violation_error_message=_("Deze groep heeft al een handeling met deze naam."),
            ),
            models.CheckConstraint(condition=models.Q(price__gte=0) | models.Q(price=None), name="service_price"),
        ]

    def __str__(self):
        return self.name

    @property
    def price_including_vat(self):
        return including_vat(self.price, self.vat_rate)

    @property
    def agreed_price(self):
        """What the customer of `with_own_price` pays."""
        return self.price if self.own_price is None else self.own_price

    @property
    def agreed_price_including_vat(self):
        return including_vat(self.agreed_price, self.vat_rate)


class PriceAgreement(CompanyModel):
    """Prijsafspraak (Prijsbeheer): this customer's own price for a handling, excluding VAT."""

    company = CompanyField(customer_sees="own")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="price_agreements", verbose_name=_("klant"))
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="price_agreements", verbose_name=_("handeling"))
    price = PriceField(_("eigen prijs excl. btw"), validators=[MinValueValidator(Decimal(0))])

    class Meta:
        verbose_name = _("prijsafspraak")
        constraints = [
            models.UniqueConstraint(fields=["company", "customer", "service"], name="priceagreement_once"),
            models.CheckConstraint(condition=models.Q(price__gte=0), name="priceagreement_price"),
        ]

    def __str__(self):
        return f"{self.customer_id} {self.service_id}: {self.price}"
