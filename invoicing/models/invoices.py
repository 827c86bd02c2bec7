from datetime import timedelta
from decimal import Decimal

import stdnum.iban
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Round, Sign
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from cleanconnect.linked import STAYS, Linked
from cleanconnect.money import Amount, to_cents, with_or_without
from cleanconnect.tenancy.fields import CompanyField
from cleanconnect.tenancy.models import CompanyModel, OwnRowsManager
from cleanconnect.uploads import company_path
from customers.models import Customer
from services.models import VatRate
from workorders.models import WorkOrder, WorkOrderLine

CAN_BE_CLAIMED = timedelta(days=5 * 365)  # BW 3:307: then the claim has lapsed


def line_amount():
    """What a line comes to in euro, with VAT or without as its price is, for a query. The same as `InvoiceLine.amount`."""
    exact = F("quantity") * F("unit_price") * (100 - F("discount")) / 100
    return Round(exact, 2, output_field=models.DecimalField()) - Sign("quantity") * F("discount_amount") + F("rounding")


class InvoiceQuerySet(models.QuerySet):
    def unpaid(self):
        """Of which money still has to come in or, a credit note or what was paid too much, to go back: all that is not nil."""
        return self.exclude(paid_total=F("gross_total"))

    def outstanding(self):
        """What money is still expected for, each with its customer."""
        return self.unpaid().select_related("customer")

    def owed(self):
        """Invoices of which the customer still has to pay something, each with its customer."""
        return self.filter(kind=Invoice.Kind.INVOICE, paid_total__lt=F("gross_total")).select_related("customer")

    def with_open(self):
        """With `still_open`: what is still to be paid, including VAT."""
        return self.annotate(still_open=F("gross_total") - F("paid_total"))


