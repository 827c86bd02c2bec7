from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from cleanconnect.tenancy.models import CompanyModel
from cleanconnect.uploads import company_path


def column_letters(index):
    """The column as the spreadsheet names it: 0 is A, 27 is AB."""
    return (column_letters(index // 26 - 1) if index >= 26 else "") + chr(65 + index % 26)


class Kind(models.TextChoices):
    """What can be imported."""

    CUSTOMERS = "customers", _("Klanten")
    VEHICLES = "vehicles", _("Voertuigen")
    SERVICES = "services", _("Handelingen met prijzen")
    HISTORY = "history", _("Werkzaamheden uit het verleden")


class Import(CompanyModel):
    """Import: one uploaded file, from its columns to its result. `mapping` is {field: number of the column, from 0}."""

    class State(models.TextChoices):
        READING = "reading", _("Wordt gelezen")
        UPLOADED = "uploaded", _("Kolommen kiezen")
        CHECKING = "checking", _("Wordt gecontroleerd")
        CHECKED = "checked", _("Gecontroleerd")
        IMPORTING = "importing", _("Wordt geïmporteerd")
        DONE = "done", _("Geïmporteerd")
        FAILED = "failed", _("Niet gelukt")

    kind = models.CharField(_("wat"), max_length=10, choices=Kind)
    file = models.FileField(_("bestand"), upload_to=company_path("import"), max_length=200, blank=True)
    file_name = models.CharField(_("bestand"), max_length=100)
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.UPLOADED)
    headers = models.JSONField(default=list)
    sample = models.JSONField(default=list, help_text="the first row below the headers, as text")
    mapping = models.JSONField(default=dict)
    defaults = models.JSONField(default=dict, help_text="{field: text} for rows that leave it empty")
    decimal_signs = models.JSONField(default=dict, help_text="{field: the sign before the cents} where a person said so")
    skip_wrong = models.BooleanField(default=False, help_text="import the good rows only")
    take_doubtful = models.BooleanField(default=False, help_text="import the rows in doubt too")
    new_count = models.PositiveIntegerField(_("nieuw"), default=0)
    changed_count = models.PositiveIntegerField(_("gewijzigd"), default=0)
    unchanged_count = models.PositiveIntegerField(_("ongewijzigd"), default=0)
    doubt_count = models.PositiveIntegerField(_("twijfel"), default=0)
    wrong_count = models.PositiveIntegerField(_("fout"), default=0)
    problems = models.JSONField(default=list, help_text="[[row, column, text], …]")
    failure = models.CharField(_("reden"), max_length=500, blank=True)
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+", verbose_name=_("door"))
    created_at = models.DateTimeField(_("wanneer"), default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("import")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["company", "-created_at"], name="import_newest")]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.file_name}"

    def header(self, index):
        """What the screen calls a column of the file."""
        return self.headers[index] or _("Kolom %(letters)s") % {"letters": column_letters(index)}

    @property
    def good_count(self):
        return self.new_count + self.changed_count + self.unchanged_count

    @property
    def is_waiting(self):
        return self.state in {self.State.READING, self.State.CHECKING, self.State.IMPORTING}
