from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cleanconnect.jobs import GiveUp, job
from cleanconnect.tenancy.context import narrow

from . import making
from .lists import NoSuchList
from .models import Export


@job(row=Export, attempts=3, failure=gettext_lazy("Het maken is een paar keer afgebroken. Probeer het nog eens."))
def make(export, undo):
    """Make the file of an export, seeing no more than who asked for it."""
    if export.state != Export.State.WAITING:
        return
    narrow(company_id=export.company_id, customer_id=export.customer_id)
    try:
        making.make(export, undo=undo)
    except NoSuchList:
        raise GiveUp(_("Deze lijst bestaat niet meer, of u mag hem niet meer zien.")) from None


@job(row=Export)
def forget(export, undo):
    """Forget an export that is a week old."""
    making.forget(export)
