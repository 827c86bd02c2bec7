"""Which price a customer pays for a handling on a day, and why. Every reader of a price asks here."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from cleanconnect.money import euro, to_cents

from .models import ListPrice, PriceAgreement, Service


@dataclass(frozen=True)
class Price:
    """What is paid for a handling, in euro excluding VAT (None: no price yet), and the reason for the screen and the order's line."""

    amount: Decimal | None
    reason: str
    list_price: Decimal | None


def list_prices(services, on=None):
    """`{service.pk: price}`: what these handlings cost without any agreement on a date (today), in one query."""
    services = list(services)
    dated = ListPrice.objects.filter(service__in=services, starts_on__lte=on or timezone.localdate())
    latest = dict(dated.order_by("starts_on").values_list("service_id", "price"))
    return {service.pk: latest.get(service.pk, service.price) for service in services}


def package_prices(packages, on=None):
    """`{group.pk: price}`: what these packages cost as a whole on a date (today); None is the sum of their handlings."""
    packages = list(packages)
    dated = ListPrice.objects.filter(package__in=packages, starts_on__lte=on or timezone.localdate())
    latest = dict(dated.order_by("starts_on").values_list("package_id", "price"))
    return {package.pk: latest.get(package.pk, package.package_price) for package in packages}


def set_list_price(service, price, on=None):
    """As `set_list_prices`, for one handling."""
    set_list_prices({service: price}, on)


@transaction.atomic
def set_list_prices(prices, on=None):
    """From today (or a later day `on`) the handlings cost `{service: price}`; None takes a price away.

    A handling without dated prices simply gets its price changed; one with dated prices gets another, so that those of before stay.
    A few queries for any number of handlings.
    """
    today = timezone.localdate()
    on = max(on or today, today)
    services = list(prices)
    dated = set(ListPrice.objects.filter(service__in=services).values_list("service_id", flat=True))
    at_once = [service for service in services if prices[service] is None or (on == today and service.pk not in dated)]
    ListPrice.objects.filter(service__in=[service for service in at_once if service.pk in dated]).delete()
    for service in at_once:
        service.price = prices[service]
    Service.objects.bulk_update(at_once, ["price"], batch_size=500)
    ListPrice.objects.bulk_create(
        [ListPrice(service=service, starts_on=on, price=prices[service]) for service in services if service not in at_once],
        update_conflicts=True,
        unique_fields=["company", "service", "starts_on"],
        update_fields=["price"],
        batch_size=500,
    )


def prices_for(customer, services, on=None, packages=()):
    """`{service.pk: Price}` for a customer (or None) on a date (today); `packages` are the groups ordered as a whole.

    An agreement on the handling goes before one on its group, that before the package's price, and that before the list price.
    Three queries at most for any number of handlings.
    """
    services, on = list(services), on or timezone.localdate()
    listed = list_prices(services, on)
    by_service, by_group = _agreements(customer, services, on)
    shares = _package_shares(services, listed, packages, on)
    found = {}
    for service in services:
        base, reason = shares.get(service.pk, (listed[service.pk], _("lijstprijs")))
        agreement = by_service.get(service.pk) or by_group.get(service.group_id)
        if agreement is not None and (amount := agreed_amount(agreement, base)) is not None:
            base, reason = amount, why(agreement, service)
        found[service.pk] = Price(base, reason, listed[service.pk])
    return found


def _agreements(customer, services, on):
    """The agreements that hold on a date: `({service.pk: agreement}, {group.pk: agreement})`."""
    if customer is None:
        return {}, {}
    of_these = Q(service__in=services) | Q(group__in={service.group_id for service in services})
    found = list(PriceAgreement.objects.filter(of_these, customer=customer).holding(on))
    return {a.service_id: a for a in found if a.service_id}, {a.group_id: a for a in found if a.group_id}


def agreed_amount(agreement, base):
    """What the agreement makes of a price, never below zero; None when there is no price to change."""
    if agreement.kind == PriceAgreement.Kind.PRICE:
        return agreement.value
    if base is None:
        return None
    change = base * agreement.value / 100 if agreement.kind == PriceAgreement.Kind.PERCENTAGE else agreement.value
    return max(to_cents(base + change), Decimal(0))


def why(agreement, service):
    """The agreement in words: "afspraak vanaf 1 maart 2026: −10% op groep Exterieur"."""
    since = _("afspraak vanaf %(day)s") % {"day": date_format(agreement.starts_on, "j F Y")}
    if agreement.kind == PriceAgreement.Kind.PRICE:
        return _("%(since)s: vaste prijs") % {"since": since}
    size = abs(agreement.value)
    is_percentage = agreement.kind == PriceAgreement.Kind.PERCENTAGE
    change = ("−" if agreement.value < 0 else "+") + (f"{number_format(size.normalize())}%" if is_percentage else euro(size))
    if agreement.group_id:
        group = agreement.group if service is None else service.group
        return _("%(since)s: %(change)s op groep %(group)s") % {"since": since, "change": change, "group": group.name}
    return _("%(since)s: %(change)s") % {"since": since, "change": change}


def _package_shares(services, listed, packages, on):
    """`{service.pk: (share, reason)}`: a package's price spread over its handlings by their list prices, to the cent."""
    prices, shares = package_prices(packages, on), {}
    for package in packages:
        whole, inside = prices[package.pk], [service for service in services if service.group_id == package.pk]
        if whole is None or not inside:
            continue
        reason = _("pakketprijs %(package)s: %(price)s") % {"package": package.name, "price": euro(whole)}
        weights = [listed[service.pk] or Decimal(0) for service in inside]
        weights = weights if sum(weights) else [Decimal(1)] * len(inside)
        given = Decimal(0)
        for place, service in enumerate(inside, start=1):
            upto = to_cents(whole * sum(weights[:place]) / sum(weights))
            shares[service.pk], given = (upto - given, reason), upto
    return shares
