"""What has a photo: in two sizes, with the original where the company keeps those, and perhaps still on its way from a tablet."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.models import Company
from cleanconnect import jobs
from cleanconnect.limits import EXCEEDED, memory_limit, one_at_a_time
from cleanconnect.tasks import nudge
from cleanconnect.uploads import company_path, make_picture


class Photographed(models.Model):
    """A row with a `photo`, a field of its own. With a `photo_uid` and no photo, a tablet took one and still has to send it.

    A large photo is kept as it came (`upload`) until a worker has made the photo of it, or says in `failure` why it cannot.
    """

    LARGEST = (2000, 2000)  # pixels
    MAKER = None  # the task that calls `develop`, by its name: it stands in the room of the model

    photo_uid = models.UUIDField(null=True, blank=True, editable=False, help_text="given by the tablet that took the photo")
    original = models.FileField(upload_to=company_path("origineel"), blank=True, editable=False)
    upload = models.FileField(upload_to=company_path("origineel"), blank=True, editable=False, help_text="as it came, for a worker")
    failure = models.CharField(max_length=200, blank=True, editable=False, help_text="why there is no photo")

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        is_new, is_uploaded = (file and not file._committed for file in (self.photo, self.upload))
        super().save(*args, **kwargs)
        if is_new:
            nudge(import_string("workorders.tasks.make_small"), self.company_id, self.photo.name)
        if is_uploaded:
            jobs.add(import_string(self.MAKER), self)

    @property
    def is_underway(self):
        return self.photo_uid is not None and not (self.photo or self.upload or self.failure)

    @property
    def is_waiting(self):
        """Whether a worker still has to make the photo of what was uploaded."""
        return bool(self.upload) and not self.failure

    def put(self, picture):
        """Take a picture (`cleanconnect.uploads.clean_picture`), or None; the original too where the company keeps those."""
        self.failure = ""
        if getattr(picture, "is_waiting", False):
            self.upload = picture
            return
        self.photo = picture or ""
        original = getattr(picture, "original", None)
        if original and self._keeps_original():
            self.original = original

    def develop(self):
        """Make the photo of the upload, one at a time and within limits, or say why that cannot be. Returns whether there is one now."""
        if not self.is_waiting:
            return False
        try:
            with self.upload.open("rb") as file, one_at_a_time(), memory_limit():
                picture = make_picture(file, max_size=self.LARGEST)
        except ValidationError as no:
            self.failure = no.messages[0][:200]
        except EXCEEDED:
            self.failure = _("Deze foto is te groot om te verwerken.")
        else:
            self.photo = picture
        name, storage = self.upload.name, self.upload.storage
        if self.photo and self._keeps_original():
            self.original = name
        else:
            transaction.on_commit(lambda: storage.delete(name), robust=True)
        self.upload = ""
        self.save()
        return bool(self.photo)

    def _keeps_original(self):
        return Company.objects.get(pk=self.company_id).keeps_originals


def underway(rows):
    """Those of these rows whose photo is still on a tablet."""
    return rows.filter(photo="", upload="", failure="").exclude(photo_uid=None)
