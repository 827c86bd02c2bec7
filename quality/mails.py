"""The mail about the quality check."""

from django.conf import settings
from django.urls import reverse

from accounts.models import Company
from customers.contacts import recipient
from notifications.models import Message
from notifications.outbox import post


def defect(defect):
    """Mankement: what was found on the customer's vehicle; None when the customer has no e-mail address."""
    if recipient(defect.order.customer, "approval", defect.order.branch) is None:
        return None
    return post(event=Message.Event.DEFECT, key=str(defect.pk), **mail_of(defect))


def mail_of(defect):
    """What the customer is mailed: to whom, which template and what it tells."""
    order = defect.order
    customer = order.customer
    to = recipient(customer, "approval", order.branch)
    return {
        "to_email": to.email,
        "to_name": to.name,
        "template": "quality/mail/defect",
        "context": {
            "defect": defect,
            "order": order,
            "vehicle": order.vehicle,
            "name": to.name,
            "company": Company.objects.get(pk=defect.company_id),
            "has_login": customer.memberships.active().exists(),
            "order_url": settings.SITE_URL + reverse("workorders:detail", args=[order.pk]),
        },
    }
