"""Dutch identifiers, checked with python-stdnum; each raises a ValidationError with a Dutch message."""

import re

import stdnum.eu.at_02
import stdnum.eu.vat
import stdnum.iban
import stdnum.nl.btw
import stdnum.nl.postcode
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as NotValid


def validate_iban(value):
    try:
        stdnum.iban.validate(value, check_country=False)
    except NotValid:
        raise ValidationError(_("Dit is geen geldig IBAN.")) from None


_UNION = {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL"}
_UNION |= {"PL", "PT", "RO", "SE", "SI", "SK"}
_BESIDES = {"AD", "AL", "CH", "GB", "GI", "IS", "LI", "MC", "MD", "ME", "MK", "NO", "RS", "SM", "VA"}
SEPA = frozenset(_UNION | _BESIDES)  # EPC409-09, by the first letters of the IBAN: who takes part in its transfers and direct debits


def is_sepa_iban(value):
    """Whether an account can be paid to by a SEPA transfer; the IBAN may have blanks."""
    return stdnum.iban.is_valid(value, check_country=False) and stdnum.iban.compact(value)[:2] in SEPA


def validate_sepa_iban(value):
    """Besides `validate_iban`, where money is asked on an account."""
    if stdnum.iban.is_valid(value, check_country=False) and not is_sepa_iban(value):
        raise ValidationError(_("Deze bank doet niet mee aan Europese overschrijvingen (SEPA); vul een IBAN van een land in dat meedoet."))


def validate_vat_number(value):
    """A btw-id: the check covers both kinds, of legal persons (11-test) and of sole traders (mod 97)."""
    try:
        stdnum.nl.btw.validate(value)
    except NotValid:
        raise ValidationError(_("Dit is geen geldig btw-id; het ziet eruit als NL123456789B01.")) from None


def validate_eu_vat_number(value):
    """A customer's btw-id: Dutch as above, or of another country of the European Union in its own form."""
    if value.startswith("NL"):
        return validate_vat_number(value)
    try:
        stdnum.eu.vat.validate(value)
    except NotValid:
        raise ValidationError(_("Dit is geen geldig btw-id; begin met de twee letters van het land.")) from None


def validate_creditor_id(value):
    """Incassant-ID, the creditor identifier of SEPA (AT-02)."""
    try:
        stdnum.eu.at_02.validate(value)
    except NotValid:
        raise ValidationError(_("Dit is geen geldige incassant-ID; die ziet eruit als NL79ZZZ999999990000.")) from None


def validate_kvk_number(value):
    if not re.fullmatch(r"[0-9]{8}", value):
        raise ValidationError(_("Een KvK-nummer heeft 8 cijfers."))


def validate_postcode(value):
    try:
        stdnum.nl.postcode.validate(value)
    except NotValid:
        raise ValidationError(_("Een postcode ziet eruit als 1234 AB.")) from None


def validate_oin_number(value):
    """Organisatie-identificatienummer of a public body."""
    if not re.fullmatch(r"[0-9]{20}", value):
        raise ValidationError(_("Een OIN heeft 20 cijfers."))


def validate_e_address(value):
    """A Peppol participant: the scheme of the code list EAS, a colon, the number."""
    if not re.fullmatch(r"[0-9]{4}:[A-Za-z0-9.+-]{1,50}", value):
        raise ValidationError(_("Een elektronisch adres ziet eruit als 0106:12345678."))
