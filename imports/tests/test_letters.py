"""A text file in whatever letters it was written: recognised, or told at its cell."""

import pytest

from customers.models import Customer
from imports.tests.given import csv_file, imported


@pytest.mark.parametrize("encoding", ["cp850", "mac_roman", "cp1252", "utf-8"])
@pytest.mark.parametrize("name", ["Café Müller", "Zoë", "Garage Günther & Söhne", "Coöperatie Één", "Crème brûlée", "Jürgen Größe"])
def test_letters_of_dos_and_of_an_old_mac_are_recognised(owner, encoding, name):
    imported(owner, "customers", csv_file(f"Klantnr;Naam;Soort\r\n9006;{name};Zakelijk\r\n", encoding))

    assert Customer.objects.get().name == name


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "utf-8"])
@pytest.mark.parametrize("name", ["‘t Hoekje", "De “Poetser” BV", "Auto’s en Co", "Vries – Delft", "’s Middags €"])
def test_quotation_marks_are_no_letters_of_another_code(owner, encoding, name):
    imported(owner, "customers", csv_file(f"Klantnr;Naam;Soort\r\n9006;{name};Zakelijk\r\n", encoding))

    assert Customer.objects.get().name == name


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_one_byte_that_is_no_utf_8_spoils_its_own_cell_only(owner, mark):
    rows = "Klantnr;Naam;Soort;Plaats\r\n9002;Café Één;Zakelijk;Zaanstad\r\n9003;Garage Ü;Zakelijk;".encode() + b"Am\x92sterdam\r\n"

    found = imported(owner, "customers", csv_file(mark + rows), only_good=True)

    assert Customer.objects.get().name == "Café Één"
    assert [problem[:2] for problem in found.problems] == [[3, "Plaats"]]
    assert "Am’sterdam" in found.problems[0][2]


def test_the_apostrophe_that_keeps_a_spreadsheet_from_computing_is_no_part_of_a_name(owner):
    imported(owner, "customers", csv_file("Naam;Plaats\n'=SUM(A1);'s-Gravenhage\n"))

    assert Customer.objects.values_list("name", "city").get() == ("=SUM(A1)", "'s-Gravenhage")
