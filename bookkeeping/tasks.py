from django.utils.translation import gettext_lazy as _

from cleanconnect.jobs import job

from . import exporting
from .models import BookExport


@job(row=BookExport, attempts=3, failure=_("Het maken is een paar keer afgebroken. De facturen gaan bij een volgende export weer mee."))
def make_file(export, undo):
    """Make the file of an export; doing it twice does it once."""
    return exporting.work(export, undo=undo)
