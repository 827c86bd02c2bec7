"""An issued invoice becomes a PDF and a mail, in one transaction."""

from hashlib import sha256

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from customers.contacts import recipient
from notifications.models import Message
from notifications.outbox import post
from notifications.wording import Sentence

from . import pdf
from .models import Invoice

EVENTS = (Message.Event.INVOICE, Message.Event.CREDIT_NOTE)


def make_pdf(invoice_id, *, undo):
    """Keep the PDF of an invoice that has none yet, and post it to the customer; twice does it once.

    `undo` is an `ExitStack` to which the removal of the file is added, for when the transaction fails after all.
    """
    invoice = Invoice.objects.without_pdf().select_for_update().filter(pk=invoice_id).first()
    if invoice is None:
        return
    data = pdf.render(invoice)
    invoice.pdf.save("factuur.pdf", ContentFile(data), save=False)
    undo.callback(invoice.pdf.storage.delete, invoice.pdf.name)
    invoice.pdf_sha256 = sha256(data).hexdigest()
    invoice.save(update_fields=["pdf", "pdf_sha256"])
    _mail(invoice)


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
    attachment = (invoice.pdf.name, f"{invoice}.pdf")
    event = Message.Event.CREDIT_NOTE if invoice.is_credit_note else Message.Event.INVOICE
    message = post(event=event, key=str(invoice.pk), attachment=attachment, **mail_of(invoice))
    if not message.attachment:  # written before there was a PDF: the demo company's mails of months ago
        message.attachment, message.attachment_name = attachment
        message.save(update_fields=["attachment", "attachment_name"])


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
            "iban": invoice.seller["iban"],
            "bekijken": Sentence("see_invoice", url=url) if customer.memberships.active().exists() else None,
        }
        | _of_credit_note(invoice),
    }


def _of_credit_note(invoice):
    if not invoice.is_credit_note:
        return {}
    return {"oorspronkelijk": invoice.credits.number, "reden": invoice.reason, "bedrag": -invoice.gross_total}
