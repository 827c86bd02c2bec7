"""A discount as people type it, in percent or in euro, in one field: `10`, `10%`, `€ 25`."""

from decimal import Decimal
from typing import NamedTuple

from django import forms
from django.utils.formats import localize_input
from django.utils.translation import gettext_lazy as _


class Off(NamedTuple):
    """What is taken off: a percentage, or an amount in euro excluding VAT; one of them is nil."""

    percent: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)

    def __str__(self):
        """As it is typed; nothing for no discount."""
        if self.amount:
            return f"€ {localize_input(self.amount)}"
        whole = self.percent == self.percent.to_integral()
        return str(localize_input(self.percent.to_integral() if whole else self.percent.normalize())) if self.percent else ""


class DiscountField(forms.CharField):
    """Gives an `Off`; a number without a sign is a percentage."""

    def __init__(self, *, label=None, **kwargs):
        super().__init__(
            label=label or _("Korting % of €"), required=False, max_length=20, widget=forms.TextInput(attrs={"inputmode": "text"}), **kwargs
        )
        number = {"required": False, "localize": True, "decimal_places": 2, "min_value": Decimal(0)}
        self.percent = forms.DecimalField(max_digits=5, max_value=Decimal(100), **number)
        self.amount = forms.DecimalField(max_digits=7, **number)

    def prepare_value(self, value):
        return str(value) if isinstance(value, Off) else value

    def clean(self, value):
        text = super().clean(value)
        is_amount = "€" in text or "eur" in text.lower()
        for sign in ("€", "%", "euro", "EUR", "eur"):
            text = text.replace(sign, "")
        if is_amount:
            return Off(amount=self.amount.clean(text) or Decimal(0))
        return Off(percent=self.percent.clean(text) or Decimal(0))
