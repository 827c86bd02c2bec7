from contextlib import ExitStack

from celery import shared_task

from accounts.models import Company
from cleanconnect.tenancy.context import company, company_ids

from . import runs, sending
from .keeping import forget_invoices
from .models import Invoice, InvoiceRun


@shared_task
def make_pdf(company_id, invoice_id):
    """Make the PDF of an invoice and post its mail; doing it twice does it once."""
    with ExitStack() as undo:
        with company(company_id):
            sending.make_pdf(invoice_id, undo=undo)
        undo.pop_all()  # committed: the file stays


@shared_task
def issue_run(company_id, run_id):
    """Issue the invoices of a run, each in a transaction of its own, until it is done or stopped."""
    more = True
    while more:
        with company(company_id):
            more = runs.issue_next(run_id)


@shared_task
def forget():
    """Take the names off invoices of anonymised customers that need not be kept any longer."""
    for company_id in company_ids(Company):
        with company(company_id):
            forget_invoices(Invoice.objects.filter(customer__anonymised_at__isnull=False))


@shared_task
def sweep():
    """Have the PDFs made that have no nudge left, and go on with the runs of which the worker died."""
    for company_id in company_ids(Company):
        with company(company_id):
            waiting = list(Invoice.objects.without_pdf().order_by("pk").values_list("pk", flat=True)[:500])
            running = list(InvoiceRun.objects.filter(state=InvoiceRun.State.RUNNING).values_list("pk", flat=True))
        for invoice_id in waiting:
            make_pdf.delay(company_id, invoice_id)
        for run_id in running:
            issue_run.delay(company_id, run_id)
