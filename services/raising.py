"""Prijzen verhogen: "+3% per 1 januari", for one customer or for all, in a few queries for any number of prices."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from customers.models import CustomerEvent

from .copying import adjusted
from .models import ListPrice, PriceAgreement, Service, ServiceGroup
from .pricing import list_prices, package_prices, set_list_prices

BATCH = 1000


@dataclass(frozen=True)
class Raised:
    """One price that changes: a list price, a package's or an agreed one (then with its customer)."""

    name: str
    customer: str
    old: Decimal
    new: Decimal


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
        self.packages = list(ServiceGroup.objects.active().filter(is_package=True)) if customer is None else []
        self.package_prices = {pk: price for pk, price in package_prices(self.packages, on).items() if price is not None}
        agreed = PriceAgreement.objects.none()
        if customer is not None or also_agreed:
            agreed = PriceAgreement.objects.filter(kind=PriceAgreement.Kind.PRICE).holding(on).select_related("customer", "service__group")
            agreed = agreed.filter(customer=customer) if customer else agreed
        self.agreed = list(agreed.order_by("customer__name", "customer", "service__group__name", "service__name"))
        own = {agreement.service_id for agreement in self.agreed}
        if customer is not None:
            by_group = PriceAgreement.objects.filter(customer=customer, service=None).holding(on).values_list("group_id", flat=True)
            of_group = set(by_group)
            self.services = [service for service in self.services if service.pk not in own and service.group_id not in of_group]

    def _new(self, price):
        return adjusted(price, self.percentage, self.rounding)

    @property
    def rows(self):
        """`[Raised, …]`, agreed prices first."""
        found = [Raised(f"{a.service.group}: {a.service}", str(a.customer), a.value, self._new(a.value)) for a in self.agreed]
        found += [
            Raised(f"{s.group.vehicle_type}, {s.group}: {s}", str(self.customer or ""), price, self._new(price))
            for s in self.services
            if (price := self.list_prices.get(s.pk)) is not None
        ]
        found += [
            Raised(str(package), "", price, self._new(price))
            for package in self.packages
            if (price := self.package_prices.get(package.pk)) is not None
        ]
        return found

    def begins_already(self):
        """How many prices begin on the same day already: perhaps this was done before."""
        if self.customer is not None:
            return PriceAgreement.objects.filter(customer=self.customer, starts_on=self.on).count()
        return ListPrice.objects.filter(starts_on=self.on).count()

    @transaction.atomic
    def carry_out(self, *, by):
        """Set the new prices from the day on; orders keep what they were taken in for. Returns how many prices changed."""
        count = len(self.rows)
        self._raise_agreed(by)
        listed = {service: self._new(self.list_prices[service.pk]) for service in self.services if service.pk in self.list_prices}
        if self.customer is None:
            set_list_prices(listed, self.on)
            self._raise_packages()
        else:
            until = self._later_begin()
            PriceAgreement.objects.bulk_create(
                (
                    PriceAgreement(
                        customer=self.customer,
                        service=service,
                        value=price,
                        starts_on=self.on,
                        ends_on=until.get(service.pk),
                        created_by=by,
                    )
                    for service, price in listed.items()
                ),
                batch_size=BATCH,
            )
        self._remember(by)
        return count

    def _later_begin(self):
        """`{service.pk: day before a later agreement of the customer begins}`."""
        later = PriceAgreement.objects.filter(customer=self.customer, service__in=self.services, starts_on__gt=self.on)
        return {pk: day - timedelta(days=1) for pk, day in later.order_by("-starts_on").values_list("service_id", "starts_on")}

    def _raise_agreed(self, by):
        """What began before ends the day before, and goes on at the new price; what begins on the day itself begins at it."""
        today_on = [agreement for agreement in self.agreed if agreement.starts_on == self.on]
        before = [agreement for agreement in self.agreed if agreement.starts_on < self.on]
        for agreement in today_on:
            agreement.value = self._new(agreement.value)
        PriceAgreement.objects.bulk_update(today_on, ["value"], batch_size=BATCH)
        PriceAgreement.objects.filter(pk__in=[agreement.pk for agreement in before]).update(ends_on=self.on - timedelta(days=1))
        PriceAgreement.objects.bulk_create(
            (
                PriceAgreement(
                    customer_id=agreement.customer_id,
                    service_id=agreement.service_id,
                    value=self._new(agreement.value),
                    starts_on=self.on,
                    ends_on=agreement.ends_on,
                    created_by=by,
                )
                for agreement in before
            ),
            batch_size=BATCH,
        )

    def _raise_packages(self):
        ListPrice.objects.bulk_create(
            [
                ListPrice(package=package, starts_on=self.on, price=self._new(self.package_prices[package.pk]))
                for package in self.packages
                if package.pk in self.package_prices
            ],
            update_conflicts=True,
            unique_fields=["company", "package", "starts_on"],
            update_fields=["price"],
        )

    def _remember(self, by):
        text = _("prijzen %(percentage)s%% per %(day)s") % {
            "percentage": ("+" if self.percentage >= 0 else "−") + number_format(abs(self.percentage).normalize()),
            "day": date_format(self.on, "j F Y"),
        }
        customers = {agreement.customer_id for agreement in self.agreed} | ({self.customer.pk} if self.customer else set())
        CustomerEvent.objects.bulk_create(
            (CustomerEvent(customer_id=pk, kind=CustomerEvent.Kind.PRICES, text=text, by=by) for pk in customers), batch_size=BATCH
        )


def next_january():
    """The first of January to come, the usual day."""
    return timezone.localdate().replace(year=timezone.localdate().year + 1, month=1, day=1)
