"""Rows that are probably not what they seem are told, and imported only when a person says so."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from customers.models import Customer
from imports.tests.given import checked, counts, csv_file, imported, worked
from tests.factories import CustomerFactory

LOST_ITS_ZEROS = "Klantnr;Naam;Soort;Telefoon;Postcode;Plaats\r\n456;Ronde Reis BV;Zakelijk;31612345678;1234 AB;Utrecht\r\n"
WITH_A_TOTAL = "Debiteurenlijst;;\r\nDatum;25-11-2026;\r\n\r\nDebiteurnr;Bedrijfsnaam;Soort\r\n9008;Titel Garage;Zakelijk\r\nTotaal;1;\r\n"


def carried_out(client, found, **choices):
    client.post(reverse("imports:carry-out", args=[found.pk]), choices)
    return worked(found)


def test_a_number_that_lost_its_zeros_is_told_and_makes_no_second_customer(owner):
    CustomerFactory(number="00456", name="Ronde Reis BV", phone="+31612345678", city="Utrecht")

    found = imported(owner, "customers", csv_file(LOST_ITS_ZEROS))

    assert (counts(found), found.doubt_count) == ((0, 0, 0, 0), 1)
    assert found.problems == [[2, "Klantnr", "Dit is waarschijnlijk klant 00456, Ronde Reis BV: Excel laat nullen vooraan weg."]]
    assert Customer.objects.count() == 1


def test_who_says_so_gets_the_rows_in_doubt_too(owner):
    CustomerFactory(number="00456", name="Ronde Reis BV")
    found = checked(owner, "customers", csv_file(LOST_ITS_ZEROS + "457;Nieuw;Zakelijk;;;\r\n"))
    page = owner.get(reverse("imports:detail", args=[found.pk]))
    assertContains(page, "Alleen de goede rijen importeren (1)")
    assertContains(page, "Ook de rijen met twijfel importeren (2)")

    found = carried_out(owner, found, twijfel="ja")

    assert (found.state, counts(found), found.doubt_count) == ("done", (2, 0, 0, 0), 0)
    assert list(Customer.objects.order_by("number").values_list("number", flat=True)) == ["00456", "456", "457"]


def test_without_a_word_only_the_others_are_imported(owner):
    CustomerFactory(number="00456", name="Ronde Reis BV")
    found = checked(owner, "customers", csv_file(LOST_ITS_ZEROS + "457;Nieuw;Zakelijk;;;\r\n"))

    found = carried_out(owner, found)

    assert (found.state, counts(found), found.doubt_count) == ("done", (1, 0, 0, 0), 1)
    assertContains(owner.get(reverse("imports:detail", args=[found.pk])), "Twijfel, overgeslagen")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("7;garage de vries B.V.;;", "Naam"),
        ("7;Anders;INFO@vries.example;", "E-mail"),
        ("7;Anders;;12345678", "KvK"),
    ],
)
def test_a_customer_who_looks_like_one_of_ours_is_told(owner, row, column):
    CustomerFactory(number="1", name="Garage De Vries", email="info@vries.example", kvk_number="12345678")

    found = checked(owner, "customers", csv_file(f"Klantnr;Naam;E-mail;KvK\n{row}\n"))

    assert found.doubt_count == 1
    assert found.problems == [[2, column, "Deze klant lijkt er al te zijn: Garage De Vries, klantnummer 1."]]


def test_a_row_of_totals_is_no_customer(owner):
    found = imported(owner, "customers", csv_file(WITH_A_TOTAL))

    assert (counts(found), found.doubt_count) == ((1, 0, 0, 0), 1)
    assert Customer.objects.get().name == "Titel Garage"


def test_a_postcode_abroad_that_lost_its_zero_is_told(owner):
    found = checked(owner, "customers", csv_file("Naam;Postcode;Land\nAutohaus;1067;DE\nBakker;1000;BE\n"))

    assert (counts(found), found.doubt_count) == ((1, 0, 0, 0), 1)
    assert "is dit 01067?" in found.problems[0][2]


def test_a_vehicle_of_a_number_that_lost_its_zeros_says_which_is_meant(owner):
    CustomerFactory(number="00456")

    found = checked(owner, "vehicles", csv_file("Kenteken;Soort;Klantnummer\nGB-001-B;Auto;456\n"))

    assert found.problems == [[2, "Klantnummer", "Klantnummer 456 kennen we niet, 00456 wel: Excel laat nullen vooraan weg."]]
