from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from cleanconnect.tenancy.models import CompanyModel
from cleanconnect.uploads import company_path

from .invoices import Invoice


class Reminder(CompanyModel):
    """That a customer was reminded of an invoice, or (STOP) that this invoice is not reminded of."""

    class Level(models.TextChoices):
        FIRST = "first", _("Eerste herinnering")
        SECOND = "second", _("Tweede herinnering")
        STOP = "stop", _("Geen herinneringen")

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="reminders", verbose_name=_("factuur"))
    level = models.CharField(_("welke"), max_length=6, choices=Level)
    pdf = models.FileField(upload_to=company_path("herinneringen"), blank=True, help_text="the invoice with what was open of it then")
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+", verbose_name=_("door"))
    made_at = models.DateTimeField(_("wanneer"), default=timezone.now)

    class Meta:
        verbose_name = _("herinnering")
        verbose_name_plural = _("herinneringen")
        ordering = ["made_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["company", "invoice", "level"], name="reminder_once")]

    def __str__(self):
        return f"{self.get_level_display()}: {self.invoice_id}"
