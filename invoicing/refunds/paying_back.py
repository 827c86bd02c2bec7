"""Terugbetalen: what has to go back to customers, the file for the bank, and that it was paid."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from sepaxml import SepaTransfer

from accounts.models import Company
from accounts.numbering import next_number
from cleanconnect.sepa import sepa_name, sepa_text
from cleanconnect.tenancy.context import current_company_id
from invoicing import payments
from invoicing.errors import InvoicingError
from invoicing.models import Debit, Invoice, Payment, Refund, RefundBatch

SCHEMA = "pain.001.001.09"


class NotRefundable(InvoicingError):
    """This cannot be paid back so; the message is for the screen."""


@dataclass(frozen=True)
class Account:
    """Where money goes back to."""

    holder: str
    iban: str


def to_pay_back():
    """Credit notes and invoices of which too much was paid that are not at the bank already, the oldest first, each with its customer."""
    at_the_bank = Refund.objects.filter(invoice=OuterRef("pk"), batch__booked_on=None)
    owed = Invoice.objects.filter(paid_total__gt=F("gross_total")).exclude(Exists(at_the_bank))
    return owed.select_related("customer", "credits").order_by("issued_on", "pk")


def accounts_of(invoices):
    """`{invoice.pk: Account}` that the money of each came from, else the customer's own; without an IBAN where we know none."""
    paid = {invoice.pk: invoice.credits_id or invoice.pk for invoice in invoices}
    debits = Debit.objects.filter(invoice__in=paid.values(), returned_on=None, batch__booked_on__isnull=False)
    known = {debit.invoice_id: Account(debit.mandate.holder, debit.mandate.iban) for debit in debits.select_related("mandate")}
    by_bank = Payment.objects.filter(invoice__in=paid.values(), amount__gt=0).exclude(bank_line=None).exclude(bank_line__iban="")
    for payment in by_bank.select_related("bank_line").order_by("received_on", "pk"):
        known[payment.invoice_id] = Account(payment.bank_line.name, payment.bank_line.iban)
    return {invoice.pk: known.get(paid[invoice.pk]) or Account(invoice.customer.name, invoice.customer.iban) for invoice in invoices}


@transaction.atomic
def make_batch(accounts, *, pay_on, by):
    """A batch that pays back all that is owed of these invoices, `{invoice: Account}`, on a day, with its file. Raises `NotRefundable`."""
    company = Company.objects.select_for_update(no_key=True).get(pk=current_company_id())
    if not company.iban:
        raise NotRefundable(_("Vul eerst uw IBAN in."))
    pks = [invoice.pk for invoice in accounts]
    locked = list(Invoice.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk"))
    owed = list(to_pay_back().filter(pk__in=pks))
    if not owed or len(owed) < len(locked):
        raise NotRefundable(_("Een gekozen bedrag is al terugbetaald of al bij de bank; bekijk de lijst opnieuw."))
    batch = RefundBatch.objects.create(reference=f"TER-{next_number('refund'):05}", pay_on=pay_on, created_by=by)
    refunds = [
        Refund(batch=batch, invoice=invoice, amount=invoice.overpaid, holder=accounts[invoice].holder[:70], iban=accounts[invoice].iban)
        for invoice in owed
    ]
    Refund.objects.bulk_create(refunds)
    batch.xml = _file(company, batch, refunds)
    batch.save(update_fields=["xml"])
    return batch


def _file(company, batch, refunds):
    """The pain.001 of a batch."""
    config = {"name": sepa_name(company.name), "IBAN": company.iban.replace(" ", ""), "batch": True, "currency": "EUR"}
    file = SepaTransfer(config, schema=SCHEMA, clean=True)
    for refund in refunds:
        file.add_payment(
            {
                "name": sepa_name(refund.holder),
                "IBAN": refund.iban,
                "amount": int(refund.amount * 100),
                "execution_date": batch.pay_on,
                "description": sepa_text(f"Terugbetaling {refund.invoice} {company.name}")[:140],
                "endtoend_id": sepa_text(refund.invoice.number)[:35],
            }
        )
    return file.export(validate=True).decode()


@transaction.atomic
def book(batch, *, by):
    """The bank paid the batch: of each invoice goes back what is still owed of it. Raises `NotRefundable`; twice does it once."""
    batch = RefundBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
    if batch.pay_on > timezone.localdate():
        raise NotRefundable(_("De dag van deze terugbetaling is nog niet geweest."))
    if batch.booked_on:
        return
    batch.booked_on = batch.pay_on
    batch.save(update_fields=["booked_on"])
    for refund in batch.refunds.order_by("invoice"):
        invoice = Invoice.objects.select_for_update(no_key=True).get(pk=refund.invoice_id)
        if amount := min(refund.amount, invoice.overpaid):  # less when it was found on a bank statement, or typed in, before
            payments.register(invoice, -amount, on=batch.pay_on, method=Payment.Method.BANK, by=by, note=batch.reference)


@transaction.atomic
def discard(batch):
    """The file does not go to the bank: it can be paid back anew. Raises `NotRefundable` when it was booked."""
    batch = RefundBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
    if batch.booked_on:
        raise NotRefundable(_("Deze terugbetaling is al geboekt."))
    batch.delete()
