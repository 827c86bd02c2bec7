"""Prijzen verhogen: "+3% per 1 januari", for one customer or for all, in a few queries for any number of prices."""

from dataclasses import astuple, dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from customers.models import CustomerEvent

from .copying import Rounding, adjusted
from .models import ListPrice, PriceAgreement, PriceRise, RaisedPrice, Service, ServiceGroup
from .pricing import list_prices, package_prices, set_list_prices

BATCH = 1000


@dataclass(frozen=True)
class Row:
    """One price that changes: a list price, a package's or an agreed one (then with its customer)."""

    vehicle_type: str
    group: str
    name: str
    customer: str
    old: Decimal
    new: Decimal

    @property
    def change(self):
        return self.new - self.old


class Rows(list):
    """Prices that change together, with what an owner checks first."""

    @property
    def old(self):
        return sum((row.old for row in self), Decimal(0))

    @property
    def new(self):
        return sum((row.new for row in self), Decimal(0))

    @property
    def biggest(self):
        """The row that changes most, in euro."""
        return max(self, key=lambda row: abs(row.change))

    def by_group(self):
        """`[(vehicle type, group, Rows), …]`."""
        found = {}
        for row in sorted(self, key=lambda row: (row.vehicle_type.casefold(), row.group.casefold())):
            found.setdefault((row.vehicle_type, row.group), Rows()).append(row)
        return [(*of_what, rows) for of_what, rows in found.items()]


