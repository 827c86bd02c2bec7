"""A bank statement read and checked: what adds up becomes lines, what does not is refused with the difference."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256

from django.utils.translation import gettext as _

from cleanconnect.limits import EXCEEDED
from cleanconnect.money import euro
from invoicing.models import BankLine

from . import camt, swift
from .entries import NotAStatement, Part

FIELDS = ("account", "booked_on", "amount", "name", "iban", "description", "end_to_end_id", "mandate", "reference")
EURO = "EUR"


def read(data):
    """The lines of a statement as `BankLine`s that are not saved, from the bytes of a file. Raises `NotAStatement`."""
    try:
        statements = list(camt.statements(data) if is_xml(data) else swift.statements(data))
    except (NotAStatement, *EXCEEDED):
        raise
    except (camt.NotCamt, swift.NotMt940):
        raise _no_statement() from None
    except Exception:  # whatever a library stumbles over in a file that is none
        raise NotAStatement(_("Dit bestand kunnen we niet lezen. Download bij uw bank een afschrift als CAMT.053 of MT940.")) from None
    for statement in statements:
        _check(statement)
    entries = [(statement, entry) for statement in statements for entry in statement.entries]
    lines = [
        _line(statement.account, entry, part)
        for statement, entry in entries
        if (entry.currency or statement.currency or EURO) == EURO
        for part in _parts(entry)
    ]
    if not lines:
        elsewhere = _("Dit afschrift is niet van een rekening in euro.")
        raise NotAStatement(elsewhere if entries else _("In dit bestand staat geen enkele overboeking."))
    return _once(lines)


def refuse_at_sight(data):
    """Raise `NotAStatement` when it is neither XML nor MT940, without reading it."""
    if not is_xml(data) and not swift.looks_like_one(data):
        raise _no_statement()


def is_xml(data):
    return data[:100].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")


def _no_statement():
    return NotAStatement(_("Dit is geen bankafschrift. Download bij uw bank een afschrift als CAMT.053 of MT940."))


def _check(statement):
    """Refuse a statement of which the lines are not the difference between its two balances."""
    if statement.opening is None or statement.closing is None:
        return
    missing = statement.closing - statement.opening - sum((entry.amount for entry in statement.entries), Decimal(0))
    if missing:
        raise NotAStatement(
            _(
                "Dit afschrift klopt niet: beginsaldo en regels samen verschillen %(difference)s van het eindsaldo. "
                "Er is niets ingelezen; download het afschrift opnieuw bij uw bank."
            )
            % {"difference": euro(abs(missing))}
        )


def _parts(entry):
    """The payments of an entry when they come to its amount; else, and for a collection of ours, the whole as one."""
    parts = entry.parts
    is_our_collection = entry.amount > 0 and len(parts) > 1 and all(part.mandate and not part.is_return for part in parts)
    if not is_our_collection and all(part.amount is not None for part in parts):
        if sum(part.amount for part in parts) == entry.amount:
            return parts
        if sum(part.amount + part.charges for part in parts) == entry.amount:
            return [replace(part, amount=part.amount + part.charges) for part in parts]
    if len(parts) == 1:
        return [replace(parts[0], amount=entry.amount)]
    said = dict.fromkeys(
        " ".join(dict.fromkeys(filter(None, [part.name, part.description, part.end_to_end_id, part.reference]))) for part in parts
    )
    return [
        Part(
            amount=entry.amount,
            name=_same(part.name for part in parts),
            iban=_same(part.iban for part in parts),
            description=" · ".join(said),
            mandate=parts[0].mandate if is_our_collection else _same(part.mandate for part in parts),
            is_return=any(part.is_return for part in parts),
            return_reason=_same(part.return_reason for part in parts),
        )
    ]


def _same(texts):
    """What all of them say, "" when they differ."""
    different = set(texts)
    return different.pop() if len(different) == 1 else ""


def _line(account, entry, part):
    limits = {name: BankLine._meta.get_field(name).max_length for name in (*FIELDS, "return_reason")}
    texts = {name: " ".join(getattr(part, name).split()) for name in limits if name not in {"account", "booked_on", "amount"}}
    return BankLine(
        account=account[: limits["account"]],
        booked_on=entry.booked_on,
        amount=part.amount,
        is_return=part.is_return,
        **{name: text[: limits[name]] for name, text in texts.items()},
    )


def _once(lines):
    """Each with its fingerprint; lines of a file that are wholly alike are told apart by their count."""
    seen = Counter()
    for line in lines:
        said = "|".join(str(getattr(line, name)) for name in FIELDS)
        seen[said] += 1
        line.fingerprint = sha256(f"{said}|{seen[said]}".encode()).hexdigest()
    return lines
