from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from cleanconnect.jobs import job

from . import running
from .models import Import

KEPT_FOR = timedelta(days=30)


@job(
    row=Import,
    attempts=2,
    failure=_("Dit bestand is niet te lezen. Sla het op als CSV of als Excel-werkmap (.xlsx) en upload het opnieuw."),
)
def read(found, undo):
    """Read the headers of what was uploaded."""
    running.read(found)


@job(row=Import, attempts=4, failure=_("Het importeren is een paar keer afgebroken. Er is niets geïmporteerd."))
def run(found, undo):
    """Check a file or import it; doing it twice does it once."""
    return running.work(found)


@job(row=Import)
def forget(found, undo):
    """Forget an upload of a month ago that nobody carried out."""
    if found.state == Import.State.IMPORTING:
        return KEPT_FOR
    if found.state != Import.State.DONE:
        running.forget(found)
    return None
