"""Deleting what is not in use, and archiving what is: history keeps its rows."""

from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ArchivableQuerySet(models.QuerySet):
    def active(self):
        return self.filter(archived_at=None)


class Archivable(models.Model):
    """Something that can be taken out of the lists while older rows still point at it."""

    archived_at = models.DateTimeField(_("gearchiveerd op"), null=True, editable=False)

    objects = ArchivableQuerySet.as_manager()

    class Meta:
        abstract = True

    def remove(self):
        """Delete the row, or archive it when others point at it; returns "deleted" or "archived"."""
        try:
            with transaction.atomic():
                self.delete()
        except ProtectedError:
            self.archived_at = timezone.now()
            self.save(update_fields=["archived_at"])
            return "archived"
        return "deleted"
