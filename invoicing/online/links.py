"""The link by which anyone who has the mail pays one invoice online; it is signed, not stored."""

from django.conf import settings
from django.urls import reverse

from cleanconnect.links import signature
from cleanconnect.tenancy.context import whole_company
from invoicing.models import PaymentAccount

INVOICE, NEWS = "invoicing.online.invoice", "invoicing.online.news"  # kinds of links


def address(invoice):
    """Of the page on which an invoice is paid, without a login."""
    path = reverse("pay-online", args=[invoice.company_id, invoice.pk, signature(INVOICE, invoice.company_id, invoice.pk)])
    return settings.SITE_URL + path


def webhook(online):
    """The address where Mollie says that there is news of a payment; None where it cannot reach us."""
    if not settings.SITE_URL.startswith("https://"):
        return None
    path = reverse("mollie-webhook", args=[online.company_id, online.pk, signature(NEWS, online.company_id, online.pk)])
    return settings.SITE_URL + path


def of_invoice(invoice):
    """The address by which the customer may pay this invoice online, or None."""
    if invoice.is_credit_note or invoice.open_total <= 0 or invoice.credited_on:
        return None
    with whole_company():  # a customer sees nothing of the account, but may know that there is one
        return address(invoice) if PaymentAccount.objects.exists() else None
