from datetime import timedelta
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, DecimalField, Exists, F, IntegerField, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Ceil, Coalesce, Round
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from cleanconnect.archiving import Archivable, ArchivableQuerySet
from cleanconnect.days import on_days
from cleanconnect.money import PriceField, percent, to_cents, with_or_without
from cleanconnect.tenancy.fields import CompanyField
from cleanconnect.tenancy.models import CompanyModel, OwnRowsManager
from customers.models import Branch, Customer
from services.models import Service, VatRate
from vehicles.models import Vehicle
from vehicles.plates import compact

SOON = timedelta(hours=1)
FEW = 200  # so many ids are quicker given one by one


EUROS = DecimalField(max_digits=12, decimal_places=2)
TAXED = [rate for rate in VatRate if percent(rate)]


def line_amount():
    """What a line comes to in euro, with VAT or without as its prices are, for a query. The same as `Priced.amount`."""
    kept = (Value(Decimal(100)) - F("discount")) / Value(Decimal(100))
    return Round(F("quantity") * F("unit_price") * kept, 2, output_field=EUROS) - F("discount_amount")


def lines_net(including, rate="vat_rate"):
    """What lines together come to in euro excluding VAT, for a query that groups them: where their prices include VAT (`including` leads
    to whether they do) it is taken out of the sum of each rate, as `money.vat_breakdown` does."""
    nil = Value(Decimal(0), output_field=EUROS)
    total = Coalesce(Sum(line_amount(), filter=Q(**{including: False}) | ~Q(**{f"{rate}__in": TAXED})), nil)
    for one in TAXED:
        of_rate = Coalesce(Sum(line_amount(), filter=Q(**{including: True, rate: one})), nil)
        total += Round(of_rate * Value(Decimal(100)) / Value(100 + percent(one)), 2, output_field=EUROS)
    return total


def line_net(including="order__prices_include_vat"):
    """What a line is of a sum excluding VAT, in euro and not rounded where its price includes VAT, for a query."""
    factors = [When(**{including: True, "vat_rate": rate}, then=Value(100 / (100 + percent(rate)))) for rate in TAXED]
    return line_amount() * Case(*factors, default=Value(Decimal(1)), output_field=DecimalField())


