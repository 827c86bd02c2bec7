"""Verhoging ongedaan maken: until the day that it begins, every price of a rise becomes what it was."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import ListPrice, PriceAgreement, PriceRise, Service
from .raising import BATCH, remember


class TooLate(Exception):
    """The day of the rise has begun, or it was taken back already."""

    def __init__(self, rise):
        done = _("Deze verhoging is al ongedaan gemaakt.")
        super().__init__(done if rise.undone_at else _("Deze verhoging is al ingegaan en kan niet meer ongedaan worden gemaakt."))


@transaction.atomic
def take_back(rise, *, by):
    """Returns `(how many prices are what they were, how many were set to something else since and stay)`. Raises `TooLate`."""
    rise = PriceRise.objects.select_for_update(no_key=True).get(pk=rise.pk)
    if not rise.can_be_undone:
        raise TooLate(rise)
    prices = list(rise.prices.select_related("service", "agreement", "before"))
    back = _agreed_back(rise, [price for price in prices if price.is_agreed])
    back += _dated_back(rise, [price for price in prices if not price.is_agreed and not price.is_at_once])
    back += _at_once_back([price for price in prices if price.is_at_once])
    rise.undone_at, rise.undone_by = timezone.now(), by
    rise.save(update_fields=["undone_at", "undone_by"])
    customers = {price.agreement.customer_id for price in prices if price.agreement} | ({rise.customer_id} - {None})
    remember(customers, _("prijzen %(rise)s ongedaan gemaakt") % {"rise": rise}, by=by)
    return back, len(prices) - back


def _agreed_back(rise, prices):
    untouched = [price for price in prices if (a := price.agreement) and (a.value, a.starts_on) == (price.new, rise.starts_on)]
    in_place = [price.agreement for price in untouched if price.of_that_day is not None]
    new = [price for price in untouched if price.of_that_day is None]
    for price in untouched:
        if price.of_that_day is not None:
            price.agreement.value = price.of_that_day
    PriceAgreement.objects.bulk_update(in_place, ["value"], batch_size=BATCH)
    ended = [price.before for price in new if price.before]
    for price in new:
        if price.before:
            price.before.ends_on = price.agreement.ends_on
    PriceAgreement.objects.filter(pk__in=[price.agreement_id for price in new]).delete()
    PriceAgreement.objects.bulk_update(ended, ["ends_on"], batch_size=BATCH)
    return len(untouched)


def _dated_back(rise, prices):
    that_day = ListPrice.objects.filter(starts_on=rise.starts_on)
    listed = {(row.service_id, row.package_id): row for row in that_day}
    gone, changed = [], []
    for price in prices:
        row = listed.get((price.service_id, price.package_id))
        if row is None or row.price != price.new:
            continue
        if price.of_that_day is None:
            gone.append(row.pk)
        else:
            row.price = price.of_that_day
            changed.append(row)
    that_day.filter(pk__in=gone).delete()
    ListPrice.objects.bulk_update(changed, ["price"], batch_size=BATCH)
    return len(gone) + len(changed)


def _at_once_back(prices):
    dated = set(ListPrice.objects.filter(service__in=[price.service_id for price in prices]).values_list("service_id", flat=True))
    untouched = [price for price in prices if price.service.price == price.new and price.service_id not in dated]
    for price in untouched:
        price.service.price = price.old
    Service.objects.bulk_update([price.service for price in untouched], ["price"], batch_size=BATCH)
    return len(untouched)
