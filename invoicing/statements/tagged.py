"""The texts in which Dutch banks tell who paid what: tags between slashes, or words with a colon. A slash in a text is only that."""

import re

from .entries import Part, iban_of

# All that ABN AMRO, ING, Rabobank, Knab and bunq write (their format descriptions of MT940 and of AddtlNtryInf in CAMT.053).
_NAMES = (
    *("ADDR", "BENM", "BIC", "BO", "CDTRREF", "CDTRREFTP", "CNTP", "CREF", "CSID", "EREF", "EXCH", "IBAN", "ID", "IREF"),
    *("ISDT", "MARF", "NAME", "NRTX", "OCMT", "ORDP", "PREF", "PURP", "REMI", "RTRN", "RTYP", "SVCL", "SWOC", "SWOD"),
    *("TRCD", "TRTP", "UCRD", "UDTR", "ULTB", "ULTC", "ULTD"),
)
_TAG = re.compile(rf"/({'|'.join(_NAMES)})/")
_WORDS = {
    "IBAN": "IBAN",
    "REK": "IBAN",
    "BIC": "BIC",
    "NAAM": "NAME",
    "OMSCHRIJVING": "REMI",
    "KENMERK": "EREF",
    "MACHTIGING": "MARF",
    "INCASSANT": "CSID",
    "BETALINGSKENM.": "CDTRREF",
}
_WORD = re.compile(rf"(?<![A-Z])({'|'.join(re.escape(word) for word in _WORDS)})\s?:\s?")
_NOT_GIVEN = {"NOTPROVIDED", "NONREF", "NOTPROVIDE", "EREF", "PREF", "MARF"}


def tags(text):
    """`{tag: text}` of a text with tags; of one with words and colons the same; {} of one that has neither."""
    pieces = _TAG.split(text)
    if len(pieces) > 1 and not pieces[0].strip():
        return _pairs(pieces[1::2], pieces[2::2])
    pieces = _WORD.split(text)
    found = _pairs([_WORDS[word] for word in pieces[1::2]], pieces[2::2])
    return {"REMI": pieces[0]} | found if {"IBAN", "NAME"} & set(found) else {}


def _pairs(names, texts):
    found = {}
    for name, text in zip(names, texts, strict=True):
        found.setdefault(name, text)
    return found


def given(text):
    """A reference, "" for the words with which banks say that there is none."""
    text = text.strip(" /")
    return "" if text.upper() in _NOT_GIVEN else text


def part_of(text, **known):
    """The `Part` that a text tells of; what is `known` from elsewhere and not empty goes before it."""
    found = tags(text)
    iban, name = iban_of(found.get("IBAN", "").strip(" /")), found.get("NAME", "").strip(" /")
    if counterparty := found.get("CNTP"):
        iban, name = _counterparty(counterparty)
    reference = found.get("CDTRREF", "").strip(" /") or _structured(found)
    told = {
        "name": name,
        "iban": iban,
        "description": _remittance(found) or (reference if found else text),
        "end_to_end_id": given(found.get("EREF", "")),
        "mandate": given(found.get("MARF", "")),
        "reference": reference,
        "is_return": "RTRN" in found,
        "return_reason": found.get("RTRN", "").strip(" /"),
    }
    return Part(**told | {key: value for key, value in known.items() if value})


def _counterparty(text):
    """`(IBAN, name)` of `iban/bic/name/place/`, in which the name may have a slash."""
    iban, _slash, rest = text.partition("/")
    _bic, _slash, rest = rest.partition("/")
    return iban_of(iban), rest.removesuffix("/").rpartition("/")[0].strip(" /") or rest.strip(" /")


def _remittance(found):
    """What the payer wrote: all of it, or behind ING's `USTD//`."""
    text = found.get("REMI", "").strip()
    return "" if text.startswith("STRD/") else text.removeprefix("USTD//").strip(" /")


def _structured(found):
    """The payment reference in ING's `STRD/CUR/…/`."""
    text = found.get("REMI", "").strip()
    return text.strip("/").rpartition("/")[2] if text.startswith("STRD/") else ""
