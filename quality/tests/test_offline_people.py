"""Who works on without a connection: sealed for the one tablet and the one PIN, so that what is copied from it opens nothing."""

from base64 import b64decode, b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.core import signing
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Company, Membership, Tablet
from accounts.tablets import hashed, pair, set_pin
from cleanconnect.tenancy import context
from quality.replay import ACTOR
from tests.factories import MembershipFactory
from tests.tablet_key import TabletKey, public_text, with_pin

from .test_replay import on_tablet

PEOPLE, KEY = "/kwaliteitscheck/tablet/mensen/", "/kwaliteitscheck/tablet/sleutel/"


@pytest.fixture
def key():
    return TabletKey()


@pytest.fixture
def tablet(company, employee):
    """A paired tablet, on which somebody works; Jan may go on there."""
    set_pin(MembershipFactory(name="Jan"), "4711")
    tablet = Tablet.objects.create(name="Wasbrug", code_hash=hashed("K7MQ4XTN"), code_expires_at=timezone.now() + timedelta(minutes=5))
    pair("K7MQ4XTN")
    on_tablet(employee, tablet)
    return tablet


def test_a_tablet_that_said_no_key_gets_no_boxes(employee, tablet):
    assert employee.get(PEOPLE).json() == {"key": "", "people": []}


def test_with_its_key_a_tablet_gets_a_box_of_everyone_who_may_go_on(employee, tablet, key):
    set_pin(MembershipFactory(name="Gesloten"), "4711")
    Membership.objects.filter(name="Gesloten").update(pin_failures=5)

    said = employee.post(KEY, {"key": key.text})

    for answer in (said.json(), employee.get(PEOPLE).json()):
        assert answer["key"] == key.text
        (person,) = answer["people"]
        assert person["name"] == "Jan"
        company, pk, place, _made = signing.loads(key.open(person, "4711"), salt=ACTOR)
        assert (company, pk, place) == (tablet.company_id, person["pk"], tablet.pk)


def test_a_box_opens_neither_with_the_pin_alone_nor_on_another_tablet(employee, tablet, key):
    employee.post(KEY, {"key": key.text})
    (person,) = employee.get(PEOPLE).json()["people"]

    with pytest.raises(InvalidTag):
        with_pin(person, "4711", b64decode(person["box"]))
    with pytest.raises(InvalidTag):
        key.open(person, "4712")
    with pytest.raises(ValueError, match="Decryption failed"):
        TabletKey().open(person, "4711")
    assert key.open(person, "4711")


def test_a_pairing_has_one_key(employee, tablet, key):
    assert employee.post(KEY, {"key": key.text}).status_code == 200
    assert employee.post(KEY, {"key": key.text}).status_code == 200

    refused = employee.post(KEY, {"key": TabletKey().text})

    assert (refused.status_code, refused.json()) == (409, {"why": "Deze tablet heeft al een andere sleutel."})
    assert employee.get(PEOPLE).json()["key"] == key.text


@pytest.mark.django_db(transaction=True)
def test_of_two_keys_at_one_moment_one_counts(client):
    company = Company.objects.found(name="Glans")
    with context.company(company.pk):
        wim, tablet = MembershipFactory(name="Wim"), Tablet.objects.create(name="Wasbrug")
    client.force_login(wim.user)
    on_tablet(client, tablet)
    keys, together = [TabletKey().text for _tablet in range(4)], Barrier(4)

    def say(key):
        browser = Client()
        browser.cookies = client.cookies
        together.wait()
        try:
            return browser.post(KEY, {"key": key}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(say, keys))

    assert sorted(answers) == [200, 409, 409, 409]
    with context.company(company.pk):
        tablet.refresh_from_db()
    assert tablet.public_key == keys[answers.index(200)]


def test_a_new_pairing_begins_with_no_key(employee, tablet, key):
    employee.post(KEY, {"key": key.text})
    Tablet.objects.update(code_hash=hashed("ZZZZ2222"), code_expires_at=timezone.now() + timedelta(minutes=5))

    pair("ZZZZ2222")

    assert employee.get(PEOPLE).json() == {"key": "", "people": []}


def test_a_revoked_tablet_has_no_key_and_says_none(employee, owner, tablet, key):
    employee.post(KEY, {"key": key.text})

    owner.post(reverse("accounts:revoke-tablet", args=[tablet.pk]))

    assert employee.post(KEY, {"key": key.text}).url == "/tablet/"
    tablet.refresh_from_db()
    assert tablet.public_key == ""


def with_other_number(text):
    """A key of which the number is even, which no key's is."""
    read = bytearray(b64decode(text))
    read[-6] ^= 1  # the last byte of the number stands before the five of the exponent
    return b64encode(read).decode()


BAD = {
    "empty": lambda key: "",
    "no base64": lambda key: "sleutel!",
    "no key": lambda key: b64encode(b"sleutel").decode(),
    "more after it": lambda key: b64encode(b64decode(key.text) + b"x").decode(),
    "too long": lambda key: key.text + 200 * "A",
    "a sign of no base64": lambda key: f"é{key.text}",
    "weak": lambda key: public_text(rsa.generate_private_key(65537, 1024).public_key()),
    "large": lambda key: public_text(rsa.generate_private_key(65537, 3072).public_key()),
    "small exponent": lambda key: public_text(rsa.generate_private_key(3, 2048).public_key()),
    "elliptic": lambda key: public_text(ec.generate_private_key(ec.SECP256R1()).public_key()),
    "even": lambda key: with_other_number(key.text),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_what_is_no_key_of_a_tablet_is_refused(employee, tablet, key, bad):
    refused = employee.post(KEY, {"key": bad(key)})

    assert refused.status_code == 422
    assert refused.json()["why"]
    assert employee.get(PEOPLE).json() == {"key": "", "people": []}


def test_only_a_paired_tablet_says_a_key_and_asks(employee, key):
    assert employee.get(PEOPLE).status_code == 404
    assert employee.post(KEY, {"key": key.text}).status_code == 404