class Priced(models.Model):
    """So many of something at a price, less a discount in percent or in euro; whether the price includes VAT is said where it stands."""

    quantity = models.DecimalField(_("aantal"), max_digits=6, decimal_places=2, default=Decimal(1), help_text="below zero it is taken off")
    unit_price = PriceField(_("prijs"), validators=[MinValueValidator(Decimal(0))])
    discount = models.DecimalField(
        _("korting in procent"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    discount_amount = models.DecimalField(
        _("korting in euro"),
        max_digits=7,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
        help_text="on the whole line, with VAT or without as the price",
    )

    class Meta:
        abstract = True

    @property
    def amount(self):
        """What it comes to in euro, with VAT or without as its price is."""
        return to_cents(self.quantity * self.unit_price * (100 - self.discount) / 100) - self.discount_amount


def _charging():
    """Whether an order stands on an invoice now, for a query: the room of invoices says which of its lines charge."""
    lines = WorkOrder.invoice_lines.rel.related_model.objects.charging()
    return Exists(lines.filter(order=OuterRef("pk")))


def ids_of_few(rows):
    """The ids of these rows where they are few, so that an index finds what points at them; else the question itself, to walk along."""
    pks = list(rows.order_by().values_list("pk", flat=True)[: FEW + 1])
    return pks if len(pks) <= FEW else rows.values("pk")


class WorkOrderQuerySet(ArchivableQuerySet):
    def open(self):
        return self.active().filter(status__in=WorkOrder.OPEN)

    def finished(self):
        return self.active().filter(status__in=WorkOrder.FINISHED)

    def for_day(self, day):
        """What has to be done on a day: planned for it or left over, or finished on it; what is busy first."""
        return self.active().filter(
            Q(status__in=WorkOrder.BUSY)
            | Q(status=WorkOrder.Status.PLANNED, planned_on__lte=day)
            | Q(on_days("completed_at", day, day), status__in=WorkOrder.FINISHED)
        )

    def for_overview(self):
        """All that a row of the overview shows, in one query for any number of rows."""
        return self.select_related("customer", "vehicle", "vehicle__type")

    def not_adding_up(self):
        """Those whose `net` is not what their lines come to, `of_lines`; the database keeps it, so there are none (`manage.py nets`)."""
        lines = WorkOrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order")
        lines = lines.annotate(total=lines_net("order__prices_include_vat"))
        nil = Value(Decimal(0), output_field=DecimalField())
        return self.annotate(of_lines=Coalesce(Subquery(lines.values("total")), nil)).exclude(net=F("of_lines"))

    def with_minutes(self):
        """Adds `expected_minutes` (as the lines say) and `minutes` (as planned by hand, else as expected); None when nothing says."""
        lines = WorkOrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order")
        expected = lines.annotate(total=Sum(Ceil(F("quantity") * F("minutes"), output_field=IntegerField()))).values("total")
        orders = self.annotate(expected_minutes=Subquery(expected, output_field=IntegerField()))
        return orders.annotate(minutes=Coalesce(F("planned_minutes"), F("expected_minutes")))

    def charged(self):
        """Those that stand on an invoice now; what was credited and released does not."""
        return self.filter(_charging())

    def uncharged(self):
        """Those that stand on no invoice, be it since they were credited and released."""
        return self.filter(~_charging())

    def changeable(self):
        """Those of which what is done and for how much may still change; work that was invoiced can be done again, but stays as it is."""
        return self.open().uncharged()

    def with_invoiced(self):
        """Adds `is_invoiced`: whether it stands on an invoice."""
        return self.annotate(is_invoiced=_charging())

    def assigned_to(self, membership):
        """Those that this person (an `accounts.Membership`) has to do."""
        return self.filter(pk__in=Assignment.objects.filter(membership=membership).values("order"))

    def search(self, text):
        """Orders whose plate, VIN or customer contains the text; dashes, blanks and case don't matter. Asks two questions first."""
        orders = Q(customer__in=ids_of_few(Customer.objects.filter(name__icontains=text.strip())))
        if signs := compact(text):
            orders |= Q(vehicle__in=ids_of_few(Vehicle.objects.filter(Q(plate__contains=signs) | Q(vin__contains=signs))))
        return self.filter(orders)


class WorkOrder(CompanyModel, Archivable):
    """Werkorder: one visit of one vehicle, with what has to be done to it."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Ingepland")
        IN_PROGRESS = "in_progress", _("In behandeling")
        WAITING = "waiting", _("Wacht op akkoord")
        TO_CHECK = "to_check", _("Klaar voor controle")
        REJECTED = "rejected", _("Afgekeurd")
        COMPLETED = "completed", _("Gereed")
        DELIVERED = "delivered", _("Afgeleverd")
        CANCELLED = "cancelled", _("Geannuleerd")

    OPEN = (Status.PLANNED, Status.IN_PROGRESS, Status.WAITING, Status.TO_CHECK, Status.REJECTED)
    BUSY = OPEN[1:]
    FINISHED = (Status.COMPLETED, Status.DELIVERED)

    company = CompanyField(customer_sees="own", hidden=("note", "material_cost"))
    number = models.PositiveIntegerField(_("nummer"), editable=False)
    key = models.UUIDField(null=True, editable=False, help_text="of the form it was taken in with, see `drafts.py`; None: without one")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="work_orders", verbose_name=_("klant"))
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="work_orders", verbose_name=_("voertuig"))
    branch = models.ForeignKey(
        Branch, on_delete=models.PROTECT, null=True, blank=True, related_name="work_orders", verbose_name=_("vestiging")
    )
    po_number = models.CharField(_("inkoopnummer"), max_length=40, blank=True)
    cost_centre = models.CharField(_("kostenplaats"), max_length=40, blank=True)
    is_history = models.BooleanField(
        _("uit een vorig systeem"), default=False, editable=False, help_text="imported: to look back at, never invoiced"
    )
    origin_number = models.CharField(_("nummer in het vorige systeem"), max_length=40, blank=True, editable=False)
    note = models.TextField(_("notitie voor de werknemer"), max_length=2000, blank=True)
    remark = models.TextField(_("opmerking voor de klant"), max_length=2000, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.PLANNED)
    planned_on = models.DateField(_("datum"), null=True, blank=True)
    planned_time = models.TimeField(_("begintijd"), null=True, blank=True)
    planned_minutes = models.PositiveSmallIntegerField(
        _("duur in minuten"),
        null=True,
        blank=True,
        validators=[MinValueValidator(5), MaxValueValidator(6000)],
        help_text="None: as the lines say",
    )
    bay = models.ForeignKey(
        "workorders.Bay", on_delete=models.PROTECT, null=True, blank=True, related_name="work_orders", verbose_name=_("werkplek")
    )
    prices_include_vat = models.BooleanField(
        _("prijzen inclusief btw"), default=False, editable=False, help_text="as they were for its customer when it was taken in"
    )
    material_cost = PriceField(_("materiaalkosten"), default=Decimal(0), validators=[MinValueValidator(Decimal(0))])
    net = models.DecimalField(
        _("totaal excl. btw"),
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        editable=False,
        help_text="of its lines, excluding VAT; kept by the database",
    )
    version = models.PositiveIntegerField(default=1, editable=False, help_text="one more with every change in the office")
    promised_at = models.DateTimeField(_("beloofd om"), null=True, blank=True)
    key_number = models.CharField(_("sleutelnummer"), max_length=20, blank=True)
    place = models.CharField(_("plaats op het terrein"), max_length=40, blank=True)
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(_("gemaakt op"), default=timezone.now, editable=False)
    completed_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("gereedgemeld door")
    )
    completed_at = models.DateTimeField(_("gereed op"), null=True, editable=False)

    objects = OwnRowsManager.from_queryset(WorkOrderQuerySet)()

    class Meta:
        verbose_name = _("werkorder")
        verbose_name_plural = _("werkorders")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="workorder_number"),
            models.UniqueConstraint(fields=["company", "key"], name="workorder_key"),
            models.UniqueConstraint(fields=["company", "origin_number"], condition=~Q(origin_number=""), name="workorder_origin_number"),
            models.CheckConstraint(
                condition=Q(status__in=["completed", "delivered"], completed_at__isnull=False, completed_by__isnull=False)
                | (~Q(status__in=["completed", "delivered"]) & Q(completed_at=None, completed_by=None)),
                name="workorder_completed",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "status", "planned_on"], name="workorder_planning"),
            models.Index(fields=["company", "planned_on"], name="workorder_date"),
            models.Index(fields=["company", "customer", "number"], name="workorder_of_customer"),
            # All that the sums over a period ask.
            models.Index(
                fields=["company", "completed_at"],
                include=["status", "net", "customer"],
                condition=Q(archived_at=None),
                name="workorder_completed",
            ),
            # All that walking to a deep page of the overview asks, so that it reads this index and no row.
            models.Index(
                fields=["company", "number"], include=["id", "customer"], condition=Q(archived_at=None), name="workorder_deep_pages"
            ),
        ]

    def __str__(self):
        return _("Werkorder %(number)s") % {"number": self.number}

    def price_if(self, line, include_vat, amount=None):
        """The price of one of its lines, or another amount of it, as it would be with VAT or without."""
        amount = line.unit_price if amount is None else amount
        return with_or_without(amount, line.vat_rate, includes_vat=self.prices_include_vat, wanted=include_vat)

    @property
    def gross(self):
        """What its lines come to including VAT, of prices that include it."""
        return sum((line.amount for line in self.lines.all()), Decimal(0))

    @property
    def reference(self):
        """What the customer recognises the order by on an invoice: branch, purchase order, cost centre."""
        named = [(_("vestiging"), self.branch), (_("inkoopnummer"), self.po_number), (_("kostenplaats"), self.cost_centre)]
        return " · ".join(f"{name} {value}" for name, value in named if value)

    @property
    def promise(self):
        """How an open order stands to its promised time, as the style sheet names it: "late", "soon" (within the hour), "in-time" or ""."""
        if self.promised_at is None or not self.is_open:
            return ""
        left = self.promised_at - timezone.now()
        return "late" if left < timedelta(0) else "soon" if left <= SOON else "in-time"

    @property
    def assigned(self):
        """The people who have to do it, by name."""
        return [assignment.membership for assignment in self.assignments.all()]

    @property
    def is_open(self):
        return self.status in self.OPEN and self.archived_at is None

    @property
    def is_charged(self):
        """Whether it stands on an invoice, so that its lines stay as they are; asked of the database, unless read `with_invoiced`."""
        return self.is_invoiced if hasattr(self, "is_invoiced") else WorkOrder.objects.charged().filter(pk=self.pk).exists()

    @property
    def is_finished(self):
        return self.status in self.FINISHED and self.archived_at is None


class StatusChange(CompanyModel):
    """A line of an order's timeline: from which status to which, by whom and from where, and why when that has to be said."""

    class Place(models.TextChoices):
        OFFICE = "office", _("kantoor")
        TABLET = "tablet", _("tablet")
        CUSTOMER = "customer", _("klant")

    company = CompanyField(customer_sees="parent:order")
    order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="status_changes")
    before = models.CharField(max_length=12, choices=WorkOrder.Status, blank=True, help_text="empty: the order was made")
    after = models.CharField(max_length=12, choices=WorkOrder.Status)
    reason = models.CharField(_("reden"), max_length=250, blank=True)
    by = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    place = models.CharField(max_length=8, choices=Place, default=Place.OFFICE)
    happened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("statuswijziging")
        verbose_name_plural = _("statuswijzigingen")
        ordering = ["happened_at", "pk"]

    def __str__(self):
        return f"{self.before} → {self.after}"


class WorkOrderLine(CompanyModel, Priced):
    """A handling on an order, with description, price and VAT as they were when it was ordered."""

    company = CompanyField(customer_sees="parent:order")
    order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="lines")
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("handeling"), help_text="None: imported history"
    )
    in_package = models.BooleanField(_("in een pakket"), default=False, help_text="Ordered with the rest of its group, as a whole.")
    description = models.CharField(_("omschrijving"), max_length=170)
    vat_rate = models.CharField(_("btw"), max_length=2, choices=VatRate)
    price_reason = models.CharField(_("waarom deze prijs"), max_length=200, blank=True)
    priced_by_hand = models.BooleanField(
        _("eigen prijs"), default=False, help_text="Of a handling: agreed for this order, not what its customer usually pays."
    )
    discount_reason = models.CharField(_("reden van de korting"), max_length=100, blank=True)
    minutes = models.PositiveSmallIntegerField(_("verwachte minuten"), null=True, blank=True, validators=[MaxValueValidator(6000)])

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["company", "order", "service"], name="workorderline_once"),
            models.CheckConstraint(condition=Q(discount__gte=0, discount__lte=100), name="workorderline_discount"),
            models.CheckConstraint(
                condition=Q(discount_amount=0) | Q(discount_amount__gt=0, quantity__gt=0), name="workorderline_discount_amount"
            ),
        ]

    def __str__(self):
        return self.description


