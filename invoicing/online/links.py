"""The links of paying online: of the customer, in the mail, and of Mollie, which works for ever; both are signed, not stored."""

from django.conf import settings
from django.urls import reverse

from cleanconnect.links import signature
from cleanconnect.tenancy.context import whole_company
from invoicing.models import PaymentAccount

NEWS = "invoicing.online.news"  # what such a link is for


def webhook(online):
    """The address where Mollie says that there is news of a payment; None where it cannot reach us."""
    if not settings.SITE_URL.startswith("https://"):
        return None
    path = reverse("mollie-webhook", args=[online.company_id, online.pk, signature(NEWS, online.company_id, online.pk)])
    return settings.SITE_URL + path


def can_have_link(invoice):
    """Whether a customer may have the link of this invoice, or get a new one: the company is paid online, or this invoice was."""
    return invoice.has_open_link and PaymentAccount.objects.values("pk").union(invoice.online_payments.values("pk")).exists()


def of_invoice(invoice):
    """The address by which the customer may pay this invoice online, or None."""
    if invoice.is_credit_note or invoice.open_total <= 0 or invoice.credited_on or not invoice.link_works:
        return None
    with whole_company():  # a customer sees nothing of the account, but may know that there is one
        return invoice.link if PaymentAccount.objects.exists() else None
