"""Amounts in euro: always Decimal, rounded half up to the cent as the Belastingdienst asks."""

from decimal import ROUND_HALF_UP, Decimal

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


def euro(amount):
    """An amount as Dutch people write it: `€ 1.234,50`; a dash for None."""
    if amount is None:
        return "–"
    decimal_point, separator = get_format("DECIMAL_SEPARATOR"), get_format("THOUSAND_SEPARATOR")
    shown = numberformat.format(abs(to_cents(amount)), decimal_point, 2, 3, separator, force_grouping=True)
    return f"€\xa0{'-' if amount < 0 else ''}{shown}"


def vat_breakdown(lines):
    """VAT per rate over the sum of the lines, as EN 16931 asks.

    `lines` is any iterable of (net amount, rate). Returns `[(rate, base, vat), …]` with the rates as they are kept ("21", "AE"…),
    highest first.
    """
    bases = {}
    for net, rate in lines:
        bases[str(rate)] = bases.get(str(rate), Decimal(0)) + net
    highest_first = sorted(bases.items(), key=lambda found: (-percent(found[0]), found[0]))
    return [(rate, base, to_cents(base * percent(rate) / 100)) for rate, base in highest_first]


class PriceField(models.DecimalField):
    """A price in euro, up to 99.999,99, kept excluding VAT."""

    def __init__(self, *args, **kwargs):
        kwargs["max_digits"], kwargs["decimal_places"] = 7, 2
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_digits"], kwargs["decimal_places"]
        return name, path, args, kwargs

    def formfield(self, **kwargs):
        return super().formfield(**{"localize": True, **kwargs})
