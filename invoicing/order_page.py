"""What the page of an order shows of its invoices, read once for all its parts."""

from .models import Invoice


def invoices_of(order):
    """The invoices and credit notes with lines of this order; read once for an order that was read once."""
    if not hasattr(order, "its_invoices"):
        order.its_invoices = list(Invoice.objects.filter(lines__order=order).distinct())
    return order.its_invoices
