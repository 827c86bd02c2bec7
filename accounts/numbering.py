from django.db import transaction
from django.db.models import F

from .models import Counter


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
