"""The mail about the quality check."""

from django.conf import settings
from django.urls import reverse

from accounts.models import Company
from notifications.models import Message
from notifications.outbox import post


def defect(defect):
    """Mankement: what was found on the customer's vehicle; None when the customer has no e-mail address."""
    order = defect.order
    customer = order.customer
    if not customer.email:
        return None
    return post(
        event=Message.Event.DEFECT,
        key=str(defect.pk),
        template="quality/mail/defect",
        context={
            "defect": defect,
            "order": order,
            "vehicle": order.vehicle,
            "name": customer.contact_name or customer.name,
            "company": Company.objects.get(pk=defect.company_id),
            "has_login": customer.memberships.active().exists(),
            "order_url": settings.SITE_URL + reverse("workorders:detail", args=[order.pk]),
        },
        to_email=customer.email,
        to_name=customer.contact_name or customer.name,
    )
