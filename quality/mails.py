"""The mails about the work on a car: what was found, what is asked, that it is ready, that it is done again."""

from django.conf import settings
from django.urls import reverse

from accounts.models import Company
from customers.contacts import recipient, wants
from notifications.models import Message
from notifications.outbox import post
from notifications.wording import Sentence
from workorders.models import WorkOrder


def reaches(order, event, role):
    """Whether a mail of this event can go to the customer of an order, and is wanted."""
    return wants(order.customer, event) and recipient(order.customer, role, order.branch) is not None


def on_status(sender, *, order, change, **kwargs):
    """Tell the customer that the car is ready, and that work which was ready is done again."""
    status = WorkOrder.Status
    if change.after == status.COMPLETED and change.before not in WorkOrder.FINISHED and not order.is_history:
        _tell(order, change, "ready")
    elif change.after == status.REJECTED and change.before in WorkOrder.FINISHED:
        _tell(order, change, "redo")


def _tell(order, change, event):
    if not reaches(order, event, "planning"):
        return
    company, customer, vehicle = Company.objects.get(pk=order.company_id), order.customer, order.vehicle
    to = recipient(customer, "planning", order.branch)
    reach = " · ".join(found for found in (company.phone, company.email) if found)
    url = settings.SITE_URL + reverse("workorders:detail", args=[order.pk])
    words = {
        "naam": to.name,
        "bedrijf": company.name,
        "voertuig": vehicle,
        "merk": vehicle.make_and_model or vehicle.type.name,
        "werkorder": order.number,
        "datum": change.happened_at,
        "opmerking": order.remark or None,
        "bekijken": Sentence("see_order", url=url) if customer.memberships.active().exists() else None,
        "bereikbaar": Sentence("questions", how=reach) if reach else None,
    }
    post(event=event, key=str(change.pk), to_email=to.email, to_name=to.name, language=customer.language, words=words)


def defect(defect):
    """Mankement: what was found on the customer's vehicle; None when the customer cannot be mailed or wants none."""
    if not reaches(defect.order, "defect", "approval"):
        return None
    return post(event=Message.Event.DEFECT, key=str(defect.pk), **mail_of(defect))


def approval(approval, url):
    """Akkoord gevraagd: what was found, what mending it costs, and where to answer; None when the customer cannot be mailed."""
    if not reaches(approval.order, "approval", "approval"):
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
