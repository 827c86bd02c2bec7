"""The mail about the quality check."""

from django.conf import settings
from django.urls import reverse

from accounts.models import Company
from customers.contacts import recipient
from notifications.models import Message
from notifications.outbox import post
from notifications.wording import Sentence


def defect(defect):
    """Mankement: what was found on the customer's vehicle; None when the customer has no e-mail address."""
    if recipient(defect.order.customer, "approval", defect.order.branch) is None:
        return None
    return post(event=Message.Event.DEFECT, key=str(defect.pk), **mail_of(defect))


def approval(approval, url):
    """Akkoord gevraagd: what was found, what mending it costs, and the link to answer; None when the customer has no e-mail address."""
    if recipient(approval.order.customer, "approval", approval.order.branch) is None:
        return None
    mail = mail_of(approval.defect)
    private = approval.order.customer.type.is_private
    mail["words"] |= {
        "handeling": approval.name,
        "bedrag": approval.price_including_vat if private else approval.unit_price,
        "btw": Sentence("including_vat" if private else "excluding_vat"),
        "link": url,
    }
    return post(event=Message.Event.APPROVAL, key=str(approval.pk), **mail)


def mail_of(defect):
    """What the customer is mailed: to whom, in which language, and the words of it."""
    order, company = defect.order, Company.objects.get(pk=defect.company_id)
    customer, vehicle = order.customer, order.vehicle
    to = recipient(customer, "approval", order.branch)
    reach = " · ".join(found for found in (company.phone, company.email) if found)
    return {
        "to_email": to.email,
        "to_name": to.name,
        "language": customer.language,
        "words": {
            "naam": to.name,
            "bedrijf": company.name,
            "voertuig": vehicle,
            "merk": vehicle.make_and_model or vehicle.type.name,
            "werkorder": order.number,
            "datum": defect.found_at,
            "mankement": defect.description,
            "bekijken": _where_to_see(defect),
            "bereikbaar": Sentence("questions", how=reach) if reach else None,
        },
    }


def _where_to_see(defect):
    url = settings.SITE_URL + reverse("workorders:detail", args=[defect.order_id])
    if defect.order.customer.memberships.active().exists():
        return Sentence("see_photo" if defect.photo else "see_order", url=url)
    return Sentence("ask_photo") if defect.photo else None
