from django.utils.translation import gettext_lazy as _

from cleanconnect.jobs import job

from . import exporting
from .models import BookExport


@job(row=BookExport, attempts=3, failure=_("Het maken is een paar keer afgebroken. Draai deze export terug en probeer het nog eens."))
def make_file(export, undo):
    """Make the file of an export; doing it twice does it once."""
    exporting.work(export, undo=undo)