class Invoice(CompanyModel, Linked):
    """Factuur or creditfactuur: issued when it is made, numbered without gaps, with seller and buyer as they were on that day.

    The database refuses to delete it, and to change anything but how it is paid, its link, its PDF (once), and what the law lets be
    forgotten (migration 0018). A credit note has negative quantities and totals.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Factuur")
        CREDIT_NOTE = "credit", _("Creditfactuur")

    link_kind, link_page = "invoicing.online.invoice", "pay-online"

    company = CompanyField(customer_sees="own")
    kind = models.CharField(_("soort"), max_length=7, choices=Kind, default=Kind.INVOICE)
    credits = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="credit_notes", verbose_name=_("crediteert"))
    reason = models.CharField(_("reden"), max_length=200, blank=True, help_text="of a credit note, printed on it")
    number = models.CharField(_("factuurnummer"), max_length=30)
    reference = models.CharField(_("uw kenmerk"), max_length=60, blank=True, help_text="of the customer's, for the whole invoice")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="invoices", verbose_name=_("klant"))
    issued_on = models.DateField(_("factuurdatum"))
    due_on = models.DateField(_("vervaldatum"))
    seller = models.JSONField(help_text="name, address and identifiers of the company on the day of issue")
    buyer = models.JSONField(help_text="name, address and identifiers of the customer on the day of issue")
    is_per_vehicle = models.BooleanField(default=False, help_text="on paper a line for each vehicle, and not for each handling")
    net_total = models.DecimalField(_("totaal excl. btw"), max_digits=12, decimal_places=2)
    vat_total = models.DecimalField(_("btw"), max_digits=12, decimal_places=2)
    gross_total = models.DecimalField(_("totaal incl. btw"), max_digits=12, decimal_places=2)
    taxes = models.JSONField(default=list, help_text="[[rate, base, VAT], …] in euro as text, the highest rate first")
    pdf = models.FileField(upload_to=company_path("facturen"), blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True, help_text="of the bytes of the PDF as it was sent")
    failure = models.CharField(max_length=200, blank=True, default="", db_default="", help_text="why its PDF could not be made")
    ubl = models.FileField(upload_to=company_path("facturen"), blank=True, help_text="the e-invoice")
    ubl_sha256 = models.CharField(max_length=64, blank=True, help_text="of the bytes of the e-invoice as it was sent")
    paid_total = models.DecimalField(_("betaald"), max_digits=12, decimal_places=2, default=Decimal(0), help_text="of its payments")
    paid_on = models.DateField(_("betaald op"), null=True, help_text="the day on which nothing was open any more")
    credited_on = models.DateField(_("gecrediteerd op"), null=True, help_text="when the last of its lines was credited")
    forgotten_at = models.DateTimeField(null=True, help_text="buyer and PDF were taken away after the years that the law keeps them")
    key = models.UUIDField(null=True, help_text="of the form it was made with, so that pressing twice makes one")
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = OwnRowsManager.from_queryset(InvoiceQuerySet)()

    class Meta:
        verbose_name = _("factuur")
        verbose_name_plural = _("facturen")
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="invoice_number"),
            models.UniqueConstraint(fields=["company", "key"], name="invoice_key"),
            models.CheckConstraint(condition=Q(gross_total=F("net_total") + F("vat_total")), name="invoice_totals"),
            models.CheckConstraint(
                condition=Q(kind="invoice", credits=None) | Q(kind="credit", credits__isnull=False), name="invoice_credits_another"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-issued_on", "-id"], name="invoice_newest"),
            models.Index(fields=["company", "customer"], condition=~Q(paid_total=F("gross_total")), name="invoice_unsettled"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.number}"

    @property
    def is_credit_note(self):
        return self.kind == self.Kind.CREDIT_NOTE

    @property
    def is_overdue(self):
        return self.status == "overdue"

    @property
    def open_total(self):
        """What is still to be paid, including VAT; negative is what has to go back to the customer."""
        return self.gross_total - self.paid_total

    @property
    def still_to_pay(self):
        """What the customer still has to pay, including VAT."""
        return max(self.open_total, Decimal(0))

    @property
    def overpaid(self):
        """What came in too much, a positive amount."""
        return max(-self.open_total, Decimal(0))

    @property
    def status(self):
        """How it stands, as the style sheet names it: "credited", "paid", "refund", "overdue", "partly" or "open"."""
        if self.is_credit_note:
            return "refund" if self.open_total < 0 else "paid"
        if self.open_total <= 0:
            return "credited" if self.credited_on else "paid"
        if self.due_on < timezone.localdate():
            return "overdue"
        return "partly" if self.paid_total else "open"

    @property
    def has_stop(self):
        """Whether no reminders are sent of it."""
        return any(reminder.level == reminder.Level.STOP for reminder in self.reminders.all())

    @property
    def credited_total(self):
        """What was credited of it, including VAT; a positive amount."""
        return -(self.credit_notes.aggregate(total=Sum("gross_total"))["total"] or Decimal(0))

    @property
    def link_until(self):
        """Of the page on which it is paid."""
        if self.is_credit_note or self.forgotten_at:
            return None
        settled_on = [day for day in (self.paid_on, self.credited_on) if day]
        return max(settled_on) + STAYS if settled_on else self.due_on + CAN_BE_CLAIMED

    @property
    def link_holder(self):
        return self.customer

    @property
    def has_prices_with_vat(self):
        """Whether its prices were agreed with VAT in them: those of all lines, or of some since that changed for its customer."""
        return any(line.price_includes_vat for line in self.lines.all())

    @property
    def is_shown_including_vat(self):
        """Whether the customer sees prices with VAT: those that were agreed so, and all of a private person's."""
        return bool(self.buyer.get("is_private")) or self.has_prices_with_vat

    @property
    def seller_iban(self):
        """Where it is to be paid, in groups of four."""
        return stdnum.iban.format(self.seller["iban"])

    @property
    def supplied(self):
        """`{"first", "last"}`: the days on which was supplied what belongs to no order; None when all of it does."""
        lines = [line for line in self.lines.all() if not (line.order_id or line.is_discount)]
        return {"first": min(line.performed_on for line in lines), "last": max(line.last_day for line in lines)} if lines else None

    def vat_per_rate(self):
        """`[(rate, base, vat), …]` as it was issued, highest rate first."""
        return [(rate, Decimal(base), Decimal(vat)) for rate, base, vat in self.taxes]


