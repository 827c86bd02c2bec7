"""Incasso: what can be collected from customers with a mandate, the file for the bank, and what came of it."""

from datetime import timedelta

import holidays
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from sepaxml import SepaDD

from accounts.models import Company
from accounts.numbering import next_number
from cleanconnect.sepa import sepa_name, sepa_text
from cleanconnect.tenancy.context import current_company_id
from invoicing import payments
from invoicing.errors import InvoicingError
from invoicing.models import Debit, DebitBatch, Invoice, Mandate, Payment

SCHEMA = "pain.008.001.08"
RECURRENT = "RCUR"  # also the first time: FRST need not be told apart since 2016 (EPC016-06), and one kind is one line at the bank


class NotCollectable(InvoicingError):
    """This cannot be collected so; the message is for the screen."""


def missing(company):
    """What the company still has to fill in before it can collect, in words; "" when nothing is missing."""
    if not company.iban and not company.creditor_id:
        return _("Vul eerst uw IBAN en incassant-ID in; de incassant-ID krijgt u van uw bank.")
    if not company.creditor_id:
        return _("Vul eerst uw incassant-ID in; die krijgt u van uw bank.")
    return "" if company.iban else _("Vul eerst uw IBAN in.")


def active_mandate(customer):
    """The mandate with which this customer's invoices are collected; one that has lapsed is none."""
    return Mandate.objects.usable().filter(customer=customer).first()


def collected_with(invoice):
    """The mandate with which this invoice will be collected, or None when the customer has to pay it."""
    if invoice.is_credit_note or invoice.open_total <= 0 or not invoice.company.creditor_id:
        return None
    return active_mandate(invoice.customer)


def is_bank_day(day):
    """Whether banks in the euro area work on a day: no weekend, no closing day of TARGET."""
    return day.weekday() < 5 and day not in holidays.financial_holidays("XECB", years=day.year)


def first_bank_day(after):
    """The first day after this one on which banks work."""
    day = after + timedelta(days=1)
    while not is_bank_day(day):
        day += timedelta(days=1)
    return day


def collectable():
    """Open invoices of customers with a mandate that are not being collected, the first due first, each with its customer."""
    under_way = Debit.objects.under_way().filter(invoice=OuterRef("pk"))
    with_mandate = Mandate.objects.usable().filter(customer=OuterRef("customer"))
    return Invoice.objects.owed().filter(Exists(with_mandate), ~Exists(under_way)).order_by("due_on", "pk")


def too_early(invoices, day):
    """Why these cannot be collected on a day: the customer was told that it would be later; "" when they can."""
    for invoice in invoices:
        if day < invoice.due_on:
            told = {"invoice": invoice.number, "day": date_format(invoice.due_on, "j F Y")}
            return _("Incasso van %(invoice)s is aangekondigd voor %(day)s; incasseer niet eerder.") % told
    return ""


@transaction.atomic
def make_batch(invoices, *, collect_on, by):
    """A batch that collects what is open of these invoices on a day, with its file; returns it. Raises `NotCollectable`."""
    company = Company.objects.select_for_update(no_key=True).get(pk=current_company_id())
    if text := missing(company):
        raise NotCollectable(text)
    locked = list(Invoice.objects.select_for_update(no_key=True).filter(pk__in=[invoice.pk for invoice in invoices]).order_by("pk"))
    found = {invoice.pk: invoice for invoice in collectable().filter(pk__in=[invoice.pk for invoice in locked])}
    if not found or len(found) < len(locked):
        raise NotCollectable(_("Een gekozen factuur wordt al geïncasseerd of is betaald; bekijk de lijst opnieuw."))
    if text := too_early(found.values(), collect_on):
        raise NotCollectable(text)
    batch = DebitBatch.objects.create(reference=f"INC-{next_number('debit'):05}", collect_on=collect_on, created_by=by)
    mandates = {mandate.customer_id: mandate for mandate in Mandate.objects.usable()}
    debits = [
        Debit(batch=batch, invoice=invoice, mandate=mandates[invoice.customer_id], amount=invoice.open_total) for invoice in found.values()
    ]
    Debit.objects.bulk_create(debits)
    batch.xml = _file(company, batch, debits)
    batch.save(update_fields=["xml"])
    return batch


