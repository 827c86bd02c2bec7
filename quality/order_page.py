"""What the pages of one order show of the quality check, read once for all their parts."""

from django.db.models import Prefetch, prefetch_related_objects

from cleanconnect.permissions import may

from .models import Approval, Defect


def read(order, membership):
    """Read the defects and the proposals of an order as far as this membership sees them, for `order.defects.all()` and so on.

    Each part of a page asks for them here before it uses them; what another part has read is not read again.
    """
    defects = Defect.objects.with_names() if may(membership, "quality.check") else Defect.objects.all()
    approvals = Approval.objects.select_related("defect", "decided_by")
    prefetch_related_objects([order], Prefetch("defects", defects), Prefetch("approvals", approvals))
