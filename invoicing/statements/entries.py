"""What a bank statement says, whatever the format: its balances, its entries, and the payments that an entry is made of."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import stdnum.iban
from django.utils.translation import gettext as _


class NotAStatement(Exception):
    """The message is for the screen."""


@dataclass(frozen=True)
class Part:
    """One payment of an entry; texts are "" where the bank said nothing. `amount` is signed, None where it has none of its own."""

    amount: Decimal | None = None
    charges: Decimal = Decimal(0)  # what the bank took of it, signed as the amount
    name: str = ""
    iban: str = ""
    description: str = ""
    end_to_end_id: str = ""
    mandate: str = ""
    reference: str = ""
    is_return: bool = False  # of an earlier payment: a storno, a transfer that came back, a correction of the bank
    return_reason: str = ""


@dataclass
class Entry:
    """A booking on the account, signed: what came in is positive."""

    booked_on: date
    amount: Decimal
    currency: str
    parts: list[Part]


@dataclass
class Statement:
    """The booked entries of an account between two balances; a balance is None where the bank gives none."""

    account: str = ""
    currency: str = ""
    opening: Decimal | None = None
    closing: Decimal | None = None
    entries: list[Entry] = field(default_factory=list)


def amount_of(text):
    """An amount in cents, from a text with a point or a comma. Raises `NotAStatement`."""
    try:
        return Decimal(text.strip().replace(",", ".")).quantize(Decimal("0.01"))
    except ArithmeticError:
        raise NotAStatement(_("In dit bestand staat een bedrag dat geen getal is.")) from None


def iban_of(text):
    """The IBAN that a text is, without blanks; "" for anything else, a creditor identifier too."""
    compact = "".join(text.split()).upper()
    return compact if stdnum.iban.is_valid(compact, check_country=False) else ""
