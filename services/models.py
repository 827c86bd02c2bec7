from decimal import Decimal

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from cleanconnect.archiving import Archivable, ArchivableQuerySet
from cleanconnect.money import PriceField, excluding_vat, including_vat
from cleanconnect.tenancy.fields import CompanyField
from cleanconnect.tenancy.models import CompanyModel, OwnRowsManager
from customers.models import Customer
from vehicles.models import VehicleType


class VatRate(models.TextChoices):
    """Btw-tarieven (Wet OB 1968, art. 9); the value is the percentage, or why there is none (UNCL5305, as in EN 16931)."""

    HIGH = "21", _("21%")
    LOW = "9", _("9%")
    ZERO = "0", _("0%")
    EXEMPT = "E", _("vrijgesteld")
    REVERSED = "AE", _("verlegd")

    @classmethod
    def entered(cls):
        """The choices for what is sold; that VAT is reversed depends on the customer, not on what is sold."""
        return [choice for choice in cls.choices if choice[0] != cls.REVERSED]

    @classmethod
    def charged(cls, rate, company, customer):
        """The rate that this company charges this customer for what is normally of this rate.

        The kleineondernemersregeling exempts what is taxed here; a service to a business elsewhere in the EU is taxed there.
        """
        if customer.has_vat_reversed:
            return cls.REVERSED
        return cls.EXEMPT if company.is_small_business else cls(rate)


class ServiceGroupQuerySet(ArchivableQuerySet):
    def for_overview(self):
        """As the company placed them, else by name, with the number of handlings that can be chosen as `service_count`."""
        chosen = Count("services", filter=Q(services__archived_at=None, services__is_active=True))
        return self.active().annotate(service_count=chosen).order_by("position", Lower("name"))


class ServiceGroup(CompanyModel, Archivable):
    """Groep werkzaamheden of one vehicle type: interieur, exterieur, standaard pakket…"""

    vehicle_type = models.ForeignKey(VehicleType, on_delete=models.PROTECT, related_name="service_groups", verbose_name=_("soort voertuig"))
    name = models.CharField(_("naam van de groep"), max_length=60)
    position = models.PositiveSmallIntegerField(_("volgorde"), default=0, help_text=_("Laagste eerst; gelijke op naam."))
    ledger_code = models.CharField(_("grootboekrekening"), max_length=20, blank=True, help_text=_("Voor de boekhouder, bijvoorbeeld 8000."))
    vat_code = models.CharField(
        _("btw-code"),
        max_length=20,
        blank=True,
        help_text=_("Voor de boekhouder. Leeg: de code van het tarief."),
    )
    is_package = models.BooleanField(
        _("standaard pakket"), default=False, help_text=_("De hele groep wordt in één keer op een werkorder gezet.")
    )
    package_price = PriceField(
        _("pakketprijs"),
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("Leeg: de prijzen van de handelingen samen."),
    )
    price_includes_vat = models.BooleanField(_("pakketprijs is inclusief btw"), default=False)

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
        offered = self.active().filter(group__vehicle_type=vehicle_type, group__archived_at=None, is_active=True)
        return offered.select_related("group").in_order()

    def with_price_today(self):
        """Adds `price_today`, the list price as it is today."""
        dated = ListPrice.objects.filter(service=OuterRef("pk"), starts_on__lte=timezone.localdate()).order_by("-starts_on")
        return self.annotate(price_today=Coalesce(Subquery(dated.values("price")[:1]), "price"))

    def in_order(self):
        """Group by group, as the company placed them, else by name."""
        return self.order_by("group__position", Lower("group__name"), "group", "position", Lower("name"))


