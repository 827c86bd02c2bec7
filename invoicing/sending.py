"""An issued invoice becomes a PDF and a mail, in one transaction."""

from hashlib import sha256

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from cleanconnect.texts import file_name
from customers.contacts import recipient
from notifications.outbox import post

from . import pdf, ubl
from .debit.collecting import collected_with
from .mail_events import CREDIT_NOTE, DIRECT_DEBIT, INVOICE, NOTHING_TO_PAY, PAY_ONLINE, REMINDER, REMINDER_2, SEE_INVOICE
from .models import Invoice
from .online.links import of_invoice

EVENTS = (INVOICE, NOTHING_TO_PAY, CREDIT_NOTE)
MAILED = (*EVENTS, REMINDER, REMINDER_2)


def make_pdf(invoice, *, undo):
    """Keep the PDF of an invoice that has none yet, and post it to the customer; twice does it once.

    `undo` is an `ExitStack` to which the removal of the file is added, for when the transaction fails after all.
    """
    if invoice.pdf or invoice.forgotten_at:
        return
    data = pdf.render(invoice)
    _keep(invoice, "pdf", data, undo)
    if ubl.is_wanted(invoice) and not ubl.missing(invoice):
        _keep_ubl(invoice, data, undo)
    invoice.failure = ""
    invoice.save(update_fields=["pdf", "pdf_sha256", "ubl", "ubl_sha256", "failure"])
    _mail(invoice)


def make_ubl(invoice, *, undo):
    """Keep the e-invoice of an invoice of which something was missing when it was sent; twice does it once. Returns whether it did."""
    invoice = Invoice.objects.select_for_update(no_key=True).get(pk=invoice.pk)
    if invoice.ubl or not invoice.pdf or not ubl.is_wanted(invoice) or ubl.missing(invoice):
        return False
    with invoice.pdf.open() as file:
        _keep_ubl(invoice, file.read(), undo)
    invoice.save(update_fields=["ubl", "ubl_sha256"])
    return True


def _keep_ubl(invoice, made_pdf, undo):
    _keep(invoice, "ubl", ubl.build(invoice, made_pdf if ubl.buyer_of(invoice)["e_invoice_pdf"] else None), undo)


def _keep(invoice, name, data, undo):
    """Store the bytes of a file of the invoice, and their hash."""
    kept = getattr(invoice, name)
    kept.save(f"factuur.{'xml' if name == 'ubl' else name}", ContentFile(data), save=False)
    undo.callback(kept.storage.delete, kept.name)
    setattr(invoice, f"{name}_sha256", sha256(data).hexdigest())


@transaction.atomic
def preview(make):
    """The PDF of the invoice that `make()` would issue, with *concept* for a number; nothing of it is kept."""
    invoice = make()
    invoice.number = _("concept")
    data = pdf.render(invoice)
    transaction.set_rollback(True)
    return data


def _mail(invoice):
    if recipient(invoice.customer, "invoices") is None:
        return
    attachments = [(invoice.pdf.name, file_name(f"{invoice}.pdf"))] + [(invoice.ubl.name, file_name(f"{invoice}.xml"))] * bool(invoice.ubl)
    message = post(event=event_of(invoice), key=str(invoice.pk), attachments=attachments, **mail_of(invoice))
    if not message.attachments:  # written before there was a PDF: the demo company's mails of months ago
        message.attachments = attachments
        message.save(update_fields=["attachments"])


def event_of(invoice):
    """Which mail it goes with."""
    if invoice.is_credit_note:
        return CREDIT_NOTE
    return INVOICE if invoice.gross_total else NOTHING_TO_PAY


def mail_of(invoice):
    """What the customer is mailed: to whom, in which language, and the words of it."""
    customer = invoice.customer
    to = recipient(customer, "invoices")
    url = settings.SITE_URL + reverse("invoicing:detail", args=[invoice.pk])
    return {
        "to_email": to.email,
        "to_name": to.name,
        "language": customer.language,
        "words": {
            "naam": to.name,
            "bedrijf": invoice.seller["name"],
            "factuurnummer": invoice.number,
            "factuurdatum": invoice.issued_on,
            "bedrag": invoice.gross_total,
            "vervaldatum": invoice.due_on,
            "iban": invoice.seller_iban,
            "betalen": how_to_pay(invoice),
            "bekijken": SEE_INVOICE(url=url) if customer.memberships.active().exists() else None,
        }
        | _of_credit_note(invoice),
    }


def how_to_pay(invoice):
    """The sentence that says that it is collected, or has the link to pay online; or None."""
    mandate = collected_with(invoice)
    if mandate:
        how = {"iban": mandate.shown_iban, "mandate": mandate.reference, "creditor": invoice.company.creditor_id}
        return DIRECT_DEBIT(amount=invoice.open_total, day=invoice.due_on, **how)
    url = of_invoice(invoice)
    return PAY_ONLINE(url=url) if url else None


def _of_credit_note(invoice):
    if not invoice.is_credit_note:
        return {}
    return {"oorspronkelijk": invoice.credits.number, "reden": invoice.reason, "bedrag": -invoice.gross_total}
