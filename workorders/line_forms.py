"""The lines of an order as a person types them: those of one's own, and how much of a handling."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cleanconnect.discounts import DiscountField, Off
from cleanconnect.money import Amount, vat_breakdown
from services.models import VatRate

from .models import WorkOrderLine

MOST_FREE_LINES = 30
SEEN_WITH, SEEN_WITHOUT = "inclusief", "exclusief"


class PricesTyped(forms.Form):
    """A form in which prices are typed, with VAT or without as they are for the customer who is chosen in it (`include_vat`).

    How they were on the page is sent along: what was typed for one customer is not taken for another whose prices are otherwise.
    """

    prices_seen = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)

    def show_how_prices_are(self, typed=None):
        """As they are now; a page that is shown again, also with what was `typed` so far, shows them so."""
        now = SEEN_WITH if self.include_vat else SEEN_WITHOUT
        if not self.is_bound:
            self.initial["prices_seen"] = now
            self.prices_changed = (typed or {}).get("prices_seen", now) != now and self.has_typed_prices
            return
        self.prices_changed = False  # said as an error
        self.seen_before = self.data.get("prices_seen") or now
        self.data = self.data.copy()
        self.data["prices_seen"] = now

    def clean(self):
        cleaned = super().clean()
        if self.has_typed_prices and self.seen_before != self.data["prices_seen"]:
            self.add_error(None, self.look_again)
        return cleaned

    @property
    def look_again(self):
        """What is said when prices became otherwise than they were when they were typed."""
        if self.include_vat:
            return _now("Voor deze klant gelden prijzen inclusief btw. Kijk na wat u typte, en sla dan op.")
        return _now("Voor deze klant gelden prijzen exclusief btw. Kijk na wat u typte, en sla dan op.")


def price_label(include_vat):
    return _("Prijs incl. btw") if include_vat else _("Prijs excl. btw")


class FreeLineForm(forms.Form):
    """A line that is no handling of ours: what, how often, for how much; left empty it is no line.

    A quantity below zero is taken off: a deposit that goes back, a trade-in, a compensation.
    """

    description = forms.CharField(label=_("Omschrijving"), required=False, max_length=170)
    quantity = forms.DecimalField(label=_("Aantal"), required=False, localize=True, max_digits=6, decimal_places=2, initial=1)
    unit_price = forms.DecimalField(
        label=price_label(False), required=False, localize=True, max_digits=7, decimal_places=2, min_value=Decimal(0)
    )
    vat_rate = forms.ChoiceField(label=_("Btw"), required=False, choices=VatRate.entered, initial=VatRate.HIGH)
    minutes = forms.IntegerField(label=_("Minuten"), required=False, min_value=0, max_value=6000)
    discount = DiscountField()

    def __init__(self, *args, include_vat=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.include_vat = include_vat
        self.fields["unit_price"].label = price_label(include_vat)

    def clean(self):
        """What was typed as one discount is that in percent or in euro."""
        cleaned = super().clean()
        off = cleaned.pop("discount", None) or Off()
        cleaned |= {"discount": off.percent, "discount_amount": off.amount}
        if self.is_filled:
            if cleaned.get("quantity") == 0:
                self.add_error("quantity", _("Nul kan niet; met een min ervoor wordt het afgetrokken."))
            if not cleaned.get("description") and "description" not in self.errors:
                self.add_error("description", _("Vul in wat dit is."))
            if cleaned.get("unit_price") is None and "unit_price" not in self.errors:
                self.add_error("unit_price", _("Vul de prijs in; nul mag ook."))
            cleaned["quantity"] = cleaned.get("quantity") or Decimal(1)
            cleaned["vat_rate"] = cleaned.get("vat_rate") or VatRate.HIGH
            if cleaned["quantity"] < 0 and cleaned.get("minutes"):
                self.add_error("minutes", _("Wat wordt afgetrokken, kost geen tijd."))
            if off.amount and not self.errors and off.amount > cleaned["quantity"] * cleaned["unit_price"]:
                self.add_error("discount", _("Deze korting is hoger dan het bedrag van de regel."))
        return cleaned

    @property
    def amount(self):
        """What it comes to, as a `money.Amount`; for who knows that nothing is wrong with it."""
        names = ("quantity", "unit_price", "discount", "discount_amount")
        line = WorkOrderLine(**{name: self.cleaned_data[name] for name in names})
        return Amount(line.amount, self.cleaned_data["vat_rate"], self.include_vat)

    @property
    def is_filled(self):
        return bool(self["description"].value() or self["unit_price"].value())


class OwnLineForm(FreeLineForm):
    """A line of one's own on an order, of which a discount has a reason as that of a handling has."""

    discount_reason = forms.CharField(label=_("Reden van de korting"), required=False, max_length=100)

    def clean(self):
        cleaned = super().clean()
        has_discount = cleaned.get("discount") or cleaned.get("discount_amount")
        if has_discount and not cleaned.get("discount_reason") and "discount_reason" not in self.errors:
            self.add_error("discount_reason", _now("Vul de reden van de korting in."))
        return cleaned


def refuse_below_zero(rows, others=()):
    """Say at its quantity that a line takes off more than there is at its rate of VAT; returns whether none does.

    `rows` are valid `FreeLineForm`s, `others` what stands beside them, as `money.Amount`s.
    """
    below = {rate for rate, base, _vat in vat_breakdown([*(row.amount for row in rows), *others]) if base < 0}
    for row in rows:
        if row.amount.value < 0 and row.cleaned_data["vat_rate"] in below:
            label = VatRate(row.cleaned_data["vat_rate"]).label
            row.add_error("quantity", _now("Hiermee komt het totaal bij btw %(rate)s onder nul.") % {"rate": label})
    return not below


FreeLines = forms.formset_factory(OwnLineForm, max_num=MOST_FREE_LINES, absolute_max=MOST_FREE_LINES, extra=1)


def how_much(service, *, in_package=False, include_vat=False):
    """`{name: field}` for the quantity and the discount of a handling on an order, and for a price of its own outside a package."""
    other_price = _("Andere prijs incl. btw") if include_vat else _("Andere prijs excl. btw")
    fields = {
        f"quantity_{service.pk}": forms.DecimalField(
            label=_("Aantal"), required=False, localize=True, max_digits=6, decimal_places=2, min_value=Decimal("0.01"), initial=1
        ),
        f"discount_{service.pk}": DiscountField(label=_("Korting in % of €")),
        f"discount_reason_{service.pk}": forms.CharField(label=_("Reden van de korting"), required=False, max_length=100),
    }
    if not in_package:
        fields[f"unit_price_{service.pk}"] = forms.DecimalField(
            label=other_price, required=False, localize=True, max_digits=7, decimal_places=2, min_value=Decimal(0)
        )
        fields[f"price_reason_{service.pk}"] = forms.CharField(label=_("Waarom deze prijs"), required=False, max_length=200)
    return fields
