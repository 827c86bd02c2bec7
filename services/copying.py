"""Copying a group, or everything, from one vehicle type to another, with other prices."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from cleanconnect.money import with_or_without

from .matrix import copy_of
from .models import Service, ServiceGroup
from .pricing import list_prices, package_prices, set_list_prices


class Rounding(models.TextChoices):
    """To what a computed price is rounded, half up."""

    CENT = "0.01", _("op de cent")
    FIVE = "0.05", _("op € 0,05")
    HALF = "0.50", _("op € 0,50")
    EURO = "1", _("op hele euro’s")


def adjusted(price, percentage, rounding):
    """A price with a percentage added (or taken off), rounded; never below zero, None stays None."""
    if price is None:
        return None
    step = Decimal(rounding)
    return max((price * (100 + percentage) / 100 / step).quantize(Decimal(1), ROUND_HALF_UP) * step, Decimal(0))


@dataclass
class Copied:
    """A handling as it would be at the other vehicle type; `existing` is the one that is there already."""

    service: Service
    old: Decimal | None
    new: Decimal | None
    existing: Service | None


class Copy:
    """What copying would do: `rows` are the handlings, with what is there already."""

    def __init__(self, *, source, target, group_name="", percentage=Decimal(0), rounding=Rounding.EURO, overwrite=False):
        self.source, self.target, self.percentage, self.rounding, self.overwrite = source, target, percentage, rounding, overwrite
        groups = ServiceGroup.objects.active().filter(vehicle_type=source)
        self.groups = [group for group in groups if not group_name or group.name.casefold() == group_name.casefold()]
        services = list(Service.objects.active().filter(group__in=self.groups).select_related("group").in_order())
        self.existing_groups = {group.name.casefold(): group for group in ServiceGroup.objects.active().filter(vehicle_type=target)}
        there = Service.objects.active().filter(group__in=self.existing_groups.values()).select_related("group")
        existing = {(service.group.name.casefold(), service.name.casefold()): service for service in there}
        prices = list_prices(services)
        self.present = list_prices(existing.values())
        self.rows = []
        for service in services:
            there = existing.get((service.group.name.casefold(), service.name.casefold()))
            wanted = (there or service).price_includes_vat  # what is there keeps its price with VAT or without, as it is
            price = with_or_without(prices[service.pk], service.vat_rate, includes_vat=service.price_includes_vat, wanted=wanted)
            self.rows.append(Copied(service, price, adjusted(price, percentage, rounding), there))

    @property
    def new(self):
        return [row for row in self.rows if row.existing is None]

    @property
    def different(self):
        """The handlings that are there with another price."""
        return [row for row in self.rows if row.existing is not None and self.present[row.existing.pk] != row.new]

    @property
    def changed(self):
        """The handlings of which the price changes."""
        return self.different if self.overwrite else []

    @property
    def can_be_done(self):
        return bool(self.new or self.changed)

    def shown(self):
        """What the preview shows, for `cleanconnect.previews`."""
        rows = [(row.service.group.name, row.service.name, row.old, row.new, row.existing and row.existing.pk) for row in self.rows]
        return [self.source.pk, self.target.pk, self.overwrite, rows, [row.existing.pk for row in self.changed]]

    @transaction.atomic
    def carry_out(self):
        """Make what is not there; the price of what is there is changed only when asked. Returns how many were made and changed."""
        packages = package_prices(self.groups)
        missing = [group for group in self.groups if group.name.casefold() not in self.existing_groups]
        made = ServiceGroup.objects.bulk_create(
            ServiceGroup(
                vehicle_type=self.target,
                name=group.name,
                position=group.position,
                ledger_code=group.ledger_code,
                vat_code=group.vat_code,
                is_package=group.is_package,
                package_price=adjusted(packages[group.pk], self.percentage, self.rounding),
                price_includes_vat=group.price_includes_vat,
            )
            for group in missing
        )
        groups = self.existing_groups | {group.name.casefold(): group for group in made}
        Service.objects.bulk_create(copy_of(row.service, groups[row.service.group.name.casefold()], row.new) for row in self.new)
        set_list_prices({row.existing: row.new for row in self.changed})
        return len(self.new), len(self.changed)
