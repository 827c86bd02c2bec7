"""How far long work is, for the bar on the page that waits for it; forgotten after an hour."""

from django.core.cache import caches

from cleanconnect.tenancy.context import current_company_id


def _key(instance):
    return f"progress:{current_company_id()}:{instance._meta.label_lower}:{instance.pk}"


def report(instance, percent):
    """The work that this row stands for is at `percent`."""
    caches["passing"].set(_key(instance), int(percent), 3600)


def progress(instance):
    """How far the worker is, in percent."""
    return caches["passing"].get(_key(instance), 0)
