"""Exports are rows first; a small list is made while the person waits, the rest by a worker."""

import tempfile
from datetime import timedelta

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from cleanconnect import jobs, quotas

from . import everything, lists
from .models import Export, Format

KEPT_FOR = timedelta(days=7)


@transaction.atomic
def export_list(address, format, *, by):
    """An export of the list at this address; done when it is small. Raises `lists.NoSuchList` and `quotas.QuotaFull`."""
    view = lists.list_at(address, by)
    quotas.take("exports")
    export = Export.objects.create(name=str(view.sheet.name), format=format, address=address, customer=by.customer, created_by=by)
    if lists.is_small(view):
        make(export)
    else:
        _hand_over(export)
    _keep_for_a_week(export)
    return export


@transaction.atomic
def export_everything(*, by):
    """A zip of all that the company has; one that is being made already is given again. Raises `quotas.QuotaFull`."""
    waiting = Export.objects.filter(format=Format.ZIP, state=Export.State.WAITING).first()
    if waiting:
        return waiting
    quotas.take("exports")
    export = Export.objects.create(name=_("Alles"), format=Format.ZIP, created_by=by)
    _hand_over(export)
    _keep_for_a_week(export)
    return export


def _hand_over(export):
    from .tasks import make

    jobs.add(make, export)


def _keep_for_a_week(export):
    from . import tasks

    jobs.add(tasks.forget, export, after=KEPT_FOR)


def make(export, *, undo=None):
    """Write the file and say that it is done; raises `lists.NoSuchList`. `undo` is an `ExitStack` that then removes the file."""
    writer = everything if export.format == Format.ZIP else lists
    with tempfile.TemporaryFile() as file:
        export.row_count = writer.write(export, file)
        file.seek(0)
        export.file.save(f"export.{export.format}", File(file), save=False)
    if undo is not None:
        undo.callback(export.file.storage.delete, export.file.name)
    export.state = Export.State.DONE
    export.save(update_fields=["row_count", "file", "state"])


def forget(export):
    """Take the row and its file away."""
    name, storage = export.file.name, export.file.storage
    export.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name), robust=True)