class Raise:
    """What raising prices by a percentage from a day on would do.

    With a `customer` its fixed prices, and with `also_list` what it pays the list price for (which becomes a fixed price of its own).
    Without one the list prices and packages, and with `also_agreed` the fixed prices of all customers. Agreements in percent or euro
    follow the list price by themselves.
    """

    def __init__(self, *, customer, percentage, on, rounding, also_list=False, also_agreed=False):
        self.customer, self.percentage, self.on, self.rounding = customer, percentage, on, rounding
        services = Service.objects.active().filter(group__archived_at=None).select_related("group__vehicle_type").in_order()
        self.services = list(services) if customer is None or also_list else []
        self.list_prices = {pk: price for pk, price in list_prices(self.services, on).items() if price is not None}
        self.packages = (
            list(ServiceGroup.objects.active().filter(is_package=True).select_related("vehicle_type")) if customer is None else []
        )
        self.package_prices = {pk: price for pk, price in package_prices(self.packages, on).items() if price is not None}
        agreed = PriceAgreement.objects.none()
        if customer is not None or also_agreed:
            agreed = (
                PriceAgreement.objects.filter(kind=PriceAgreement.Kind.PRICE)
                .holding(on)
                .select_related("customer", "service__group__vehicle_type")
            )
            agreed = agreed.filter(customer=customer) if customer else agreed
        self.agreed = list(agreed.order_by("customer__name", "customer", "service__group__name", "service__name"))
        own = {agreement.service_id for agreement in self.agreed}
        if customer is not None:
            by_group = PriceAgreement.objects.filter(customer=customer, service=None).holding(on).values_list("group_id", flat=True)
            of_group = set(by_group)
            self.services = [service for service in self.services if service.pk not in own and service.group_id not in of_group]

    def _new(self, price):
        return adjusted(price, self.percentage, self.rounding)

    @cached_property
    def rows(self):
        """All that changes, agreed prices first."""
        found = Rows(self._row(a.service.group, str(a.service), a.customer, a.value) for a in self.agreed)
        found += [
            self._row(s.group, str(s), self.customer, price) for s in self.services if (price := self.list_prices.get(s.pk)) is not None
        ]
        packages = [(package, self.package_prices[package.pk]) for package in self.packages if package.pk in self.package_prices]
        found += [self._row(package, _("Hele pakket"), None, price) for package, price in packages]
        return found

    def _row(self, group, name, customer, price):
        return Row(str(group.vehicle_type), group.name, name, str(customer or ""), price, self._new(price))

    @property
    def can_be_done(self):
        return bool(self.rows)

    @property
    def summary(self):
        """The act in words: "+3% per 1 januari 2028, afgerond op € 0,05"."""
        rise = PriceRise(percentage=self.percentage, starts_on=self.on)
        return _("%(rise)s, afgerond %(rounding)s") % {"rise": rise, "rounding": Rounding(self.rounding).label}

    def shown(self):
        """What the preview shows, for `cleanconnect.previews`."""
        return [astuple(row) for row in self.rows]

    def begins_already(self):
        """How many prices begin on the same day already: perhaps this was done before."""
        if self.customer is not None:
            return PriceAgreement.objects.filter(customer=self.customer, starts_on=self.on).count()
        return ListPrice.objects.filter(starts_on=self.on).count()

    @transaction.atomic
    def carry_out(self, *, by):
        """Set the new prices from the day on; orders keep what they were taken in for. Returns the PriceRise, which can be taken back."""
        rise = PriceRise.objects.create(customer=self.customer, percentage=self.percentage, starts_on=self.on, made_by=by)
        listed = {service: self._new(self.list_prices[service.pk]) for service in self.services if service.pk in self.list_prices}
        raised = self._raise_agreed(by)
        raised += self._agree_listed(listed, by) if self.customer else self._raise_listed(listed) + self._raise_packages()
        for price in raised:
            price.rise = rise
        RaisedPrice.objects.bulk_create(raised, batch_size=BATCH)
        customers = {agreement.customer_id for agreement in self.agreed} | ({self.customer.pk} if self.customer else set())
        remember(customers, _("prijzen %(rise)s") % {"rise": rise}, by=by)
        return rise

    def _raise_agreed(self, by):
        """What began before ends the day before, and goes on at the new price; what begins on the day itself begins at it."""
        today_on = [agreement for agreement in self.agreed if agreement.starts_on == self.on]
        before = [agreement for agreement in self.agreed if agreement.starts_on < self.on]
        raised = [self._agreed(agreement, agreement.value, of_that_day=agreement.value) for agreement in today_on]
        for agreement in today_on:
            agreement.value = self._new(agreement.value)
        PriceAgreement.objects.bulk_update(today_on, ["value"], batch_size=BATCH)
        PriceAgreement.objects.filter(pk__in=[agreement.pk for agreement in before]).update(ends_on=self.on - timedelta(days=1))
        after = PriceAgreement.objects.bulk_create(
            (
                PriceAgreement(
                    customer_id=agreement.customer_id,
                    service_id=agreement.service_id,
                    value=self._new(agreement.value),
                    price_includes_vat=agreement.price_includes_vat,
                    starts_on=self.on,
                    ends_on=agreement.ends_on,
                    created_by=by,
                )
                for agreement in before
            ),
            batch_size=BATCH,
        )
        return raised + [self._agreed(new, old.value, before=old) for old, new in zip(before, after, strict=True)]

    def _agreed(self, agreement, old, **more):
        return RaisedPrice(service_id=agreement.service_id, agreement=agreement, is_agreed=True, old=old, new=self._new(old), **more)

    def _agree_listed(self, listed, by):
        """What the customer paid the list price for becomes a fixed price of its own."""
        until = self._later_begin()
        agreements = PriceAgreement.objects.bulk_create(
            (
                PriceAgreement(
                    customer=self.customer,
                    service=service,
                    value=price,
                    price_includes_vat=service.price_includes_vat,
                    starts_on=self.on,
                    ends_on=until.get(service.pk),
                    created_by=by,
                )
                for service, price in listed.items()
            ),
            batch_size=BATCH,
        )
        return [self._agreed(agreement, self.list_prices[agreement.service_id]) for agreement in agreements]

    def _later_begin(self):
        """`{service.pk: day before a later agreement of the customer begins}`."""
        later = PriceAgreement.objects.filter(customer=self.customer, service__in=self.services, starts_on__gt=self.on)
        return {pk: day - timedelta(days=1) for pk, day in later.order_by("-starts_on").values_list("service_id", "starts_on")}

    def _raise_listed(self, listed):
        dated = ListPrice.objects.filter(service__in=list(listed))
        that_day = dict(dated.filter(starts_on=self.on).values_list("service_id", "price"))
        at_once = set() if self.on > timezone.localdate() else {s.pk for s in listed} - set(dated.values_list("service_id", flat=True))
        set_list_prices(listed, self.on)
        return [
            RaisedPrice(
                service=service,
                old=self.list_prices[service.pk],
                new=price,
                of_that_day=that_day.get(service.pk),
                is_at_once=service.pk in at_once,
            )
            for service, price in listed.items()
        ]

    def _raise_packages(self):
        packages = [package for package in self.packages if package.pk in self.package_prices]
        that_day = dict(ListPrice.objects.filter(package__in=packages, starts_on=self.on).values_list("package_id", "price"))
        raised = [
            RaisedPrice(
                package=package,
                old=self.package_prices[package.pk],
                new=self._new(self.package_prices[package.pk]),
                of_that_day=that_day.get(package.pk),
            )
            for package in packages
        ]
        ListPrice.objects.bulk_create(
            [ListPrice(package=price.package, starts_on=self.on, price=price.new) for price in raised],
            update_conflicts=True,
            unique_fields=["company", "package", "starts_on"],
            update_fields=["price"],
        )
        return raised


def remember(customers, text, *, by):
    """Write it into the history of these customers (ids)."""
    events = (CustomerEvent(customer_id=pk, kind=CustomerEvent.Kind.PRICES, text=text, by=by) for pk in customers)
    CustomerEvent.objects.bulk_create(events, batch_size=BATCH)


def next_january():
    """The first of January to come, the usual day."""
    return timezone.localdate().replace(year=timezone.localdate().year + 1, month=1, day=1)
