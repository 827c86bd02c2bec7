from contextlib import ExitStack

from celery import shared_task

from accounts.models import Company
from cleanconnect.tenancy.context import company, company_ids

from . import exporting
from .models import BookExport


@shared_task
def make_file(company_id, export_id):
    """Make the file of an export; doing it twice does it once."""
    with company(company_id):
        export = exporting.begin(export_id)
    if export:
        with ExitStack() as undo:
            with company(company_id):
                exporting.work(export_id, undo=undo)
            undo.pop_all()  # committed: the file stays


@shared_task
def sweep():
    """Have the files made that have no nudge left."""
    for company_id in company_ids(Company):
        with company(company_id):
            waiting = list(BookExport.objects.filter(state=BookExport.State.WAITING).values_list("pk", flat=True)[:100])
        for export_id in waiting:
            make_file.delay(company_id, export_id)
