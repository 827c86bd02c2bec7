"""Street and place by postcode and number, against a server that behaves like PDOK, and misbehaves."""

import json
import time

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from cleanconnect import outside as client
from cleanconnect.outside import Unavailable
from customers import addresses
from customers.addresses import Address
from tests.outside_server import outside

DAM = {"response": {"numFound": 1, "start": 0, "docs": [{"straatnaam": "Dam", "woonplaatsnaam": "Amsterdam"}]}}
NOTHING = {"response": {"numFound": 0, "start": 0, "docs": []}}


def pdok(query):
    return 200, json.dumps(DAM if "postcode:1012JS" in query["fq"] and "huisnummer:1" in query["fq"] else NOTHING)


@pytest.fixture
def server(settings):
    with outside(pdok) as running:
        settings.ADDRESS_URL = running.url
        yield running


@pytest.mark.parametrize(("postcode", "number"), [("1012 JS", "1"), ("1012js", " 1 "), ("1012JS", "1a"), ("1012 js", "1-3")])
def test_an_address_is_found_in_every_spelling(server, postcode, number):
    assert addresses.find(postcode, number) == Address("Dam", "Amsterdam")
    assert "type:adres" in server.asked[0]["fq"]


def test_what_is_known_is_not_asked_again_nor_what_is_not_there(server):
    for _ in range(2):
        addresses.find("1012 JS", "1")
        assert addresses.find("1012 JS", "999") is None

    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("postcode", "number"), [("", "1"), ("1012 JS", ""), ("1012 JS", "huis"), ("0123 AB", "1"), ("1012 SS", "1"), ("x", "1")]
)
def test_what_is_no_address_is_not_asked(server, postcode, number):
    assert addresses.find(postcode, number) is None
    assert server.asked == []


@pytest.mark.parametrize(
    "answer",
    [
        (500, "{}"),
        (429, "{}"),
        (404, "<html>"),
        (302, ""),
        (200, "<html>storing</html>", "text/html"),
        (200, ""),
        (200, "[]"),
        (200, "null"),
        (200, '{"response": {}}'),
        (200, '{"response": {"docs": [{}]}}'),
        (200, '{"response": {"docs": "x"}}'),
        (200, b"\xff\xfe\x00"),
        (200, " " * 2_000_000),
        "cut",
        "drip",
        "hang",
    ],
)
def test_trouble_over_there_is_one_exception_in_time_and_is_not_remembered(settings, monkeypatch, answer):
    monkeypatch.setattr(client, "TIME_LIMIT", 1)
    with outside(lambda query: answer) as server:
        settings.ADDRESS_URL = server.url
        began = time.monotonic()
        with pytest.raises(Unavailable):
            addresses.find("1012 JS", "1")
        assert time.monotonic() - began < 3

        server.answer = pdok
        assert addresses.find("1012 JS", "1") == Address("Dam", "Amsterdam")


def test_a_server_that_is_not_there(settings):
    settings.ADDRESS_URL = "http://127.0.0.1:9/"

    with pytest.raises(Unavailable):
        addresses.find("1012 JS", "1")


def look_up(owner, **typed):
    return owner.get(reverse("customers:address"), typed)


def test_the_form_is_told_what_was_found(owner, server):
    assertContains(
        look_up(owner, postcode="1012js", house_number="1", country="NL"),
        'data-fill="{&#34;street&#34;: &#34;Dam&#34;, &#34;city&#34;: &#34;Amsterdam&#34;}"',
    )
    assertContains(look_up(owner, postcode="1012js", house_number="7"), "vinden we geen adres")


def test_the_form_goes_on_by_hand_when_it_cannot_be_asked(owner):
    assertContains(look_up(owner, postcode="1012js", house_number="1"), "lukt nu niet")


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"postcode": "1012JS"},
        {"postcode": "B-2000", "house_number": "1", "country": "BE"},
        {"postcode": "x" * 99},
        {"postcode": "\x00"},
    ],
)
def test_what_is_not_complete_or_foreign_is_not_asked(owner, server, typed):
    assertContains(look_up(owner, **typed), "zoeken we er dan bij")
    assert server.asked == []
