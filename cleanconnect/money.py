"""Amounts in euro: always Decimal, rounded half up to the cent as the Belastingdienst asks."""

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.db import models
from django.utils import numberformat
from django.utils.formats import get_format

CENT = Decimal("0.01")


def to_cents(amount):
    """A Decimal rounded half up (away from zero) to the cent: 20.125 becomes 20.13."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def percent(rate):
    """The Decimal percentage of a VAT rate; a code without one, such as E (exempt) or AE (reverse charge), has 0."""
    return Decimal(rate) if str(rate).isdecimal() else Decimal(0)


def including_vat(amount, rate):
    """A net amount with VAT of this rate added, as it is shown beside it; None stays None."""
    return None if amount is None else to_cents(amount * (100 + percent(rate)) / 100)


def excluding_vat(amount, rate):
    """What is left of an amount when the VAT of this rate is taken out of it (art. 38 Wet OB: a price for consumers has it in it)."""
    return None if amount is None else to_cents(amount * 100 / (100 + percent(rate)))


def euro(amount):
    """An amount as Dutch people write it: `€ 1.234,50`; a dash for None."""
    if amount is None:
        return "–"
    decimal_point, separator = get_format("DECIMAL_SEPARATOR"), get_format("THOUSAND_SEPARATOR")
    shown = numberformat.format(abs(to_cents(amount)), decimal_point, 2, 3, separator, force_grouping=True)
    return f"€\xa0{'-' if amount < 0 else ''}{shown}"


def with_or_without(amount, rate, *, includes_vat, wanted):
    """An amount that includes VAT of this rate, or does not, as it is when it has to; None stays None."""
    if includes_vat == wanted:
        return amount
    return including_vat(amount, rate) if wanted else excluding_vat(amount, rate)


class Amount(NamedTuple):
    """What a line comes to, in euro and whole cents: excluding VAT, or including what its rate makes of it."""

    value: Decimal
    rate: str
    includes_vat: bool = False


def vat_breakdown(amounts):
    """VAT per rate over the sum of the lines, as EN 16931 asks.

    `amounts` is any iterable of `Amount`s. Returns `[(rate, base, vat), …]` with the rates as they are kept ("21", "AE"…), highest first.
    Of what includes VAT the base is worked back over the sum and the VAT is the rest, so that together they are what was asked.
    """
    sums = {}
    for value, rate, includes_vat in amounts:
        of_rate = sums.setdefault(str(rate), {False: Decimal(0), True: Decimal(0)})
        of_rate[includes_vat] += value
    highest_first = sorted(sums.items(), key=lambda found: (-percent(found[0]), found[0]))
    return [(rate, *_base_and_vat(rate, of_rate[False], of_rate[True])) for rate, of_rate in highest_first]


def _base_and_vat(rate, net, gross):
    base = excluding_vat(gross, rate)
    return net + base, to_cents(net * percent(rate) / 100) + gross - base


def nets(amounts, before=()):
    """Each of these `Amount`s excluding VAT, to the cent and so that they are together the base of `vat_breakdown`.

    With other amounts `before` them they are together what the base grows by.
    """
    sums, found = {}, []
    for value, rate, includes_vat in [*before, *amounts]:
        if includes_vat:
            so_far = sums.get(str(rate), Decimal(0))
            sums[str(rate)] = so_far + value
            value = excluding_vat(so_far + value, rate) - excluding_vat(so_far, rate)
        found.append(value)
    return found[len(list(before)) :]


class PriceField(models.DecimalField):
    """A price in euro, up to 99.999,99; whether it includes VAT stands beside it."""

    def __init__(self, *args, **kwargs):
        kwargs["max_digits"], kwargs["decimal_places"] = 7, 2
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_digits"], kwargs["decimal_places"]
        return name, path, args, kwargs

    def formfield(self, **kwargs):
        return super().formfield(**{"localize": True, **kwargs})
