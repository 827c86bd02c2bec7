"""An export for the bookkeeping: which invoices go, once, and the file by a worker."""

import tempfile
from datetime import timedelta
from hashlib import sha256

from django.core.files import File
from django.db import transaction
from django.db.models import Exists, OuterRef, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Company
from cleanconnect import jobs
from cleanconnect.tenancy.context import current_company_id
from invoicing.tasks import make_pdf

from . import files, journal
from .models import BookedInvoice, BookExport

Kind, State = BookExport.Kind, BookExport.State
LOOK_AGAIN = timedelta(seconds=15)
WAITED_FOR = timedelta(minutes=10)


class NothingToExport(Exception):
    """There is nothing in the period that did not go before; the message is for the screen."""


class NotUndoable(Exception):
    """This export is not the last of its kind; the message is for the screen."""


def to_export(kind, first, last):
    """The invoices of a period that did not go yet; all of them for an audit file, which tells of the whole period."""
    found = journal.issued(first, last)
    if kind == Kind.XAF:
        return found
    went = BookedInvoice.objects.filter(kind=kind, invoice=OuterRef("pk")).exclude(export__state=State.FAILED)
    return found.exclude(Exists(went))


@transaction.atomic
def start(kind, first, last, *, by):
    """An export of what is to go; a worker makes its file. Raises `NothingToExport`."""
    Company.objects.select_for_update(no_key=True).get(pk=current_company_id())
    found = to_export(kind, first, last)
    invoices = list(found.order_by("pk").values_list("pk", flat=True))
    if not invoices:
        raise NothingToExport(_("In deze periode staat niets dat niet al eerder is geëxporteerd."))
    sums = found.aggregate(net=Sum("net_total"), vat=Sum("vat_total"))
    export = BookExport.objects.create(
        kind=kind, first=first, last=last, invoice_count=len(invoices), net_total=sums["net"], vat_total=sums["vat"], created_by=by
    )
    if kind != Kind.XAF:
        BookedInvoice.objects.filter(kind=kind, export__state=State.FAILED).delete()  # what did not go is not gone
        BookedInvoice.objects.bulk_create(BookedInvoice(export=export, invoice_id=pk, kind=kind) for pk in invoices)
    _hand_over(export)
    return export


def _hand_over(export):
    from .tasks import make_file

    jobs.add(make_file, export)


@transaction.atomic
def work(export, *, undo):
    """Make the file of an export that waits; twice does it once. Returns after how long to try again, None when that is not needed.

    `undo` is an `ExitStack` that removes the file when all fails after. Raises `GiveUp` when there is nothing to hand out.
    """
    if export.state != State.WAITING:
        return None
    of_period = journal.issued(export.first, export.last)
    invoices = of_period if export.kind == Kind.XAF else of_period.filter(pk__in=export.booked.values("invoice"))
    if export.kind == Kind.MONEYBIRD and _are_being_made(export, invoices):
        return LOOK_AGAIN
    company = Company.objects.get(pk=export.company_id)
    with tempfile.TemporaryFile() as file:
        try:
            written, rates = files.write(export, journal.with_lines(invoices), journal.codes(), company, file)
        except files.BreaksRules as error:
            raise jobs.GiveUp(error) from None
        if not written:
            raise jobs.GiveUp(_("Van geen enkele factuur is het bestand er al; probeer het later nog eens."))
        export.rates = [[rate, str(base), str(vat)] for rate, base, vat in rates]
        file.seek(0)
        export.sha256 = sha256(file.read()).hexdigest()
        file.seek(0)
        export.file.save(f"verkoop.{export.EXTENSIONS[export.kind]}", File(file), save=False)
        undo.callback(export.file.storage.delete, export.file.name)
    export.left_out = export.booked.exclude(invoice__in=written).delete()[0]
    export.invoice_count = len(written)
    export.net_total = sum(invoice.net_total for invoice in written)
    export.vat_total = sum(invoice.vat_total for invoice in written)
    export.state = State.DONE
    export.save()
    return None


def _are_being_made(export, invoices):
    """Whether a worker will still make the document of one of these invoices; after some time it goes in a next export."""
    if timezone.now() - export.created_at > WAITED_FOR:
        return False
    without = invoices.filter(pdf="", forgotten_at=None)
    return jobs.Job.objects.filter(task=make_pdf.name, row_id__in=without.values("pk")).exists()


@transaction.atomic
def undo(export):
    """Take the last export of its kind back: its invoices may go again. Raises `NotUndoable`."""
    Company.objects.select_for_update(no_key=True).get(pk=current_company_id())
    if export.state != State.FAILED and BookExport.objects.filter(kind=export.kind).exclude(state=State.FAILED).first() != export:
        raise NotUndoable(_("Alleen de laatste export van een soort kan worden teruggedraaid."))
    name, storage = export.file.name, export.file.storage
    export.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name), robust=True)
