"""What stands on the page of a customer, each part in one query. A room that knows the customer has its line in `parts`."""

from decimal import Decimal

from django.db.models import Count, F, Max, Min, Q, Sum
from django.utils import timezone

from invoicing.collecting import customers_to_invoice
from invoicing.models import Invoice
from quotes.models import Quote
from services.models import PriceAgreement
from vehicles.models import Vehicle
from workorders.models import WorkOrder

SHOWN = 10  # rows of each list; below it stands the way to all of them


class Part(list):
    """The first rows of a list, and whether there are more."""

    def __init__(self, queryset):
        rows = list(queryset[: SHOWN + 1])
        super().__init__(rows[:SHOWN])
        self.has_more = len(rows) > SHOWN


def balance(customer):
    """What is to be paid, in euro including VAT: `open`, of which `overdue` since `oldest`, over `count` invoices."""
    late = Q(due_on__lt=timezone.localdate(), kind=Invoice.Kind.INVOICE, still_open__gt=0)
    unpaid = Invoice.objects.filter(customer=customer).unpaid().with_open()
    sums = unpaid.aggregate(
        open=Sum("still_open"), overdue=Sum("still_open", filter=late), oldest=Min("due_on", filter=late), count=Count("pk")
    )
    return sums | {name: sums[name] or Decimal(0) for name in ("open", "overdue")}


def to_invoice(customer):
    """What is finished and not invoiced: `total` in euro excluding VAT, over `count` orders."""
    row = customers_to_invoice().filter(pk=customer.pk).first()
    return {"total": row.total if row else Decimal(0), "count": row.order_count if row else 0}


def open_orders(customer):
    orders = WorkOrder.objects.open().filter(customer=customer).for_overview()
    return Part(orders.order_by(F("planned_on").asc(nulls_last=True), "number"))


def vehicles(customer):
    """The vehicles of the customer, the one that came last on top."""
    latest = Max("work_orders__created_at", filter=Q(work_orders__customer=customer))
    rows = Vehicle.objects.filter(customers=customer).select_related("type").annotate(latest=latest)
    return Part(rows.order_by(F("latest").desc(nulls_last=True), "pk"))


def agreements(customer):
    """The agreements that hold today or are to come."""
    rows = PriceAgreement.objects.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate()), customer=customer)
    return Part(rows.select_related("service__group__vehicle_type", "group__vehicle_type").order_by("starts_on", "pk"))


def invoices(customer):
    return Part(Invoice.objects.filter(customer=customer))


def quotes(customer):
    return Part(Quote.objects.filter(customer=customer).with_net())


def history(customer):
    return Part(customer.events.select_related("by"))


def parts(customer):
    """`{name in the template: what it shows}`."""
    return {
        "balance": balance(customer),
        "to_invoice": to_invoice(customer),
        "open_orders": open_orders(customer),
        "quotes": quotes(customer),
        "invoices": invoices(customer),
        "vehicles": vehicles(customer),
        "agreements": agreements(customer),
        "contacts": customer.contacts.select_related("branch"),
        "branches": customer.branches.active(),
        "history": history(customer),
    }
