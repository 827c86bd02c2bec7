"""Licence plates (kentekens) and chassis numbers (VIN): one spelling to store, one to show.

The shape alone decides: which letters are still issued changes over the years, and plates on the road break those rules.
Source of the 14 Dutch shapes ("sidecodes"): RDW and RAI Vereniging.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# A letter is X and a digit 9; the dashes stand where the plate has them.
SIDECODES = (
    "XX-99-99",
    "99-99-XX",
    "99-XX-99",
    "XX-99-XX",
    "XX-XX-99",
    "99-XX-XX",
    "99-XXX-9",
    "9-XXX-99",
    "XX-999-X",
    "X-999-XX",
    "XXX-99-X",
    "X-99-XXX",
    "9-XX-999",
    "999-XX-9",
)
_SHAPES = [(re.compile("".join({"X": "([A-Z])", "9": "([0-9])"}.get(sign, "") for sign in code)), code) for code in SIDECODES]
# Outside the sidecodes: the royal house, the International Court of Justice, export and one-day plates.
_SPECIAL = [
    (re.compile(r"(AA)([0-9]{1,3})"), r"\1-\2"),
    (re.compile(r"(CDJ)([0-9]{3})"), r"\1-\2"),
    (re.compile(r"([A-Z])([0-9]{2})([0-9]{2})"), r"\1-\2-\3"),
]
# Letter for letter, so without ß: its upper case is "SS". Foreign plates have letters such as Ü.
_UPPER = {ord(letter): letter.upper() for letter in "abcdefghijklmnopqrstuvwxyzàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ"}
_SEPARATORS = re.compile(r"[\s\-.·•–—]+")


def compact(text):
    """Upper case without blanks and dashes: how plates and VINs are stored and searched."""
    return _SEPARATORS.sub("", text.strip().translate(_UPPER))


def format_plate(plate):
    """A stored Dutch plate with its dashes; a text of any other shape comes back as it is."""
    for shape, code in _SHAPES:
        if found := shape.fullmatch(plate):
            signs = iter(found.groups())
            return "".join("-" if sign == "-" else next(signs) for sign in code)
    for shape, shown in _SPECIAL:
        if found := shape.fullmatch(plate):
            return found.expand(shown)
    return plate


def clean_plate(text, country="NL"):
    """The plate to store and the one to show; raises a ValidationError for a text that is no plate of that country.

    A Dutch plate is shown with its dashes, a foreign one as it was typed, in upper case: some foreign plates have a
    Dutch shape and must not get Dutch dashes.
    """
    plate = compact(text)
    if country != "NL":
        if not re.fullmatch(r"[0-9A-ZÀ-ÖØ-Þ]{1,12}", plate):
            raise ValidationError(_("Een kenteken heeft alleen letters en cijfers, ten hoogste 12."))
        return plate, " ".join(text.translate(_UPPER).split())[:15]
    if not any(shape.fullmatch(plate) for shape, _shown in (*_SHAPES, *_SPECIAL)):
        raise ValidationError(_("Dit is geen Nederlands kenteken; kies een ander land als het kenteken buitenlands is."))
    return plate, format_plate(plate)


def clean_vin(text):
    """The VIN to store (ISO 3779: 17 characters, no I, O or Q); raises a ValidationError."""
    vin = compact(text)
    if not re.fullmatch(r"[A-HJ-NPR-Z0-9]{17}", vin):
        raise ValidationError(_("Een chassisnummer heeft 17 letters en cijfers, zonder I, O en Q."))
    return vin


def looks_like_vin(text):
    """Whether this is a chassis number by its shape (ISO 3779): 17 letters and digits, without I, O and Q."""
    return bool(re.fullmatch(r"[A-HJ-NPR-Z0-9]{17}", compact(text)))
