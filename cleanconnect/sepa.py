"""Texts in files for the bank: with only the signs that every bank takes (EPC217-08)."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from text_unidecode import unidecode

NAME_LENGTH = 70
NOT_PROVIDED = "NOTPROVIDED"  # as ISO 20022 has it where a text is asked and there is none

_SAID_OTHERWISE = {"&": " en ", "€": "EUR", "@": "(at)", "_": "-"}
_NOT_TAKEN = re.compile(r"[^A-Za-z0-9/?:().,'+ -]+")


def sepa_text(text):
    """The text in the character set of SEPA: letters without accents, no sign that a bank refuses, no // and no / at an end."""
    for sign, said in _SAID_OTHERWISE.items():
        text = text.replace(sign, said)
    plain = _NOT_TAKEN.sub(" ", unidecode(text).replace('"', "'"))
    return re.sub(r" {2,}", " ", re.sub(r"/{2,}", "/", plain)).strip(" /")


def sepa_name(text):
    """The name of a party in a file for the bank; never empty, which its schema refuses."""
    return sepa_text(text)[:NAME_LENGTH].strip() or NOT_PROVIDED


def validate_sepa_name(text):
    """That something of the name is left in a file for the bank."""
    if not sepa_text(text):
        raise ValidationError(_("Een bank kan deze naam niet lezen; schrijf hem in gewone letters."))
