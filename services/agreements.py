"""Agreeing prices with a customer: history stays, what changes ends the day before."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cleanconnect.money import euro
from customers.models import CustomerEvent

from .models import PriceAgreement
from .pricing import why


class Overlaps(Exception):
    """In this period another agreement on the same holds."""

    def __init__(self):
        super().__init__(_("In deze periode geldt al een afspraak voor hetzelfde. Beëindig die eerst, of kies andere data."))


@transaction.atomic
def agree_prices(customer, prices, *, by):
    """From today this customer pays `{service: fixed price}`; None gives up the agreement that holds."""
    today = timezone.localdate()
    held = PriceAgreement.objects.filter(customer=customer, service__in=list(prices)).holding(today)
    held.filter(starts_on=today).delete()
    held.update(ends_on=today - timedelta(days=1))
    later = dict(
        PriceAgreement.objects.filter(customer=customer, service__in=list(prices), starts_on__gt=today)
        .order_by("-starts_on")
        .values_list("service_id", "starts_on")
    )
    made = PriceAgreement.objects.bulk_create(
        PriceAgreement(
            customer=customer,
            service=service,
            value=price,
            price_includes_vat=customer.prices_include_vat,
            starts_on=today,
            ends_on=later[service.pk] - timedelta(days=1) if service.pk in later else None,
            created_by=by,
        )
        for service, price in prices.items()
        if price is not None
    )
    if prices:
        text = _("%(made)s eigen prijzen afgesproken, %(ended)s beëindigd") % {"made": len(made), "ended": len(prices) - len(made)}
        CustomerEvent.objects.create(customer=customer, kind=CustomerEvent.Kind.PRICES, text=text, by=by)


@transaction.atomic
def agree(agreement, *, by):
    """Save a new agreement; one on the same that held until now ends the day before. Raises `Overlaps`."""
    same = PriceAgreement.objects.select_for_update(no_key=True).filter(
        customer=agreement.customer, service=agreement.service, group=agreement.group, starts_on__lt=agreement.starts_on
    )
    if agreement.ends_on is None:
        replaced = same.filter(Q(ends_on=None) | Q(ends_on__gte=agreement.starts_on))
    else:
        replaced = same.filter(ends_on__gte=agreement.starts_on, ends_on__lte=agreement.ends_on)
    replaced.update(ends_on=agreement.starts_on - timedelta(days=1))
    agreement.created_by, agreement.price_includes_vat = by, agreement.customer.prices_include_vat
    try:
        with transaction.atomic():
            agreement.save()
    except IntegrityError:
        raise Overlaps from None
    CustomerEvent.objects.create(customer=agreement.customer, kind=CustomerEvent.Kind.PRICES, text=describe(agreement)[:500], by=by)
    return agreement


@transaction.atomic
def end(agreement, *, by):
    """An agreement that holds ends yesterday; one that has not begun is taken away. Returns whether it has held."""
    today = timezone.localdate()
    agreement = (
        PriceAgreement.objects.select_for_update(no_key=True, of=["self"])
        .select_related("customer", "service__group", "group")
        .get(pk=agreement.pk)
    )
    never_held = agreement.starts_on >= today
    if never_held:
        agreement.delete()
    elif agreement.ends_on is None or agreement.ends_on >= today:
        agreement.ends_on = today - timedelta(days=1)
        agreement.save(update_fields=["ends_on"])
    text = _("beëindigd: %(what)s") % {"what": describe(agreement)}
    CustomerEvent.objects.create(customer=agreement.customer, kind=CustomerEvent.Kind.PRICES, text=text[:500], by=by)
    return not never_held


def describe(agreement):
    """The agreement in words, for lists and history."""
    thing = agreement.service or agreement.group
    vat = _("incl. btw") if agreement.price_includes_vat else _("excl. btw")
    price = f" {euro(agreement.value)} {vat}" if agreement.kind == PriceAgreement.Kind.PRICE else ""
    return f"{thing}, {why(agreement, agreement.service)}{price}"
