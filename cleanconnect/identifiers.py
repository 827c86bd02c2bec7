"""Form fields for Dutch identifiers: typed with blanks, dots or in lower case, kept in one spelling.

A ModelForm names them in `Meta.field_classes`; the model field's validators check what they made of it.
"""

import stdnum.iban
import stdnum.nl.btw
import stdnum.nl.postcode
from django import forms
from stdnum.util import clean

from .validators import validate_sepa_iban


class IdentifierField(forms.CharField):
    """Takes more characters than are kept, so that separators may be typed; the length is checked afterwards."""

    def to_python(self, value):
        text = super().to_python(value)
        return text if text in self.empty_values else self.in_one_spelling(text)

    def widget_attrs(self, widget):
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}

    def in_one_spelling(self, text):
        raise NotImplementedError


class IbanField(IdentifierField):
    def in_one_spelling(self, text):
        return stdnum.iban.compact(text)


class SepaIbanField(IbanField):
    """Of an account to which customers pay, or from which is collected."""

    default_validators = [validate_sepa_iban]


class VatNumberField(IdentifierField):
    def in_one_spelling(self, text):
        return "NL" + stdnum.nl.btw.compact(text)


class EuVatNumberField(VatNumberField):
    """Of any country of the European Union; without letters it is Dutch."""

    def in_one_spelling(self, text):
        signs = clean(text, " .-/").upper()
        is_foreign = signs[:2].isalpha() and signs[:2] != "NL"
        return signs if is_foreign else super().in_one_spelling(text)


class KvkNumberField(IdentifierField):
    def in_one_spelling(self, text):
        return clean(text, " .-")


class PostcodeField(IdentifierField):
    def in_one_spelling(self, text):
        digits_and_letters = stdnum.nl.postcode.compact(text)
        return f"{digits_and_letters[:4]} {digits_and_letters[4:]}".strip()
