"""How much one company may ask of a server that it shares with a thousand others; counted in the rows themselves."""

from datetime import timedelta

from django.utils import timezone

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def is_used_up(rows, *, most, within):
    """Whether the company made so many of these rows (with a `created_at`) within that time (a timedelta)."""
    return rows.filter(created_at__gte=timezone.now() - within).order_by()[:most].count() >= most
