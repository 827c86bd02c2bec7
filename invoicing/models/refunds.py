from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from cleanconnect.tenancy.models import CompanyModel
from cleanconnect.validators import validate_iban

from .invoices import Invoice


class RefundBatch(CompanyModel):
    """Terugbetaling: what is paid back to customers on a day, with the file for the bank as it was made."""

    reference = models.CharField(_("kenmerk"), max_length=35)
    pay_on = models.DateField(_("op"))
    xml = models.TextField(help_text="pain.001, as it goes to the bank")
    booked_on = models.DateField(_("overgemaakt op"), null=True)
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+", verbose_name=_("door"))
    created_at = models.DateTimeField(_("gemaakt op"), default=timezone.now)

    class Meta:
        verbose_name = _("terugbetaling")
        verbose_name_plural = _("terugbetalingen")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["company", "reference"], name="refundbatch_reference")]

    def __str__(self):
        return self.reference


class Refund(CompanyModel):
    """What goes back of one invoice or credit note, and to which account."""

    batch = models.ForeignKey(RefundBatch, on_delete=models.CASCADE, related_name="refunds")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("factuur"))
    holder = models.CharField(_("naam rekeninghouder"), max_length=70)
    iban = models.CharField(_("IBAN"), max_length=34, validators=[validate_iban])
    amount = models.DecimalField(_("bedrag"), max_digits=12, decimal_places=2)

    class Meta:
        verbose_name = _("terugbetaald bedrag")
        verbose_name_plural = _("terugbetaalde bedragen")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["company", "batch", "invoice"], name="refund_once_in_a_batch"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_of_something"),
        ]

    def __str__(self):
        return f"{self.invoice_id}: {self.amount}"
