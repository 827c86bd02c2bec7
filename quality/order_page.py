"""What the pages of one order show of the quality check, read once for all their parts."""

from django.db.models import Prefetch, prefetch_related_objects

from cleanconnect.permissions import may

from .checking import Checklist
from .completion import may_reopen
from .models import Approval, Defect


def read(order, membership):
    """Read the defects and the proposals of an order as far as this membership sees them, for `order.defects.all()` and so on.

    Each part of a page asks for them here before it uses them; what another part has read is not read again.
    """
    defects = Defect.objects.with_names() if may(membership, "quality.check") else Defect.objects.all()
    approvals = Approval.objects.select_related("defect", "decided_by")
    prefetch_related_objects([order], Prefetch("defects", defects), Prefetch("approvals", approvals))


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
    return {
        "defects": defects,
        "checklist": Checklist(order),
        "approvals": approvals,
        "can_reopen": may_reopen(order, membership),
    }
