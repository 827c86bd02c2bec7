"""The mails about the work on a car: what was found, what is asked, that it is ready, that it is done again."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse

from accounts.models import Company
from cleanconnect.jobs import AT_ONCE
from cleanconnect.linked import STAYS
from customers.contacts import recipient, wants
from notifications.models import Message
from notifications.outbox import post, send_now
from notifications.wording import EXCLUDING_VAT, INCLUDING_VAT, QUESTIONS, letter
from workorders.models import WorkOrder

from .mail_events import APPROVAL, DEFECT, READY, REDO, SEE_EACH, SEE_ONE, SEE_ORDER
from .models import Approval

PHOTO_IN = timedelta(minutes=1)  # so long a mail waits for its photo, which mostly takes seconds


def reaches(order, event, role):
    """Whether a mail of this event can go to the customer of an order, and is wanted."""
    return wants(order.customer, event) and recipient(order.customer, role, order.branch) is not None


def on_status(sender, *, order, change, **kwargs):
    """Tell the customer that the car is ready, and that work which was ready is done again."""
    status = WorkOrder.Status
    if change.after == status.COMPLETED and change.before not in WorkOrder.FINISHED and not order.is_history:
        _tell(order, change, READY)
    elif change.after == status.REJECTED and change.before in WorkOrder.FINISHED:
        _tell(order, change, REDO)


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
        "bekijken": SEE_ORDER(url=url) if customer.memberships.active().exists() else None,
        "bereikbaar": QUESTIONS(how=reach) if reach else None,
    }
    post(event=event, key=str(change.pk), to_email=to.email, to_name=to.name, language=customer.language, words=words)


def defect(defect):
    """Mankement: what was found on the customer's vehicle; None when the customer cannot be mailed or wants none."""
    if not reaches(defect.order, DEFECT, "approval"):
        return None
    if waiting := _waiting(defect):
        return waiting
    return post(event=DEFECT, key=str(defect.pk), delay=settings.DEFECTS_TOGETHER, **mail_of(defect))


def _waiting(defect):
    """The mail of earlier defects of this order that has not gone out yet, with this one added; or None."""
    order = defect.order
    keys = [str(pk) for pk in order.defects.exclude(pk=defect.pk).values_list("pk", flat=True)]
    waiting = Message.objects.held_back().filter(event=DEFECT, event_key__in=keys)
    message = waiting.select_for_update(no_key=True).first()
    if message is None:
        return None
    together = order.defects.filter(pk__gte=int(message.event_key)).exclude(approvals__state=Approval.State.ASKED).order_by("pk")
    mail = mail_of(defect, together)
    for name, value in letter(message.event, message.language, mail["words"]).items():
        setattr(message, name, value)
    message.pictures = mail["pictures"]
    message.save(update_fields=["subject", "text", "language", "pictures"])
    return message


def approval(approval, url):
    """Akkoord gevraagd: what was found, what mending it costs, and where to answer; None when the customer cannot be mailed."""
    if not reaches(approval.order, APPROVAL, "approval"):
        return None
    mail = mail_of(approval.defect)
    with_vat = approval.is_shown_including_vat
    mail["pictures"] = [[name, url] for name, _page in mail["pictures"]]
    mail["words"] |= {
        "handeling": approval.name,
        "bedrag": approval.price_including_vat if with_vat else approval.price_excluding_vat,
        "btw": (INCLUDING_VAT if with_vat else EXCLUDING_VAT)(),
        "link": url,
    }
    delay = PHOTO_IN if approval.defect.is_waiting else AT_ONCE
    return post(event=APPROVAL, key=str(approval.pk), delay=delay, **mail)


def mail_of(defect, together=()):
    """What the customer is mailed of a defect, or of several together: to whom, in which language, and the words of it."""
    order, company = defect.order, Company.objects.get(pk=defect.company_id)
    customer, vehicle = order.customer, order.vehicle
    to = recipient(customer, "approval", order.branch)
    reach = " · ".join(part for part in (company.phone, company.email) if part)
    found = list(together) or [defect]
    return {
        "pictures": [[one.photo.name, one.link] for one in found if one.photo],
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
            "mankement": "\n".join(f"• {one.description}\n{one.link}" for one in found) if len(found) > 1 else defect.description,
            "bekijken": (SEE_EACH if len(found) > 1 else SEE_ONE)(days=STAYS.days, url=defect.link),
            "bereikbaar": QUESTIONS(how=reach) if reach else None,
        },
    }


def add_picture(defect):
    """The photo of a defect came in: show it small in the mails about it that still wait."""
    keys = [str(pk) for pk in defect.order.defects.values_list("pk", flat=True)]
    waiting = Message.objects.untried().select_for_update(no_key=True)
    for message in waiting.filter(event=DEFECT, event_key__in=keys):
        if defect.link in message.text:
            message.pictures = [*message.pictures, [defect.photo.name, defect.link]]
            message.save(update_fields=["pictures"])
    asked = {str(approval.pk): approval for approval in defect.approvals.all()}
    for message in waiting.filter(event=APPROVAL, event_key__in=asked, pictures=[]):
        message.pictures = [[defect.photo.name, asked[message.event_key].link]]
        message.save(update_fields=["pictures"])
        send_now(message)
