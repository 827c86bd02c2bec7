import logging
import poplib

from celery import shared_task
from django.apps import apps
from django.conf import settings

from cleanconnect.tenancy.context import company, company_ids

from . import bounces, delivery
from .models import Message

logger = logging.getLogger(__name__)


@shared_task
def deliver(company_id, message_id):
    """Send one message; doing it twice sends it once."""
    with company(company_id):
        message = delivery.claim(message_id)
    if message is None:
        return
    with company(company_id):
        sender = apps.get_model("accounts", "Company").objects.get(pk=company_id)
        outcome = delivery.send(message, company=sender)
        delivery.settle(message, *outcome)


@shared_task
def sweep():
    """Deliver what waits and has no nudge left."""
    for company_id in company_ids(apps.get_model("accounts", "Company")):
        with company(company_id):
            delivery.give_up_stuck()
            due = list(Message.objects.due().values_list("pk", flat=True)[:500])
        for message_id in due:
            deliver.delay(company_id, message_id)


@shared_task
def collect_bounces():
    """Mark the mails that came back; a mailbox that is away is tried again the next time."""
    if not settings.BOUNCE_MAILBOX:
        return
    try:
        bounces.collect()
    except (OSError, poplib.error_proto) as error:
        logger.warning("The mailbox of mails that come back does not answer: %s", error)
