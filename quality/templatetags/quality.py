from django import template
from django.conf import settings

from cleanconnect.permissions import may
from quality.approvals import link
from quality.checking import Checklist
from quality.models import Approval
from quality.replay import actor_token
from workorders.models import underway

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
    of_check, of_defects, of_car = (underway(rows).order_by().values("pk") for rows in (order.check_photos, order.defects, order.photos))
    return of_check.union(of_defects, of_car, all=True).count()


@register.simple_tag
def quality_of(order, membership):
    """The answers and defects of an order that this membership may see: a customer the defects only, without names."""
    approvals = order.approvals.select_related("defect")
    if not may(membership, "quality.check"):
        found = list(approvals.exclude(state=Approval.State.WITHDRAWN))
        for approval in found:
            approval.page = link(approval)
        return {"defects": list(order.defects.all()), "checklist": None, "can_reopen": False, "approvals": found}
    is_finished = order.completed_at is not None and order.archived_at is None
    return {
        "defects": list(order.defects.with_names()),
        "checklist": Checklist(order),
        "approvals": list(approvals.select_related("decided_by")),
        "can_reopen": is_finished and may(membership, "workorders.manage") and not order.invoice_lines.charging().exists(),
    }
