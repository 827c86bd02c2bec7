"""Btw-overzicht: what a quarter of invoices and credit notes comes to in the boxes (rubrieken) of the VAT return."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Min, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from services.models import VatRate

from .models import Invoice, InvoiceLine

# Aangifte omzetbelasting; what is exempt is in no box, and a reversed charge is a service to a business elsewhere in the EU.
BOXES = {
    VatRate.HIGH: ("1a", _("Leveringen/diensten belast met hoog tarief")),
    VatRate.LOW: ("1b", _("Leveringen/diensten belast met laag tarief")),
    VatRate.ZERO: ("1e", _("Leveringen/diensten belast met 0% of niet bij u belast")),
    VatRate.REVERSED: ("3b", _("Leveringen naar of diensten in landen binnen de EU")),
    VatRate.EXEMPT: ("–", _("Vrijgesteld; hoort niet in de aangifte")),
}


@dataclass(frozen=True)
class Quarter:
    year: int
    number: int

    @property
    def first(self):
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self):
        return self.after.first - timedelta(days=1)

    @property
    def before(self):
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    @property
    def after(self):
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    @classmethod
    def of(cls, day):
        return cls(day.year, (day.month + 2) // 3)


@dataclass(frozen=True)
class Box:
    """A box of the return: what is charged excluding VAT, and the VAT on it, both in cents and in the whole euros of the form."""

    code: str
    label: str
    base: Decimal
    vat: Decimal

    @property
    def declared_base(self):
        return self.base.to_integral_value(rounding="ROUND_DOWN")

    @property
    def declared_vat(self):
        return self.vat.to_integral_value(rounding="ROUND_DOWN")


def boxes(quarter):
    """The boxes of a quarter, by the dates of the invoices; VAT is as it was rounded on each invoice."""
    sums = {rate: [Decimal(0), Decimal(0)] for rate in BOXES}
    for taxes in Invoice.objects.filter(issued_on__range=(quarter.first, quarter.last)).order_by().values_list("taxes", flat=True):
        for rate, base, vat in taxes:
            sums[VatRate(rate)][0] += Decimal(base)
            sums[VatRate(rate)][1] += Decimal(vat)
    return [Box(code, label, *sums[rate]) for rate, (code, label) in BOXES.items()]


@dataclass(frozen=True)
class Supplied:
    """A row of the opgaaf ICP: what was charged with reversed VAT to one btw-id; "" where an invoice names none."""

    vat_number: str
    names: str
    base: Decimal

    @property
    def declared(self):
        """In whole euros, as the form asks."""
        return self.base.to_integral_value(rounding="ROUND_DOWN")


def supplied(quarter):
    """The opgaaf intracommunautaire prestaties of a quarter, by btw-id; together it is box 3b."""
    lines = InvoiceLine.objects.filter(invoice__issued_on__range=(quarter.first, quarter.last), vat_rate=VatRate.REVERSED).order_by()
    found = lines.values_list("invoice__buyer__vat_number", "invoice__buyer__name").annotate(base=Sum("net")).order_by("base")
    names, bases = {}, {}
    for vat_number, name, base in found:
        key = vat_number or ""
        names.setdefault(key, []).append(name or "")
        bases[key] = bases.get(key, Decimal(0)) + base
    return [Supplied(key, ", ".join(sorted(names[key])), bases[key]) for key in sorted(bases)]


def totals(quarter):
    """`{"net", "vat"}` as the invoices themselves say: what the boxes must add up to."""
    found = Invoice.objects.filter(issued_on__range=(quarter.first, quarter.last))
    return found.aggregate(net=Sum("net_total", default=Decimal(0)), vat=Sum("vat_total", default=Decimal(0)))


def quarters():
    """From that of the first invoice up to now, the last one first."""
    first = Invoice.objects.aggregate(day=Min("issued_on"))["day"] or timezone.localdate()
    found = [Quarter.of(first)]
    while found[-1] != Quarter.of(timezone.localdate()):
        found.append(found[-1].after)
    return found[::-1]
