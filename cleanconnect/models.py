"""The tables of the mechanisms that all rooms stand on."""

from django.db import models
from django.utils import timezone

from .jobs import Job

__all__ = ["Job", "SentForm"]


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
