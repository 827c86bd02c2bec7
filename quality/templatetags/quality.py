from django import template

from cleanconnect.permissions import may
from quality.checking import Checklist

register = template.Library()


@register.simple_tag
def quality_of(order, membership):
    """The answers and defects of an order that this membership may see: a customer the defects only, without names."""
    if not may(membership, "quality.check"):
        return {"defects": list(order.defects.all()), "checklist": None, "can_reopen": False}
    is_finished = order.completed_at is not None and order.archived_at is None
    return {
        "defects": list(order.defects.with_names()),
        "checklist": Checklist(order),
        "can_reopen": is_finished and may(membership, "workorders.manage") and not order.invoice_lines.exists(),
    }