class Service(CompanyModel, Archivable):
    """Handeling: one thing we do to a vehicle of this type, with its price, excluding or including VAT as it was typed."""

    group = models.ForeignKey(ServiceGroup, on_delete=models.PROTECT, related_name="services", verbose_name=_("groep"))
    name = models.CharField(_("handeling"), max_length=100)
    price = PriceField(_("prijs"), null=True, blank=True, validators=[MinValueValidator(Decimal(0))])
    price_includes_vat = models.BooleanField(_("prijs is inclusief btw"), default=False)
    is_from_price = models.BooleanField(_("vanaf-prijs"), default=False, help_text=_("De prijs kan hoger uitvallen; getoond als ‘vanaf’."))
    vat_rate = models.CharField(_("btw"), max_length=2, choices=VatRate, default=VatRate.HIGH)
    minutes = models.PositiveSmallIntegerField(_("verwachte minuten"), null=True, blank=True, validators=[MaxValueValidator(6000)])
    position = models.PositiveSmallIntegerField(_("volgorde"), default=0, help_text=_("Laagste eerst; gelijke op naam."))
    is_active = models.BooleanField(
        _("actief"), default=True, help_text=_("Uit: blijft staan met zijn prijs, maar kan niet op een werkorder worden gezet.")
    )
    original = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="copies",
        help_text="of which this one is a copy",
    )

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
        return self.price if self.price_includes_vat else including_vat(self.price, self.vat_rate)

    @property
    def price_excluding_vat(self):
        return excluding_vat(self.price, self.vat_rate) if self.price_includes_vat else self.price


class ListPrice(CompanyModel):
    """Lijstprijs of a handling, or of a package as a whole, from a day on; before its first row `price` of the handling itself holds.

    With or without VAT as that of the handling or the package.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, related_name="list_prices")
    package = models.ForeignKey(ServiceGroup, on_delete=models.CASCADE, null=True, related_name="list_prices")
    price = PriceField(_("prijs"), validators=[MinValueValidator(Decimal(0))])
    starts_on = models.DateField(_("vanaf"))

    class Meta:
        verbose_name = _("lijstprijs")
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["company", "service", "starts_on"], name="listprice_once"),
            models.UniqueConstraint(fields=["company", "package", "starts_on"], name="listprice_package_once"),
            models.CheckConstraint(
                condition=Q(service=None, package__isnull=False) | Q(service__isnull=False, package=None), name="listprice_of"
            ),
            models.CheckConstraint(condition=Q(price__gte=0), name="listprice_price"),
        ]

    def __str__(self):
        return f"{self.price} vanaf {self.starts_on}"


class Days(models.Func):
    """The days from one date to another, both included; no last date is for ever."""

    function = "DATERANGE"
    output_field = DateRangeField()


class PriceAgreementQuerySet(models.QuerySet):
    def holding(self, on):
        """Those that hold on a date."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)