class Assignment(CompanyModel):
    """That an employee has to do an order."""

    order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="assignments")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="assignments")

    class Meta:
        verbose_name = _("toewijzing")
        verbose_name_plural = _("toewijzingen")
        ordering = ["membership__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["company", "order", "membership"], name="assignment_once")]
        indexes = [models.Index(fields=["company", "membership", "order"], name="assignment_of")]

    def __str__(self):
        return f"{self.order_id}: {self.membership_id}"


class OrderChange(CompanyModel):
    """What was changed to an order in the office, as a line of its timeline; `version` is that of the order after it."""

    order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="changes")
    version = models.PositiveIntegerField()
    text = models.CharField(max_length=400)
    is_about_price = models.BooleanField(default=False)
    by = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    happened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("wijziging van een werkorder")
        verbose_name_plural = _("wijzigingen van werkorders")
        ordering = ["happened_at", "pk"]
        indexes = [models.Index(fields=["company", "order", "version"], name="orderchange_version")]

    def __str__(self):
        return self.text


class WorkSession(CompanyModel):
    """A stretch of work on an order by one person, from start to stop."""

    order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="work_sessions")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("gewerkte tijd")
        verbose_name_plural = _("gewerkte tijden")
        ordering = ["started_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "order", "membership"], condition=Q(stopped_at=None), name="worksession_one_running"
            ),
            models.CheckConstraint(condition=Q(stopped_at=None) | Q(stopped_at__gte=F("started_at")), name="worksession_order"),
        ]
        indexes = [models.Index(fields=["company", "started_at"], name="worksession_started")]

    def __str__(self):
        return f"{self.order_id}: {self.started_at}"

    @property
    def minutes(self):
        """Whole minutes so far."""
        return int(((self.stopped_at or timezone.now()) - self.started_at).total_seconds() // 60)
