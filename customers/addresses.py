"""Street and place of a Dutch postcode and house number, from the government's register of addresses (BAG, by PDOK Locatieserver)."""

import re
from dataclasses import asdict, dataclass

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import ValidationError

from cleanconnect.identifiers import PostcodeField
from cleanconnect.outside import Unavailable, get_json
from cleanconnect.validators import validate_postcode

KEPT_FOR = 30 * 24 * 3600  # seconds


@dataclass(frozen=True)
class Address:
    street: str
    city: str


def find(postcode, house_number):
    """The `Address`, or None when there is none; raises `Unavailable`, also when the look-up is switched off.

    `postcode` in any spelling; of `house_number` the number itself counts, not what is added to it.
    """
    number = re.match(r"\s*(\d{1,5})", house_number)
    try:
        postcode = PostcodeField().to_python(postcode)
        validate_postcode(postcode)
    except ValidationError:
        return None
    if not number:
        return None
    if not settings.ADDRESS_URL:
        raise Unavailable("switched off")
    key = f"address:{postcode}:{number[1]}"
    found = caches["passing"].get(key)
    if found is None:
        found = _ask(postcode, number[1])
        caches["passing"].set(key, found, KEPT_FOR)
    return Address(**found) if found else None


def _ask(postcode, number):
    """`{"street", "city"}`, or `{}` when there is no such address."""
    filters = ["type:adres", f"postcode:{postcode.replace(' ', '')}", f"huisnummer:{number}"]
    answer = get_json(settings.ADDRESS_URL, {"q": "*:*", "fq": filters, "fl": "straatnaam,woonplaatsnaam", "rows": 1})
    try:
        docs = answer["response"]["docs"]
        return asdict(Address(street=str(docs[0]["straatnaam"])[:80], city=str(docs[0]["woonplaatsnaam"])[:80])) if docs else {}
    except (KeyError, IndexError, TypeError) as error:
        raise Unavailable(f"not what PDOK promises: {error!r}") from error
