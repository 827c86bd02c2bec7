"""Texts in files for the bank: with only the signs that every bank takes (EPC217-08)."""

import re

from text_unidecode import unidecode

_SAID_OTHERWISE = {"&": " en ", "€": "EUR", "@": "(at)", "_": "-"}
_NOT_TAKEN = re.compile(r"[^A-Za-z0-9/?:().,'+ -]+")


def sepa_text(text):
    """The text in the character set of SEPA: letters without accents, no sign that a bank refuses, no // and no / at an end."""
    for sign, said in _SAID_OTHERWISE.items():
        text = text.replace(sign, said)
    plain = _NOT_TAKEN.sub(" ", unidecode(text).replace('"', "'"))
    return re.sub(r" {2,}", " ", re.sub(r"/{2,}", "/", plain)).strip(" /")
