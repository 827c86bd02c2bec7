"""Days of Amsterdam as moments, half-open, so that an index on the moment serves them.

Django's lookup of a moment's date asks PostgreSQL to reckon the day of each row: no index helps there, and all of them are read.
"""

from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone


def beginning(day):
    """The aware moment at which a `date` begins on the clocks of here."""
    return timezone.make_aware(datetime.combine(day, time.min))


def on_days(field, first=None, last=None):
    """The condition that a moment falls on a day from `first` up to and including `last` (each a `date`, or None: no bound)."""
    condition = Q()
    if first is not None:
        condition &= Q(**{f"{field}__gte": beginning(first)})
    if last is not None:
        condition &= Q(**{f"{field}__lt": beginning(last + timedelta(days=1))})
    return condition
