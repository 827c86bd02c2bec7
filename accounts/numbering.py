from django.db import transaction
from django.db.models import F

from .models import Counter


class AlreadyBegun(Exception):
    """Numbers of this series were given already, and a gap cannot be explained."""


def invoice_series(own_format, on):
    """The series of the invoice numbers of a day; one without the year in its format counts on through the years."""
    return f"invoice-{on.year}" if "{jaar}" in own_format or "{jj}" in own_format else "invoice"


def next_of(series):
    """The number that comes next, and whether it may be another one because none was given yet: `(number, may_begin)`."""
    counter = Counter.objects.filter(series=series).first() or Counter()
    return counter.last + 1, counter.last == counter.began_at


@transaction.atomic
def begin_at(series, number):
    """Have a series of which no number was given begin at this one: a company changes over in mid-year. Raises `AlreadyBegun`."""
    Counter.objects.bulk_create([Counter(series=series)], ignore_conflicts=True)
    if not Counter.objects.filter(series=series, last=F("began_at")).update(last=number - 1, began_at=number - 1):
        raise AlreadyBegun


@transaction.atomic(savepoint=False)
def next_number(series):
    """The next number of a series of this company, without gaps: it is taken back with the transaction that asked for it.

    The counter's row stays locked until that transaction ends, so two issuers never get the same number.
    """
    counters = Counter.objects.filter(series=series)
    if not counters.update(last=F("last") + 1):  # the first of a series
        Counter.objects.bulk_create([Counter(series=series)], ignore_conflicts=True)
        counters.update(last=F("last") + 1)
    return counters.values_list("last", flat=True).get()
