"""What mail of a company is held to that signed itself up and that the host has not looked at (`Company.approved_at`).

Else anybody could send a mail in our name to whom he likes, with a link where he likes, and every company would be on a blocklist.
"""

from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.html import urlize

from cleanconnect import jobs
from cleanconnect.jobs import Job
from cleanconnect.tenancy.context import current_company_id

from .models import Message

DAY = timedelta(days=1)
RESENT_AGAIN_AFTER = timedelta(minutes=5)


def is_approved():
    """Whether the company we work for may mail as it likes."""
    return apps.get_model("accounts", "Company").objects.filter(pk=current_company_id(), approved_at__isnull=False).exists()


def has_link(text):
    """Whether a mail program would make something of this text that one can press: an address of a page or of a person."""
    return "<a " in urlize(text)


def wait(to_email):
    """How long a mail to this address waits: a day for each `NEW_ADDRESSES_A_DAY` others that had their first mail within a day."""
    if is_approved() or Message.objects.filter(to_email__iexact=to_email).exists():
        return jobs.AT_ONCE
    lately = Message.objects.filter(created_at__gte=timezone.now() - DAY)
    return (lately.order_by().values("to_email").distinct().count() // settings.NEW_ADDRESSES_A_DAY) * DAY


def was_just_sent(message):
    """Whether it went out so shortly ago that it may still be on its way."""
    return message.state == Message.State.SENT and message.sent_at > timezone.now() - RESENT_AGAIN_AFTER


def held_until(message):
    """When the first attempt for a mail of a company that waits for approval is made, if that is still to come; else None."""
    if is_approved():
        return None
    waiting = Job.objects.filter(task=Message.TASK, row_id=message.pk, attempts=0, due_at__gt=Now())
    return waiting.values_list("due_at", flat=True).first()
