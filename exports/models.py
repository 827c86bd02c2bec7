from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from cleanconnect.tenancy.fields import CompanyField
from cleanconnect.tenancy.models import CompanyModel, OwnRowsManager
from cleanconnect.uploads import company_path
from customers.models import Customer


class Format(models.TextChoices):
    """What kind of file is made; a zip holds everything of the company."""

    CSV = "csv", _("CSV")
    XLSX = "xlsx", _("Excel")
    ZIP = "zip", _("Zip")


class Export(CompanyModel):
    """Export: a list as it was filtered, or everything, saved as a file; who made it and when stays for a week with the file."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Wordt gemaakt")
        DONE = "done", _("Klaar")
        FAILED = "failed", _("Niet gelukt")

    company = CompanyField(customer_sees="own", customer_writes="own")
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, related_name="+", help_text="whose login made it; None: the company's own"
    )
    name = models.CharField(_("wat"), max_length=60)
    format = models.CharField(_("soort bestand"), max_length=4, choices=Format)
    address = models.TextField(help_text="path and query of the list; empty: everything", blank=True)
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.WAITING)
    failure = models.CharField(_("reden"), max_length=200, blank=True)
    row_count = models.PositiveIntegerField(_("regels"), null=True)
    file = models.FileField(_("bestand"), upload_to=company_path("export"), max_length=200, blank=True)
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+", verbose_name=_("door"))
    created_at = models.DateTimeField(_("wanneer"), default=timezone.now)

    objects = OwnRowsManager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["company", "-created_at"], name="export_newest")]

    def __str__(self):
        return f"{self.name} ({self.get_format_display()})"

    @property
    def file_name(self):
        """As it is called on the computer of who downloads it."""
        return f"{self.name} {timezone.localtime(self.created_at):%Y-%m-%d %H.%M}.{self.format}"
