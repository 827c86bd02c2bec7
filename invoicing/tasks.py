from contextlib import ExitStack, suppress

from celery import shared_task

from accounts.models import Company
from cleanconnect.outside import Unavailable
from cleanconnect.tenancy.context import company, company_ids

from . import runs, sending
from .keeping import forget_invoices
from .models import Invoice, InvoiceRun, OnlinePayment
from .online import paying


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
def fetch_online_payment(company_id, online_id):
    """Ask Mollie how a payment stands; when Mollie does not answer the sweep asks again."""
    with suppress(Unavailable), company(company_id):
        paying.fetch(online_id)


@shared_task
def forget():
    """Take the names off invoices of anonymised customers that need not be kept any longer."""
    for company_id in company_ids(Company):
        with company(company_id):
            forget_invoices(Invoice.objects.filter(customer__anonymised_at__isnull=False))


@shared_task
def sweep():
    """What has no nudge left: PDFs to be made, runs of which the worker died, payments that Mollie did not tell of."""
    for company_id in company_ids(Company):
        with company(company_id):
            waiting = list(Invoice.objects.without_pdf().order_by("pk").values_list("pk", flat=True)[:500])
            running = list(InvoiceRun.objects.filter(state=InvoiceRun.State.RUNNING).values_list("pk", flat=True))
            unsettled = list(OnlinePayment.objects.unsettled().values_list("pk", flat=True)[:100])
        for invoice_id in waiting:
            make_pdf.delay(company_id, invoice_id)
        for run_id in running:
            issue_run.delay(company_id, run_id)
        for online_id in unsettled:
            fetch_online_payment.delay(company_id, online_id)