class PriceAgreement(CompanyModel):
    """Prijsafspraak (Prijsbeheer): what a customer pays for a handling, or for a whole group, in a period.

    `value` is a price, or a change of the list price in percent or in euro (-10 is a discount); in euro it is with or without VAT as
    prices were for this customer when it was agreed.
    """

    class Kind(models.TextChoices):
        PRICE = "price", _("Vaste prijs")
        PERCENTAGE = "percentage", _("Percentage")
        AMOUNT = "amount", _("Bedrag")

    company = CompanyField(customer_sees="own")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="price_agreements", verbose_name=_("klant"))
    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, null=True, blank=True, related_name="price_agreements", verbose_name=_("handeling")
    )
    group = models.ForeignKey(
        ServiceGroup, on_delete=models.CASCADE, null=True, blank=True, related_name="price_agreements", verbose_name=_("hele groep")
    )
    kind = models.CharField(_("soort afspraak"), max_length=10, choices=Kind, default=Kind.PRICE)
    value = PriceField(_("waarde"))
    price_includes_vat = models.BooleanField(_("inclusief btw"), default=False, editable=False)
    starts_on = models.DateField(_("vanaf"), default=timezone.localdate)
    ends_on = models.DateField(_("tot en met"), null=True, blank=True)
    created_by = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = OwnRowsManager.from_queryset(PriceAgreementQuerySet)()

    class Meta:
        verbose_name = _("prijsafspraak")
        verbose_name_plural = _("prijsafspraken")
        ordering = ["-starts_on", "pk"]
        constraints = [
            ExclusionConstraint(
                name="priceagreement_no_overlap_service",
                expressions=[
                    ("company", RangeOperators.EQUAL),
                    ("customer", RangeOperators.EQUAL),
                    ("service", RangeOperators.EQUAL),
                    (Days("starts_on", "ends_on", RangeBoundary(inclusive_upper=True)), RangeOperators.OVERLAPS),
                ],
                condition=Q(service__isnull=False),
                violation_error_message=_("In deze periode geldt al een afspraak voor deze handeling."),
            ),
            ExclusionConstraint(
                name="priceagreement_no_overlap_group",
                expressions=[
                    ("company", RangeOperators.EQUAL),
                    ("customer", RangeOperators.EQUAL),
                    ("group", RangeOperators.EQUAL),
                    (Days("starts_on", "ends_on", RangeBoundary(inclusive_upper=True)), RangeOperators.OVERLAPS),
                ],
                condition=Q(group__isnull=False),
                violation_error_message=_("In deze periode geldt al een afspraak voor deze groep."),
            ),
            models.CheckConstraint(
                condition=Q(service=None, group__isnull=False) | Q(service__isnull=False, group=None),
                name="priceagreement_of",
                violation_error_message=_("Kies een handeling of een hele groep."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="priceagreement_period",
                violation_error_message=_("De einddatum ligt voor de begindatum."),
            ),
            models.CheckConstraint(
                condition=Q(kind="price", value__gte=0, service__isnull=False) | Q(kind="percentage", value__gte=-100) | Q(kind="amount"),
                name="priceagreement_value",
                violation_error_message=_(
                    "Een vaste prijs is niet negatief en geldt voor één handeling; een korting is ten hoogste honderd procent."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.customer_id} {self.service_id or self.group_id}: {self.value}"

    @property
    def of_group(self):
        """The group that it is about, as a whole or for one of its handlings."""
        return self.group or self.service.group


class PriceRise(CompanyModel):
    """Prijsverhoging: prices that were changed by a percentage from a day on, of one customer or (None) of all."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, null=True, related_name="price_rises", verbose_name=_("klant"))
    percentage = models.DecimalField(_("procent"), max_digits=5, decimal_places=2)
    starts_on = models.DateField(_("vanaf"))
    made_by = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("door"))
    made_at = models.DateTimeField(_("gemaakt op"), default=timezone.now)
    undone_by = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("prijsverhoging")
        verbose_name_plural = _("prijsverhogingen")
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["company", "made_at"], name="pricerise_made_at")]

    def __str__(self):
        sign = "+" if self.percentage >= 0 else "−"
        size = number_format(abs(self.percentage).normalize())
        return _("%(sign)s%(size)s%% per %(day)s") % {"sign": sign, "size": size, "day": date_format(self.starts_on, "j F Y")}

    @property
    def can_be_undone(self):
        """Until its day begins; one that began at once, on the day that it was made."""
        today = timezone.localdate()
        return self.undone_at is None and (today < self.starts_on or today == timezone.localdate(self.made_at))


class RaisedPrice(CompanyModel):
    """What a rise did to one price: a handling's or package's list price, or an agreement. With what has to come back when it is undone."""

    rise = models.ForeignKey(PriceRise, on_delete=models.CASCADE, related_name="prices")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, related_name="+")
    package = models.ForeignKey(ServiceGroup, on_delete=models.CASCADE, null=True, related_name="+")
    agreement = models.ForeignKey(PriceAgreement, on_delete=models.SET_NULL, null=True, related_name="+", help_text="that holds since")
    before = models.ForeignKey(PriceAgreement, on_delete=models.SET_NULL, null=True, related_name="+", help_text="that it took over from")
    is_agreed = models.BooleanField(default=False)
    old = PriceField()
    new = PriceField()
    of_that_day = PriceField(null=True, help_text="what began on the same day already, and was replaced")
    is_at_once = models.BooleanField(default=False, help_text="the handling's own price was changed, without a date")

    class Meta:
        verbose_name = _("verhoogde prijs")
        verbose_name_plural = _("verhoogde prijzen")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.old} → {self.new}"
