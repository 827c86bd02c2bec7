import csv
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from cleanconnect.identifiers import IbanField, KvkNumberField, PostcodeField, VatNumberField
from cleanconnect.validators import validate_iban, validate_kvk_number, validate_postcode, validate_vat_number

FIELDS = {
    "iban": IbanField(validators=[validate_iban], max_length=34),
    "btw_id": VatNumberField(validators=[validate_vat_number], max_length=14),
    "kvk": KvkNumberField(validators=[validate_kvk_number], max_length=8),
    "postcode": PostcodeField(validators=[validate_postcode], max_length=7),
}
with (Path(__file__).parent / "data" / "identifiers.csv").open(encoding="utf-8", newline="") as file:
    ROWS = [row for row in csv.DictReader(file) if row["kind"] in FIELDS]


def name_of(row):
    return f"{row['kind']} {row['input']!r}"


@pytest.mark.parametrize("row", [row for row in ROWS if row["valid"] == "yes"], ids=name_of)
def test_what_is_typed_is_kept_in_one_spelling(row):
    assert FIELDS[row["kind"]].clean(row["input"]) == row["normalized"]


@pytest.mark.parametrize("row", [row for row in ROWS if row["valid"] == "no"], ids=name_of)
def test_what_is_not_valid_is_refused(row):
    with pytest.raises(ValidationError):
        FIELDS[row["kind"]].clean(row["input"])


@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS)
@pytest.mark.parametrize("text", ["🚗", "<b>", "nul\x00", "x" * 500, "NL", "-", "١٢٣٤٥٦٧٨"])
def test_nonsense_is_refused(field, text):
    with pytest.raises(ValidationError):
        field.clean(text)


def test_blanks_alone_are_empty():
    assert PostcodeField(required=False).clean("   ") == ""


def test_the_browser_lets_separators_be_typed():
    assert "maxlength" not in FIELDS["kvk"].widget.attrs
