import logging
import poplib

from celery import shared_task
from django.conf import settings

from cleanconnect import jobs

from . import bounces, delivery

logger = logging.getLogger(__name__)


@jobs.swept
@shared_task
def deliver(company_id, message_id):
    """Send a message, and what else waits; doing it twice sends it once."""
    delivery.deliver(company_id, message_id)


@shared_task
def collect_bounces():
    """Mark the mails that came back; a mailbox that is away is tried again the next time."""
    if not settings.BOUNCE_MAILBOX:
        return
    try:
        bounces.collect()
    except (OSError, poplib.error_proto) as error:
        logger.warning("The mailbox of mails that come back does not answer: %s", error)
