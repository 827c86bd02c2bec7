from django.db import transaction

from .models import Counter


@transaction.atomic
def next_number(series):
    """The next number of a series of this company, without gaps: it is taken back with the transaction that asked for it.

    The counter's row stays locked until that transaction ends, so two issuers never get the same number.
    """
    Counter.objects.bulk_create([Counter(series=series)], ignore_conflicts=True)
    counter = Counter.objects.select_for_update(no_key=True).get(series=series)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last
