"""Which price a customer pays for a handling on a day, and why. Every reader of a price asks here."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import Company
from cleanconnect.money import euro, to_cents, with_or_without
from cleanconnect.tenancy.context import current_company_id

from .models import ListPrice, PriceAgreement, Service, VatRate


@dataclass(frozen=True)
class Price:
    """What is paid for a handling, in euro (None: no price yet), and the reason for the screen and the order's line.

    Both prices are with or without VAT as that customer's prices are.
    """

    amount: Decimal | None
    reason: str
    list_price: Decimal | None
    includes_vat: bool = False


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


def prices_for(customer, services, on=None, packages=(), *, include_vat=None):
    """`{service.pk: Price}` for a customer (or None) on a date (today); `packages` are the groups ordered as a whole.

    They include VAT or not as is usual for the customer, unless `include_vat` says how they do on what they are for.

    An agreement on the handling goes before one on its group, that before the package's price, and that before the list price. What
    was typed with VAT and is sold without, or the other way round, is reckoned over at the rate of the handling. A few queries for any
    number of handlings.
    """
    services, on = list(services), on or timezone.localdate()
    listed, terms = list_prices(services, on), Terms(customer, include_vat)
    by_service, by_group = _agreements(customer, services, on)
    shares = _package_shares(services, listed, packages, on, terms)
    found = {}
    for service in services:
        list_price = terms.of(listed[service.pk], service, service.price_includes_vat)
        base, reason = shares.get(service.pk, (list_price, _("lijstprijs")))
        agreement = by_service.get(service.pk) or by_group.get(service.group_id)
        if agreement is not None and (amount := terms.agreed(agreement, service, base)) is not None:
            base, reason = amount, why(agreement, service)
        found[service.pk] = Price(base, reason, list_price, terms.include_vat)
    return found


class Terms:
    """How prices are for a customer (None: for one of which we know nothing): with VAT in them, or without."""

    def __init__(self, customer, include_vat=None):
        self.customer = customer
        if include_vat is not None:
            self.include_vat = include_vat

    @cached_property
    def company(self):
        return self.customer.company if self.customer else Company.objects.get(pk=current_company_id())

    @cached_property
    def include_vat(self):
        if self.customer:
            return self.customer.prices_include_vat
        return self.company.prices_include_vat and not self.company.is_small_business

    def of(self, price, service, includes_vat):
        """A price for this handling, that was typed with VAT or without, as it is for the customer; None stays None."""
        if price is None or includes_vat == self.include_vat:
            return price
        rate = VatRate.EXEMPT if self.company.is_small_business else service.vat_rate  # without VAT there is none to take out
        return with_or_without(price, rate, includes_vat=includes_vat, wanted=self.include_vat)

    def agreed(self, agreement, service, base):
        """What an agreement makes of the price `base` of a handling, as `agreed_amount`."""
        if agreement.kind == PriceAgreement.Kind.PERCENTAGE:
            return agreed_amount(agreement, base)
        return agreed_amount(agreement, base, self.of(agreement.value, service, agreement.price_includes_vat))

    def package(self, package, price):
        """The price of a package as a whole, as it is for the customer: what its handlings come to, each at its own rate."""
        if price is None or package.price_includes_vat == self.include_vat:
            return price
        services = list(Service.objects.for_type(package.vehicle_type_id).filter(group=package))
        shares = self.shares(_shares(price, services, list_prices(services)), package)
        return sum((share for _service, share in shares), Decimal(0))

    def shares(self, shares, package):
        """The shares of a package's price as they are for the customer: of each rate together what their sum is."""
        so_far = {}
        for service, share in shares:
            before = so_far.get(service.vat_rate, Decimal(0))
            so_far[service.vat_rate] = after = before + share
            yield service, self.of(after, service, package.price_includes_vat) - self.of(before, service, package.price_includes_vat)


def _agreements(customer, services, on):
    """The agreements that hold on a date: `({service.pk: agreement}, {group.pk: agreement})`."""
    if customer is None or customer.pk is None:
        return {}, {}
    of_these = Q(service__in=services) | Q(group__in={service.group_id for service in services})
    found = list(PriceAgreement.objects.filter(of_these, customer=customer).holding(on))
    return {a.service_id: a for a in found if a.service_id}, {a.group_id: a for a in found if a.group_id}


def agreed_amount(agreement, base, value=None):
    """What the agreement makes of a price, never below zero; None when there is no price to change.

    `value` is that of the agreement where VAT was put in it or taken out.
    """
    value = agreement.value if value is None else value
    if agreement.kind == PriceAgreement.Kind.PRICE:
        return value
    if base is None:
        return None
    change = base * value / 100 if agreement.kind == PriceAgreement.Kind.PERCENTAGE else value
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


def _package_shares(services, listed, packages, on, terms):
    """`{service.pk: (share, reason)}`: a package's price spread over its handlings by their list prices, to the cent."""
    prices, shares = package_prices(packages, on), {}
    for package in packages:
        whole, inside = prices[package.pk], [service for service in services if service.group_id == package.pk]
        if whole is None or not inside:
            continue
        reason = _("pakketprijs %(package)s: %(price)s") % {"package": package.name, "price": euro(whole)}
        shares |= {service.pk: (share, reason) for service, share in terms.shares(_shares(whole, inside, listed), package)}
    return shares


def _shares(whole, services, listed):
    """`[(service, share of the whole), …]`."""
    weights = [listed[service.pk] or Decimal(0) for service in services]
    weights = weights if sum(weights) else [Decimal(1)] * len(services)
    found, given = [], Decimal(0)
    for place, service in enumerate(services, start=1):
        upto = to_cents(whole * sum(weights[:place]) / sum(weights))
        found.append((service, upto - given))
        given = upto
    return found