class InvoiceLineQuerySet(models.QuerySet):
    def charging(self):
        """Those that charge an order's line now: no credit, and not released to be charged anew."""
        return self.filter(released_at=None, order_line__isnull=False)

    def uncredited(self):
        """Those of which something is left that was not credited."""
        credits = InvoiceLine.objects.filter(credit_of=OuterRef("pk")).order_by().values("credit_of")
        gone = Subquery(credits.annotate(gone=Sum(line_amount())).values("gone"), output_field=models.DecimalField())
        return self.alias(gone=gone, left=F("gone") + line_amount()).filter(Q(gone=None) | ~Q(left=0))


class InvoiceLine(CompanyModel):
    """A line of an invoice: copied from the order's line it charges, each once at a time, or written for this invoice alone.

    A line of a credit note takes back another line or part of it, and charges none. A discount on the whole invoice is a line for each
    rate, taken away once (a quantity of -1), of which credit notes take back their share. What is taken back of a line in parts is
    together what the line was: `rounding` is the cent by which a part differs for that.

    A price, and all that is worked out with it, is with VAT or without as it was agreed. `net` is what the line is of the total excluding
    VAT: of prices with VAT that is worked back over the sum of the invoice, and over all that was credited of it (`money.nets`).
    """

    company = CompanyField(customer_sees="parent:invoice")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, null=True, related_name="invoice_lines")
    order_line = models.ForeignKey(WorkOrderLine, on_delete=models.PROTECT, null=True, related_name="invoice_lines")
    credit_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="credited_by")
    released_at = models.DateTimeField(null=True, help_text="credited, and the order's line may be charged anew")
    is_discount = models.BooleanField(default=False)
    performed_on = models.DateField(_("uitgevoerd op"))
    performed_until = models.DateField(_("uitgevoerd t/m"), null=True, help_text="the last day, when it took more than one")
    vehicle = models.CharField(_("voertuig"), max_length=120, blank=True)
    reference = models.CharField(_("kenmerk van de klant"), max_length=250, blank=True)
    description = models.CharField(_("omschrijving"), max_length=170)
    quantity = models.DecimalField(_("aantal"), max_digits=6, decimal_places=2)
    unit_price = models.DecimalField(_("prijs"), max_digits=12, decimal_places=2)
    price_includes_vat = models.BooleanField(_("inclusief btw"), default=False)
    discount = models.DecimalField(_("korting in procent"), max_digits=5, decimal_places=2, default=Decimal(0))
    discount_amount = models.DecimalField(
        _("korting in euro"), max_digits=9, decimal_places=2, default=Decimal(0), help_text="on the whole line"
    )
    rounding = models.DecimalField(max_digits=3, decimal_places=2, default=Decimal(0), help_text="in euro; of a part that was credited")
    vat_rate = models.CharField(_("btw"), max_length=2, choices=VatRate)
    net = models.DecimalField(_("bedrag excl. btw"), max_digits=12, decimal_places=2)

    objects = InvoiceLineQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["company", "order_line"], condition=Q(released_at=None), name="invoiceline_once"),
            models.CheckConstraint(condition=Q(order_line=None) | Q(credit_of=None), name="invoiceline_charges_or_credits"),
            models.CheckConstraint(condition=Q(order_line=None) | Q(order__isnull=False), name="invoiceline_of_the_order"),
        ]

    def __str__(self):
        return self.description

    @property
    def last_day(self):
        return self.performed_until or self.performed_on

    @property
    def amount(self):
        """What it comes to in euro, with VAT or without as its price is."""
        exact = self.quantity * self.unit_price * (100 - self.discount) / 100
        return to_cents(exact) - self.discount_amount.copy_sign(self.quantity) + self.rounding

    def shown(self, amount, including):
        """An amount of this line as it is shown with VAT or without."""
        return with_or_without(amount, self.vat_rate, includes_vat=self.price_includes_vat, wanted=including)

    @property
    def charged(self):
        """As a `money.Amount`."""
        return Amount(self.amount, self.vat_rate, self.price_includes_vat)
