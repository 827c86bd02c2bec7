from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from cleanconnect.money import to_cents, vat_breakdown
from cleanconnect.tenancy.fields import CompanyField
from cleanconnect.tenancy.models import CompanyModel
from cleanconnect.uploads import company_path
from customers.models import Customer
from services.models import VatRate
from workorders.models import WorkOrder, WorkOrderLine


class InvoiceQuerySet(models.QuerySet):
    def unpaid(self):
        return self.filter(paid_on=None)

    def without_pdf(self):
        """Those whose PDF is still to be made."""
        return self.filter(pdf="", forgotten_at=None)


class Invoice(CompanyModel):
    """Factuur: issued when it is made, numbered without gaps, with seller and buyer as they were on that day."""

    company = CompanyField(customer_sees="own")
    number = models.CharField(_("factuurnummer"), max_length=20)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="invoices", verbose_name=_("klant"))
    issued_on = models.DateField(_("factuurdatum"))
    due_on = models.DateField(_("vervaldatum"))
    seller = models.JSONField(help_text="name, address and identifiers of the company on the day of issue")
    buyer = models.JSONField(help_text="name, address and identifiers of the customer on the day of issue")
    net_total = models.DecimalField(_("totaal excl. btw"), max_digits=12, decimal_places=2)
    vat_total = models.DecimalField(_("btw"), max_digits=12, decimal_places=2)
    gross_total = models.DecimalField(_("totaal incl. btw"), max_digits=12, decimal_places=2)
    pdf = models.FileField(upload_to=company_path("facturen"), blank=True)
    paid_on = models.DateField(_("betaald op"), null=True)
    forgotten_at = models.DateTimeField(null=True, help_text="buyer and PDF were taken away after the years that the law keeps them")
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("factuur")
        verbose_name_plural = _("facturen")
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="invoice_number"),
            models.CheckConstraint(condition=Q(gross_total=models.F("net_total") + models.F("vat_total")), name="invoice_totals"),
        ]
        indexes = [models.Index(fields=["company", "-issued_on", "-id"], name="invoice_newest")]

    def __str__(self):
        return _("Factuur %(number)s") % {"number": self.number}

    @property
    def is_overdue(self):
        return self.paid_on is None and self.due_on < timezone.localdate()

    @property
    def status(self):
        """How it stands, as the style sheet names it: "paid", "overdue" or "open"."""
        return "paid" if self.paid_on else "overdue" if self.is_overdue else "open"

    def vat_per_rate(self):
        """`[(rate, base, vat), …]` of the lines, highest rate first."""
        return vat_breakdown((line.net, line.vat_rate) for line in self.lines.all())


class InvoiceLine(CompanyModel):
    """A line of an invoice, copied from the order's line it charges; each order line is charged once."""

    company = CompanyField(customer_sees="parent:invoice")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="invoice_lines")
    order_line = models.ForeignKey(WorkOrderLine, on_delete=models.PROTECT, related_name="invoice_lines")
    performed_on = models.DateField(_("uitgevoerd op"))
    vehicle = models.CharField(_("voertuig"), max_length=120)
    reference = models.CharField(_("kenmerk van de klant"), max_length=250, blank=True)
    description = models.CharField(_("omschrijving"), max_length=170)
    quantity = models.DecimalField(_("aantal"), max_digits=6, decimal_places=2)
    unit_price = models.DecimalField(_("prijs excl. btw"), max_digits=7, decimal_places=2)
    discount = models.DecimalField(_("korting in procent"), max_digits=5, decimal_places=2, default=Decimal(0))
    vat_rate = models.CharField(_("btw"), max_length=2, choices=VatRate)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["company", "order_line"], name="invoiceline_once")]

    def __str__(self):
        return self.description

    @property
    def net(self):
        return to_cents(self.quantity * self.unit_price * (100 - self.discount) / 100)
