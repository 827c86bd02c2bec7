"""Dutch identifiers, checked with python-stdnum; each raises a ValidationError with a Dutch message."""

import re

import stdnum.be.vat
import stdnum.dk.cvr
import stdnum.ean
import stdnum.eu.at_02
import stdnum.eu.vat
import stdnum.fr.siren
import stdnum.fr.siret
import stdnum.iban
import stdnum.nl.btw
import stdnum.nl.postcode
import stdnum.no.orgnr
import stdnum.se.orgnr
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as NotValid


def validate_iban(value):
    try:
        stdnum.iban.validate(value, check_country=False)
    except NotValid:
        raise ValidationError(_("Dit is geen geldig IBAN.")) from None


EU = {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL"}
EU |= {"PL", "PT", "RO", "SE", "SI", "SK"}
_BESIDES = {"AD", "AL", "CH", "GB", "GI", "IS", "LI", "MC", "MD", "ME", "MK", "NO", "RS", "SM", "VA"}
SEPA = frozenset(EU | _BESIDES)  # EPC409-09, by the first letters of the IBAN: who takes part in its transfers and direct debits


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


VAT_LETTERS = {"GR": "EL"}  # a btw-id begins with the country (ISO 3166), but in Greece


def is_vat_number_of(value, country):
    """Whether this is a btw-id of that country of the European Union."""
    return country in EU and value[:2] == VAT_LETTERS.get(country, country) and stdnum.eu.vat.is_valid(value)


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


_SCHEMES = (  # the code list EAS (BR-CL-25 of EN 16931, 1.3.16): in which an electronic address can be
    "0002 0007 0009 0037 0060 0088 0096 0097 0106 0130 0135 0142 0147 0151 0154 0158 0170 0177 0183 0184 0188 0190 0191 0192 0193"
    " 0194 0195 0196 0198 0199 0200 0201 0202 0203 0204 0205 0208 0209 0210 0211 0212 0213 0215 0216 0217 0218 0219 0220 0221 0225"
    " 0230 0235 0240 0242 0244 0245 0246 0248 9910 9913 9914 9915 9918 9919 9920 9922 9923 9924 9925 9926 9927 9928 9929 9930 9931"
    " 9932 9933 9934 9935 9936 9937 9938 9939 9940 9941 9942 9943 9944 9945 9946 9947 9948 9949 9950 9951 9952 9953 9957 9959"
)
EAS = frozenset(_SCHEMES.split())


def _vat(country):
    return lambda number: stdnum.eu.vat.is_valid(number if number[:2].isalpha() else VAT_LETTERS.get(country, country) + number)


def _digits(count):
    return lambda number: len(number) == count and number.isascii() and number.isdigit()


_NUMBERS = {  # how a number of a scheme is checked; of the other schemes only the signs
    "0002": stdnum.fr.siren.is_valid,
    "0007": stdnum.se.orgnr.is_valid,
    "0009": stdnum.fr.siret.is_valid,
    "0060": _digits(9),
    "0088": lambda number: _digits(13)(number) and stdnum.ean.is_valid(number),
    "0106": _digits(8),
    "0184": lambda number: stdnum.dk.cvr.is_valid(number.removeprefix("DK")),
    "0190": _digits(20),
    "0192": stdnum.no.orgnr.is_valid,
    "0208": lambda number: _digits(10)(number) and stdnum.be.vat.is_valid(number),
    "9914": _vat("AT"),
    "9918": lambda number: stdnum.iban.is_valid(number, check_country=False),
    "9925": _vat("BE"),
    "9930": _vat("DE"),
    "9938": _vat("LU"),
    "9944": stdnum.nl.btw.is_valid,
    "9957": _vat("FR"),
}


def validate_e_address(value):
    """A Peppol participant: the scheme of the code list EAS, a colon, the number."""
    scheme, _colon, number = value.partition(":")
    if not re.fullmatch(r"[0-9]{4}:[A-Za-z0-9.+-]{1,50}", value):
        raise ValidationError(_("Een elektronisch adres ziet eruit als 0106:12345678."))
    if scheme not in EAS:
        raise ValidationError(_("%(scheme)s is geen soort nummer van Peppol; een KvK-nummer begint met 0106:.") % {"scheme": scheme})
    if scheme in _NUMBERS and not _NUMBERS[scheme](number):
        raise ValidationError(_("%(number)s is geen geldig nummer van soort %(scheme)s.") % {"number": number, "scheme": scheme})
