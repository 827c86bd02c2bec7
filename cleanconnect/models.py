"""The tables of the mechanisms that all rooms stand on."""

from django.db import models
from django.utils import timezone

from .jobs import Job
from .tenancy.models import CompanyModel

__all__ = ["Job", "Preview", "QuotaUse", "SentForm"]


class SentForm(models.Model):
    """A form that was sent and did what it was for, so that the same one sent again does nothing twice (see `once.py`).

    It belongs to no company: a digest says nothing of who sent what, and the public forms have no company.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    location = models.TextField(blank=True, help_text="what it was answered with; empty: the view answers again itself")
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "verstuurd formulier"
        verbose_name_plural = "verstuurde formulieren"
        indexes = [models.Index(fields=["sent_at"], name="sentform_sent_at")]

    def __str__(self):
        return self.digest


class Preview(CompanyModel):
    """Voorbeeld: what somebody was shown before it is done, so that exactly that is done, once (see `previews.py`)."""

    kind = models.CharField(max_length=40, help_text="the act, such as services.raise")
    typed = models.JSONField(help_text="the form as it was sent: {name: [value, …]}")
    digest = models.CharField(max_length=64, help_text="of what was shown")
    membership = models.ForeignKey("accounts.Membership", on_delete=models.CASCADE, related_name="+")
    shown_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "voorbeeld"
        verbose_name_plural = "voorbeelden"

    def __str__(self):
        return f"{self.kind} {self.pk}"


class QuotaUse(CompanyModel):
    """That a company used something of which it may have so much in an hour (see `quotas.py`)."""

    name = models.CharField(max_length=12, help_text="of the quota, such as photos")
    used_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "gebruik"
        verbose_name_plural = "gebruik"
        indexes = [models.Index(fields=["company", "name", "used_at"], name="quotause_used")]

    def __str__(self):
        return f"{self.name} {self.used_at}"
