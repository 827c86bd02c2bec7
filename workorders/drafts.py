"""Concepten: what was typed in the form of a new order survives a closed tab and an expired login."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.utils import timezone

from cleanconnect import once

from .models import OrderDraft, WorkOrder

KEPT = timedelta(days=30)
SHOWN = 5
NOT_TYPED = once.NOT_TYPED | {"concept", "opzoeken", "vorige", "country", "status", "status_shown", "version"}


def key_of(text):
    """The key of a draft in an address or a form; a new one when there is none."""
    try:
        return UUID(text)
    except (TypeError, ValueError, AttributeError):
        return uuid4()


def keep(typed, membership):
    """Keep what was typed (a QueryDict with its key as `concept`); neither an empty form nor one that became an order meanwhile is kept."""
    key = key_of(typed.get("concept"))
    if WorkOrder.objects.filter(key=key).exists():  # what the browser kept while it was being saved comes late
        return
    values = {name: [one.replace("\0", "") for one in found] for name, found in typed.lists() if name not in once.NOT_TYPED}
    if any(any(found) for name, found in values.items() if name not in NOT_TYPED and not name.startswith(("regels-", "quantity_"))):
        draft = OrderDraft(key=key, membership=membership, typed=values)
        unique, kept = ["company", "membership", "key"], ["typed", "saved_at"]
        OrderDraft.objects.bulk_create([draft], update_conflicts=True, unique_fields=unique, update_fields=kept)


def typed(key, membership):
    """What was typed, as a QueryDict, or None."""
    draft = OrderDraft.objects.filter(key=key, membership=membership).first()
    if draft is None:
        return None
    found = QueryDict(mutable=True)
    for name, values in draft.typed.items():
        found.setlist(name, values)
    return found


def unfinished(membership):
    """The newest drafts of someone; old ones go. One that the browser kept while its order was being saved is none."""
    mine = OrderDraft.objects.filter(membership=membership)
    mine.filter(saved_at__lt=timezone.now() - KEPT).delete()
    return mine.exclude(Exists(WorkOrder.objects.filter(key=OuterRef("key"))))[:SHOWN]


def drop(key, membership):
    OrderDraft.objects.filter(key=key, membership=membership).delete()
