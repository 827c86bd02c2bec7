from django import template

from cleanconnect.permissions import may
from quality.approvals import link
from quality.checking import Checklist
from quality.models import Approval
from quality.replay import actor_token

register = template.Library()
register.simple_tag(actor_token)


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
        "can_reopen": is_finished and may(membership, "workorders.manage") and not order.invoice_lines.exists(),
    }
