"""Openstaande posten: per customer what is still to be paid, by how long ago it was invoiced."""

from datetime import timedelta

from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from customers.models import Customer

AGES = (("to_30", 0, 30), ("to_60", 31, 60), ("to_90", 61, 90), ("older", 91, None))  # days since the invoice date


def customers_with_open():
    """Customers with something open; adds `open`, `count`, and for each of `AGES` what of it is that old.

    What is to be paid back, of a credit note or because too much was paid, counts against it: the sum is that of gross less paid.
    """
    today = timezone.localdate()
    unpaid = ~Q(invoices__paid_total=F("invoices__gross_total"))
    still_open = F("invoices__gross_total") - F("invoices__paid_total")
    sums = {}
    for name, first, last in AGES:
        of_age = unpaid & Q(invoices__issued_on__lte=today - timedelta(days=first))
        if last is not None:
            of_age &= Q(invoices__issued_on__gte=today - timedelta(days=last))
        sums[name] = Sum(still_open, filter=of_age, default=0)
    return Customer.objects.filter(unpaid, invoices__isnull=False).annotate(
        open=Sum(still_open, filter=unpaid), count=Count("invoices", filter=unpaid), **sums
    )
