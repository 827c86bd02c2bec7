"""What the page of an order shows of its invoices, read once for all its parts."""

from cleanconnect.permissions import may

from . import collecting
from .models import Invoice


def invoices_of(order):
    """The invoices and credit notes with lines of this order; read once for an order that was read once."""
    if not hasattr(order, "its_invoices"):
        order.its_invoices = list(Invoice.objects.filter(lines__order=order).distinct())
    return order.its_invoices


def billing(order, membership):
    """The invoices of an order that this membership may see, and whether it may issue one now."""
    if not may(membership, "invoicing.view"):
        return {"invoices": [], "can_issue": False}
    invoices = invoices_of(order)
    may_issue = may(membership, "invoicing.manage") and order.is_finished and not invoices
    return {"invoices": invoices, "can_issue": may_issue and collecting.to_invoice().filter(pk=order.pk).exists()}
