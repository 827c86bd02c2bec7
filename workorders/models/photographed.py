"""What has a photo: in two sizes, with the original where the company keeps those, and perhaps still on its way from a tablet."""

from django.db import models

from accounts.models import Company
from cleanconnect.tasks import nudge
from cleanconnect.uploads import company_path

from ..tasks import make_small


class Photographed(models.Model):
    """A row with a `photo`, a field of its own. With a `photo_uid` and no photo, a tablet took one and still has to send it."""

    photo_uid = models.UUIDField(null=True, blank=True, editable=False, help_text="given by the tablet that took the photo")
    original = models.FileField(upload_to=company_path("origineel"), blank=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        is_new = self.photo and not self.photo._committed
        super().save(*args, **kwargs)
        if is_new:
            nudge(make_small, self.company_id, self.photo.name)

    @property
    def is_underway(self):
        return self.photo_uid is not None and not self.photo

    def put(self, picture):
        """Take a cleaned picture (`cleanconnect.uploads.clean_picture`), or None; the original too where the company keeps those."""
        self.photo = picture or ""
        original = getattr(picture, "original", None)
        if original and Company.objects.get(pk=self.company_id).keeps_originals:
            self.original = original

    def drop_files(self):
        """Delete the files of a row that was not kept."""
        for file in (self.photo, self.original):
            if file:
                file.delete(save=False)


def underway(rows):
    """Those of these rows whose photo is still on a tablet."""
    return rows.filter(photo="").exclude(photo_uid=None)
