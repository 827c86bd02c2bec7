from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from cleanconnect.archiving import Archivable
from cleanconnect.linked import Ending
from cleanconnect.secret import SecretCharField
from cleanconnect.tenancy.models import CompanyModel

FEED_WORKS_FOR = timedelta(days=365)


class Bay(CompanyModel, Archivable):
    """Werkplek: a place in the hall where one car is worked on at a time."""

    name = models.CharField(_("naam van de werkplek"), max_length=40)
    position = models.PositiveSmallIntegerField(_("volgorde"), default=0, help_text=_("Laagste eerst; gelijke op naam."))

    class Meta:
        verbose_name = _("werkplek")
        verbose_name_plural = _("werkplekken")
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(
                "company",
                Lower("name"),
                condition=Q(archived_at=None),
                name="bay_name",
                violation_error_message=_("Er is al een werkplek met deze naam."),
            )
        ]

    def __str__(self):
        return self.name


class WorkingDay(CompanyModel):
    """Werktijden of one day of the week: of the company, or of one person who works other hours. No times: not at work."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("maandag")
        TUESDAY = 1, _("dinsdag")
        WEDNESDAY = 2, _("woensdag")
        THURSDAY = 3, _("donderdag")
        FRIDAY = 4, _("vrijdag")
        SATURDAY = 5, _("zaterdag")
        SUNDAY = 6, _("zondag")

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, null=True, blank=True, related_name="working_days")
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    starts_at = models.TimeField(_("van"), null=True, blank=True)
    ends_at = models.TimeField(_("tot"), null=True, blank=True)
    break_minutes = models.PositiveSmallIntegerField(_("pauze in minuten"), default=0, validators=[MaxValueValidator(480)])

    class Meta:
        verbose_name = _("werktijd")
        verbose_name_plural = _("werktijden")
        ordering = ["weekday"]
        constraints = [
            models.UniqueConstraint(fields=["company", "membership", "weekday"], name="workingday_once", nulls_distinct=False),
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None) | Q(starts_at__isnull=False, ends_at__gt=F("starts_at")), name="workingday_times"
            ),
        ]

    def __str__(self):
        return f"{self.get_weekday_display()}: {self.starts_at} - {self.ends_at}"


class SpecialDay(CompanyModel):
    """Afwijkende dag: closed on a working day, at work on a public holiday, or one person's day off."""

    day = models.DateField(_("datum"))
    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, null=True, blank=True, related_name="special_days", verbose_name=_("wie")
    )
    is_open = models.BooleanField(_("er wordt wel gewerkt"), default=False)
    reason = models.CharField(_("reden"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("afwijkende dag")
        verbose_name_plural = _("afwijkende dagen")
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "day", "membership"],
                name="specialday_once",
                nulls_distinct=False,
                violation_error_message=_("Voor deze dag is al iets vastgelegd."),
            )
        ]

    def __str__(self):
        return f"{self.day:%d-%m-%Y} {self.reason}".strip()


def end_of_new_feed():
    return timezone.localdate() + FEED_WORKS_FOR


class CalendarFeed(CompanyModel, Ending):
    """Agendalink: a secret address where a calendar programme reads the planning, of one person or (None) of the company.

    The address holds a random key of which only the hash is kept. It works for a year, and a year more each time it is renewed: a
    calendar programme cannot follow to another address.
    """

    key_hash = SecretCharField(max_length=64, editable=False)
    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, null=True, blank=True, related_name="calendar_feeds", verbose_name=_("van wie")
    )
    created_by = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+", editable=False)
    created_at = models.DateTimeField(_("gemaakt op"), default=timezone.now, editable=False)
    read_at = models.DateTimeField(_("laatst gelezen op"), null=True, editable=False)
    works_until = models.DateField(_("werkt tot en met"), default=end_of_new_feed, editable=False)

    class Meta:
        verbose_name = _("agendalink")
        verbose_name_plural = _("agendalinks")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["company", "key_hash"], name="calendarfeed_key")]

    def __str__(self):
        return str(self.membership or _("Hele bedrijf"))

    @property
    def link_until(self):
        """Nothing is left to read for who works here no more."""
        return self.works_until if self.membership is None or self.membership.is_active else None

    @property
    def link_language(self):
        return self.membership.language if self.membership else settings.LANGUAGE_CODE

    def renew(self):
        """The same address works for a year from today."""
        self.works_until = end_of_new_feed()
        self.save(update_fields=["works_until"])
