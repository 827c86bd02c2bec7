from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from cleanconnect import jobs
from cleanconnect.jobs import job
from cleanconnect.outside import Unavailable
from customers.models import Customer

from . import bank, keeping, runs, sending
from .models import BankStatement, Invoice, InvoiceRun, OnlinePayment
from .online import paying

STATEMENT_KEPT_FOR = timedelta(days=30)


@job(
    row=Invoice,
    attempts=jobs.attempts_in(timedelta(hours=12)),
    failure=_("De PDF is na herhaald proberen niet gelukt, en de factuur is niet gemaild. Probeer het opnieuw of vraag uw beheerder."),
)
def make_pdf(invoice, undo):
    """Make the PDF of an invoice and post its mail; doing it twice does it once."""
    sending.make_pdf(invoice, undo=undo)


@job(row=InvoiceRun)
def issue_run(run, undo):
    """Issue the next invoice of a run, each in a transaction of its own, until it is done or stopped."""
    return jobs.AT_ONCE if runs.issue_next(run.pk) else None


@job(row=OnlinePayment)
def fetch_online_payment(online, undo):
    """Ask Mollie how a payment stands; one that stays open is asked after every hour, in case Mollie's news got lost."""
    try:
        is_open = paying.fetch(online.pk)
    except Unavailable as error:
        raise jobs.Later from error
    return paying.ASKED_EVERY if is_open else None


@job(
    row=BankStatement, attempts=2, failure=_("Dit bestand kunnen we niet lezen. Download bij uw bank een afschrift als CAMT.053 of MT940.")
)
def read_statement(statement, undo):
    """Read the lines of an uploaded bank statement."""
    bank.take_in(statement)


@job(row=BankStatement)
def forget_statement(statement, undo):
    """Forget an upload of a month ago; its lines stay."""
    bank.forget(statement)


@job(row=Customer)
def forget(customer, undo):
    """Take the names off the invoices of an anonymised customer that need not be kept any longer; next year again, while there are any."""
    return keeping.forget_of_the_year(customer)
