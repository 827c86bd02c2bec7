"""What mail of a company is held to: so much a day, and more for one that the host has not looked at (`Company.approved_at`).

Else anybody could sign up and send a mail in our name to whom he likes, with a link where he likes, and every company would be on a
blocklist; or one company's mail would fill the day of all others.
"""

import re
from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Lower, Now
from django.utils import timezone

from cleanconnect import jobs
from cleanconnect.jobs import Job
from cleanconnect.tenancy.context import current_company_id

from .models import Message

DAY = timedelta(days=1)
SOON = timedelta(hours=1)  # what is due sooner does not wait for the host: it was kept for others of the same car
RESENT_AGAIN_AFTER = timedelta(minutes=5)
_LEADS_SOMEWHERE = re.compile(r"://|\w\w\.[^\W\d_]{2}")  # an address of a page or of a person, also without the http of it


def is_approved():
    """Whether the company we work for may mail as it likes."""
    return apps.get_model("accounts", "Company").objects.filter(pk=current_company_id(), approved_at__isnull=False).exists()


def has_link(text):
    """Whether a mail program may make something of this text that one can press."""
    return _LEADS_SOMEWHERE.search(text) is not None


def wait(to_email):
    """How long a mail to this address waits: a day for each `MAILS_A_DAY` that the company wrote since yesterday.

    Of one that is not approved also for each `NEW_ADDRESSES_A_DAY` other new addresses of today or that wait already.
    """
    company = apps.get_model("accounts", "Company").objects.filter(pk=current_company_id())
    since_yesterday = Message.objects.filter(created_at__gte=timezone.now() - DAY).order_by().values("company")
    written = Subquery(since_yesterday.annotate(count=Count("pk")).values("count"))
    asked = company.annotate(written=Coalesce(written, 0)).values_list("approved_at", "written")
    approved_at, count = next(iter(asked), (None, 0))
    full = count // settings.MAILS_A_DAY * DAY
    return full if approved_at else max(full, _as_a_stranger(to_email))


def _as_a_stranger(to_email):
    to_it = Message.objects.filter(to_email__iexact=to_email)
    if to_it.filter(sent_at__isnull=False).exists():
        return jobs.AT_ONCE
    first = Job.objects.filter(task=Message.TASK, row_id__in=to_it.values("pk")).order_by("due_at").first()
    if first is not None:
        return max(first.due_at - timezone.now(), jobs.AT_ONCE)
    since = timezone.now() - DAY
    lately = Q(state__in=[Message.State.QUEUED, Message.State.SENDING]) | Q(created_at__gte=since) | Q(sent_at__gte=since)
    known = Message.objects.filter(to_email__iexact=OuterRef("to_email"), sent_at__lt=since)
    new = Message.objects.filter(lately, ~Exists(known)).aggregate(count=Count(Lower("to_email"), distinct=True))["count"]
    return new // settings.NEW_ADDRESSES_A_DAY * DAY


def was_just_sent(message):
    """Whether it went out so shortly ago that it may still be on its way."""
    return message.state == Message.State.SENT and message.sent_at is not None and message.sent_at > timezone.now() - RESENT_AGAIN_AFTER


def _held():
    """The jobs of mails that wait for their day."""
    return Job.objects.filter(task=Message.TASK, attempts=0, due_at__gt=Now() + SOON)


def held():
    """The mails of a company that wait for their day, or for the host."""
    return Message.objects.filter(pk__in=_held().values("row_id")).order_by("pk")


def held_until(message):
    """When the first attempt for a mail that waits for its day is made, if that is still to come; else None."""
    return _held().filter(row_id=message.pk).values_list("due_at", flat=True).first()
