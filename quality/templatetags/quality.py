from django import template
from django.conf import settings

from cleanconnect.permissions import may
from quality.checking import Checklist, read_answers
from quality.models import Approval
from quality.order_page import read
from quality.replay import actor_token

register = template.Library()


@register.simple_tag(name="actor_token", takes_context=True)
def actor_token_of(context, membership):
    return actor_token(context["request"], membership)


@register.simple_tag
def photo_max():
    """How many bytes a photo may have."""
    return settings.PHOTO_MAX_BYTES


@register.filter
def photos_underway(order):
    """How many photos of an order are still on a tablet: of the check, of defects and of the car."""
    read_answers(order)
    return sum(row.is_underway for rows in (order.check_photos, order.defects, order.photos) for row in rows.all())


@register.simple_tag
def quality_of(order, membership):
    """The answers and defects of an order (`with_invoiced`) that this membership may see: a customer the defects only, without names."""
    read(order, membership)
    defects, approvals = order.defects.all(), order.approvals.all()
    if not may(membership, "quality.check"):
        return {
            "defects": defects,
            "checklist": None,
            "can_reopen": False,
            "approvals": [approval for approval in approvals if approval.state != Approval.State.WITHDRAWN],
        }
    is_finished = order.completed_at is not None and order.archived_at is None
    return {
        "defects": defects,
        "checklist": Checklist(order),
        "approvals": approvals,
        "can_reopen": is_finished and may(membership, "workorders.manage") and not order.is_invoiced,
    }
