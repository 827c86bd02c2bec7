"""What the page of an order shows of every room. A room that has something to say about an order has its line in `parts`."""

from django.db.models import Exists, OuterRef, Prefetch

from accounts.models import CompanyCosts
from invoicing.order_page import billing
from quality.order_page import quality_of
from quotes.models import Quote
from workorders.costs import of_order, with_figures
from workorders.models import Assignment, DamageMark, OrderPhoto, WorkOrder
from workorders.status import buttons

from .timeline import timeline


def orders():
    """The orders with all that a page of one shows of the order itself."""
    # Not `created_by`: a customer may not see that row, and an inner join would hide the order too.
    rows = (
        WorkOrder.objects.for_overview()
        .select_related("completed_by", "branch", "bay")
        .prefetch_related(
            "lines",
            Prefetch("assignments", Assignment.objects.select_related("membership")),
            Prefetch("photos", OrderPhoto.objects.select_related("added_by")),
            Prefetch("damage_marks", DamageMark.objects.select_related("marked_by")),
        )
    )
    return with_figures(rows).with_invoiced().annotate(has_quotes=Exists(Quote.objects.filter(order=OuterRef("pk"))))


def parts(order, membership):
    """`{name in the template: what it shows}` of an order of `orders()`, as far as this membership may see it."""
    sees_costs = membership.may("costs.see")
    return {
        "buttons": buttons(order, membership),
        "figures": of_order(order, CompanyCosts.objects.current().hourly_cost) if sees_costs else None,
        "billing": billing(order, membership),
        "quality": quality_of(order, membership),
        "events": timeline(order, membership),
    }
