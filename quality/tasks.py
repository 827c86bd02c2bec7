from django.utils.translation import gettext_lazy as _

from cleanconnect.jobs import job

from . import mails
from .models import CheckPhoto, Defect

FAILURE = _("Deze foto is niet te verwerken; maak hem opnieuw.")


@job(row=CheckPhoto, attempts=3, failure=FAILURE)
def make_check_photo(photo, undo):
    """Make the photo of what was uploaded for an item of the check."""
    photo.develop()


@job(row=Defect, attempts=3, failure=FAILURE)
def make_defect_photo(defect, undo):
    """Make the photo of what was uploaded of a defect, and show it in the mails about it that still wait."""
    if defect.develop():
        mails.add_picture(defect)
