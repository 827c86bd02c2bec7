"""Exports are rows first; a small list is made while the person waits, the rest by a worker."""

import tempfile

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from cleanconnect.tasks import nudge
from cleanconnect.tenancy.context import current_company_id

from . import everything, lists
from .models import Export, Format

MAX_ATTEMPTS = 3


@transaction.atomic
def export_list(address, format, *, by):
    """An export of the list at this address; done when it is small. Raises `lists.NoSuchList`."""
    view = lists.list_at(address, by)
    export = Export.objects.create(name=str(view.sheet.name), format=format, address=address, customer=by.customer, created_by=by)
    if lists.is_small(view):
        make(export)
    else:
        hand_over(export)
    return export


@transaction.atomic
def export_everything(*, by):
    """A zip of all that the company has; one that is being made already is given again."""
    waiting = Export.objects.filter(format=Format.ZIP, state=Export.State.WAITING).first()
    if waiting:
        return waiting
    export = Export.objects.create(name=_("Alles"), format=Format.ZIP, created_by=by)
    hand_over(export)
    return export


def hand_over(export):
    """Tell a worker that this export waits."""
    from .tasks import make

    nudge(make, current_company_id(), export.pk)


@transaction.atomic
def begin(pk):
    """The export when it waits and nobody makes it, with an attempt counted; None otherwise."""
    export = Export.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=pk, state=Export.State.WAITING).first()
    if export is None:
        return None
    export.attempts += 1
    if export.attempts > MAX_ATTEMPTS:
        export.state, export.failure = Export.State.FAILED, _("Het maken is een paar keer afgebroken. Probeer het nog eens.")
    export.save(update_fields=["attempts", "state", "failure"])
    return export if export.state == Export.State.WAITING else None


@transaction.atomic
def work(pk):
    """Make the file of an export that waits; doing it twice does it once."""
    exports = Export.objects.select_for_update(no_key=True, skip_locked=True, of=["self"]).select_related(
        "created_by__company", "created_by__user"
    )
    export = exports.filter(pk=pk, state=Export.State.WAITING).first()
    if export:
        make(export)


def make(export):
    """Write the file and say that it is done, or why it could not be."""
    writer = everything if export.format == Format.ZIP else lists
    with tempfile.TemporaryFile() as file:
        try:
            export.row_count = writer.write(export, file)
        except lists.NoSuchList:
            export.state, export.failure = Export.State.FAILED, _("Deze lijst bestaat niet meer, of u mag hem niet meer zien.")
        else:
            file.seek(0)
            export.file.save(f"export.{export.format}", File(file), save=False)
            export.state = Export.State.DONE
    export.save(update_fields=["row_count", "file", "state", "failure"])


def forget(export):
    """Take the row and its file away."""
    name, storage = export.file.name, export.file.storage
    export.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name), robust=True)
