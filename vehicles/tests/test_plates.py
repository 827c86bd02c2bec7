import csv
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from vehicles.plates import clean_plate, clean_vin, compact, format_plate

DATA = Path(__file__).parent / "data"


def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PLATES = rows("kenteken.csv")
VINS = rows("vin.csv")


@pytest.mark.parametrize("row", [row for row in PLATES if row["verdict"] != "invalid"], ids=lambda row: row["input"])
def test_a_plate_is_stored_and_shown_in_one_spelling(row):
    assert clean_plate(row["input"], row["land"]) == (row["normalized"], row["formatted"])


@pytest.mark.parametrize("row", [row for row in PLATES if row["verdict"] == "invalid"], ids=lambda row: repr(row["input"]))
def test_what_is_no_dutch_plate_is_refused(row):
    with pytest.raises(ValidationError, match="geen Nederlands kenteken"):
        clean_plate(row["input"], row["land"])


@pytest.mark.parametrize("text", ["", "1234567890ABC", "AB\x00C", "🚗", "<b>"])
def test_what_is_no_foreign_plate_is_refused(text):
    with pytest.raises(ValidationError, match="ten hoogste 12"):
        clean_plate(text, "DE")


def test_foreign_letters_are_capitals_too():
    assert clean_plate("mü-ab 12", "DE") == ("MÜAB12", "MÜ-AB 12")


def test_a_stored_plate_of_another_shape_is_shown_as_it_is():
    assert format_plate("1ABC2345") == "1ABC2345"


@pytest.mark.parametrize("row", [row for row in VINS if row["valid"] == "yes"], ids=lambda row: row["input"])
def test_a_vin_is_stored_in_one_spelling(row):
    assert clean_vin(row["input"]) == row["normalized"]


@pytest.mark.parametrize("row", [row for row in VINS if row["valid"] == "no"], ids=lambda row: repr(row["input"]))
def test_what_is_no_vin_is_refused(row):
    with pytest.raises(ValidationError, match="17 letters en cijfers"):
        clean_vin(row["input"])


def test_case_dashes_and_blanks_do_not_matter_when_searching():
    assert compact(" gb-123\u2013k ") == "GB123K"