def _file(company, batch, debits):
    """The pain.008 of a batch."""
    texts = {}
    for scheme in Mandate.Scheme.values:
        of_scheme = [debit for debit in debits if debit.mandate.scheme == scheme]
        if of_scheme:
            texts[scheme] = of_scheme
    if len(texts) > 1:
        raise NotCollectable(_("Gewone en zakelijke (B2B) incasso's gaan niet in één bestand; kies ze apart."))
    scheme = next(iter(texts))
    config = {
        "name": sepa_name(company.name),
        "IBAN": company.iban.replace(" ", ""),
        "batch": True,
        "creditor_id": company.creditor_id,
        "currency": "EUR",
        "instrument": scheme,
    }
    file = SepaDD(config, schema=SCHEMA, clean=True)
    for debit in debits:
        mandate = debit.mandate
        file.add_payment(
            {
                "name": sepa_name(mandate.holder),
                "IBAN": mandate.iban.replace(" ", ""),
                "amount": int(debit.amount * 100),
                "type": RECURRENT,
                "collection_date": batch.collect_on,
                "mandate_id": sepa_text(mandate.reference),
                "mandate_date": mandate.signed_on,
                "description": sepa_text(f"Factuur {debit.invoice.number} {company.name}")[:140],
                "endtoend_id": sepa_text(debit.invoice.number)[:35],
            }
        )
    return file.export(validate=True).decode()


def batches_of(amounts):
    """`{amount: DebitBatch}` of those that are at the bank, for each of these amounts that is all that one of them collects."""
    total = Sum("debits__amount", filter=Q(debits__returned_on=None))
    found = DebitBatch.objects.filter(booked_on=None, collect_on__lte=timezone.localdate()).annotate(total=total).filter(total__in=amounts)
    return {batch.total: batch for batch in found.order_by("-pk")}


@transaction.atomic
def book(batch, *, by):
    """The bank collected the batch: its invoices are paid on that day. Raises `NotCollectable`; twice does it once."""
    batch = DebitBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
    if batch.collect_on > timezone.localdate():
        raise NotCollectable(_("De incassodatum is nog niet geweest."))
    if batch.booked_on:
        return
    batch.booked_on = batch.collect_on
    batch.save(update_fields=["booked_on"])
    for debit in batch.debits.filter(returned_on=None).select_related("invoice"):
        payments.register(debit.invoice, debit.amount, on=batch.collect_on, method=Payment.Method.DEBIT, by=by, note=batch.reference)


@transaction.atomic
def give_back(debit, *, by, on=None, line=None):
    """The customer or its bank took a collection back (storno), perhaps by a `line` of the bank: the invoice is open again.

    Twice does it once.
    """
    debit = Debit.objects.select_for_update(no_key=True, of=["self"]).select_related("batch", "invoice").get(pk=debit.pk)
    if debit.returned_on:
        return
    debit.returned_on, debit.return_line = on or timezone.localdate(), line
    debit.save(update_fields=["returned_on", "return_line"])
    if debit.batch.booked_on:
        note = _("Storno %(batch)s") % {"batch": debit.batch.reference}
        payments.register(debit.invoice, -debit.amount, on=debit.returned_on, method=Payment.Method.DEBIT, by=by, note=note, bank_line=line)


@transaction.atomic
def collect_after_all(debit):
    """The storno was booked wrongly, on a line of the bank: the collection is as it was."""
    debit = Debit.objects.select_for_update(no_key=True, of=["self"]).select_related("return_line").get(pk=debit.pk)
    for payment in debit.return_line.payments.filter(method=Payment.Method.DEBIT):
        payments.take_away(payment)
    debit.returned_on = debit.return_line = None
    debit.save(update_fields=["returned_on", "return_line"])


@transaction.atomic
def discard(batch):
    """The file does not go to the bank: the invoices can be collected anew. Raises `NotCollectable` when it was booked."""
    batch = DebitBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
    if batch.booked_on:
        raise NotCollectable(_("Deze batch is al geboekt."))
    batch.delete()
