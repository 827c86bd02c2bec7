"""A tablet is paired once; then a name and four digits open it, it locks itself, and a revoked one is out at once."""

from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import Membership, Tablet
from accounts.tablets import read_code, sealed, set_pin
from cleanconnect.tenancy import context
from tests.factories import MembershipFactory
from tests.tablet_key import TabletKey

HOME, START = "/tablet/", "/start/"


@pytest.fixture
def wim(company):
    wim = MembershipFactory(name="Wim Werknemer")
    set_pin(wim, "4711")
    return wim


@pytest.fixture
def code(owner):
    """A fresh code, as the owner reads it from the screen once."""
    owner.post(reverse("accounts:tablets"), {"name": "Wasbrug"})
    page = owner.get(reverse("accounts:tablets"))
    code = page.context["code"]
    assertContains(page, code)
    assertNotContains(owner.get(reverse("accounts:tablets")), code)
    return code


@pytest.fixture
def tablet(code):
    """The browser of a paired tablet, nobody logged in."""
    browser = Client()
    assertRedirects(browser.post(HOME, {"code": code.lower().replace("-", " ")}), HOME)
    return browser


def enter(browser, person, pin):
    return browser.post(reverse("tablet-pin", args=[person.pk]), {"pin": pin})


def test_a_name_and_four_digits_open_the_days_cars(tablet, wim):
    assertContains(tablet.get(HOME), "Wim Werknemer")

    response = enter(tablet, wim, "4711")

    assert response.url == START
    page = tablet.get(START, follow=True)
    assertContains(page, "Vandaag")
    assertContains(page, "Wissel")
    assert page.wsgi_request.membership == wim


def test_changing_takes_one_press_and_another_name(tablet, wim):
    jan = MembershipFactory(name="Jan")
    set_pin(jan, "1834")
    enter(tablet, wim, "4711")

    assert tablet.post(reverse("tablet-change-person")).url == HOME
    assert tablet.get(START).url.startswith("/klantlogin/")
    enter(tablet, jan, "1834")

    assert tablet.get(START, follow=True).wsgi_request.membership == jan


def test_five_wrong_lock_that_name_only_until_the_owner_gives_a_new_pin(tablet, wim, owner):
    jan = MembershipFactory(name="Jan")
    set_pin(jan, "1834")
    for left in (4, 3, 2, 1):
        assertContains(enter(tablet, wim, "0000"), f"nog {left} keer", status_code=422)
    assertContains(enter(tablet, wim, "0000"), "vergrendeld", status_code=422)

    assertContains(enter(tablet, wim, "4711"), "vergrendeld", status_code=422)
    assert enter(tablet, jan, "1834").url == START
    owner.post(reverse("accounts:member-pin", args=[wim.pk]), {"pin": "9371"})
    assert enter(tablet, wim, "9371").url == START


def test_a_right_pin_forgets_the_wrong_ones(tablet, wim):
    enter(tablet, wim, "0000")
    enter(tablet, wim, "4711")

    assert Membership.objects.get(pk=wim.pk).pin_failures == 0


def test_it_locks_itself_when_nobody_touches_it(tablet, wim, company):
    enter(tablet, wim, "4711")
    session = tablet.session
    session["tablet_used_at"] = (timezone.now() - timedelta(minutes=company.tablet_lock_minutes, seconds=1)).timestamp()
    session.save()

    assert tablet.get(reverse("quality:today")).url == HOME
    assert tablet.get(START).url.startswith("/klantlogin/")


def test_a_page_that_asks_for_news_does_not_keep_it_open(tablet, wim):
    enter(tablet, wim, "4711")
    session = tablet.session
    before = session["tablet_used_at"] = (timezone.now() - timedelta(minutes=5)).timestamp()
    session.save()

    tablet.get(reverse("workorders:hall-screen"), headers={"HX-Request": "true"})
    assert tablet.session["tablet_used_at"] == before
    tablet.get(reverse("quality:today"))
    assert tablet.session["tablet_used_at"] > before


def test_a_revoked_tablet_is_out_at_once_and_empties_itself(tablet, wim, owner):
    enter(tablet, wim, "4711")

    owner.post(reverse("accounts:revoke-tablet", args=[Tablet.objects.get().pk]))

    response = tablet.get(reverse("quality:today"))
    assert response.url == HOME
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assertContains(tablet.get(HOME), "Deze tablet koppelen")
    assert enter(tablet, wim, "4711").url == HOME


def test_a_tablet_that_was_revoked_while_nobody_used_it_empties_itself_too(tablet, owner):
    owner.post(reverse("accounts:revoke-tablet", args=[Tablet.objects.get().pk]))

    response = tablet.get(HOME)

    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert response.cookies["tablet"]["max-age"] == 0


def test_a_code_works_once_and_a_quarter_of_an_hour(code, tablet, owner):
    assertContains(Client().post(HOME, {"code": code}), "klopt niet of is verlopen", status_code=422)
    owner.post(reverse("accounts:tablets"), {"name": "Poetshal"})
    fresh = owner.get(reverse("accounts:tablets")).context["code"]
    Tablet.objects.filter(name="Poetshal").update(code_expires_at=timezone.now())
    assertContains(Client().post(HOME, {"code": fresh}), "klopt niet of is verlopen", status_code=422)


@pytest.mark.parametrize("typed", ["", "x", "1-AAAA-AAAA", "999999999-AAAA-AAAA", "1-AAAA", "٣-AAAA-AAAA", "\x00"])
def test_a_code_that_is_none_is_told(db, typed):
    assert Client().post(HOME, {"code": typed}).status_code == 422


@pytest.mark.parametrize("cookie", ["", "x", "1.2", "1.2.x", "9" * 30 + ".1.x", "1." + "9" * 18 + ".x", "a.b.c"])
def test_a_cookie_that_is_none_is_a_tablet_to_pair(company, wim, cookie):
    browser = Client()
    browser.cookies["tablet"] = cookie

    assertContains(browser.get(HOME), "Deze tablet koppelen")
    assert enter(browser, wim, "4711").url == HOME


def test_a_code_is_read_in_any_spelling():
    assert read_code(" 12-k7mq 4xtn ") == read_code("12 K7MQ-4XTN") == (12, "K7MQ4XTN")


def test_a_pin_opens_nothing_but_a_paired_tablet_of_this_company(wim, tablet, neighbour, owner):
    with context.company(neighbour.company.pk):
        theirs = MembershipFactory(name="Buurvrouw")
        set_pin(theirs, "4711")

    assert enter(Client(), wim, "4711").url == HOME
    assert enter(tablet, theirs, "4711").url == HOME
    assertNotContains(tablet.get(HOME), "Buurvrouw")
    assert enter(tablet, owner.membership, "4711").url == HOME
    wim.is_active = False
    wim.save()
    assert enter(tablet, wim, "4711").url == HOME


@pytest.mark.parametrize("pin", ["", "123", "12345", "12a4", "١٢٣٤", "    "])
def test_a_pin_is_four_digits(owner, wim, pin):
    assertContains(owner.post(reverse("accounts:member-pin", args=[wim.pk]), {"pin": pin}), "is-invalid", status_code=422)
    assert "4711" not in Membership.objects.get(pk=wim.pk).pin


def test_pins_are_the_owners_to_give(employee, wim):
    assert employee.get(reverse("accounts:tablets")).status_code == 403
    assert employee.post(reverse("accounts:member-pin", args=[wim.pk]), {"pin": "1234"}).status_code == 403


def test_an_owner_has_no_pin(owner):
    assert owner.get(reverse("accounts:member-pin", args=[owner.membership.pk])).status_code == 404


def test_it_can_be_installed_as_an_app(db):
    page, found = Client().get(HOME), Client().get(reverse("manifest"))

    assertContains(page, reverse("manifest"))
    assert found["Content-Type"] == "application/manifest+json"
    about = found.json()
    assert (about["start_url"], about["display"], about["scope"]) == (HOME, "standalone", "/")
    for icon in about["icons"]:
        name = icon["src"].removeprefix("/static/")
        with Image.open(finders.find(name)) as picture:
            assert f"{picture.width}x{picture.height}" == icon["sizes"]


def test_a_tablet_is_at_home_in_the_app_when_its_owner_is_logged_in(tablet, wim):
    enter(tablet, wim, "4711")

    assertContains(tablet.get(HOME), "Wie bent u?")


def test_a_pin_opens_what_was_sealed_for_it_and_another_does_not(wim):
    key = TabletKey()

    box = sealed(wim, "wie ik ben", key.public)

    assert key.open(box, "4711") == "wie ik ben"
    assert (box["pk"], box["name"]) == (wim.pk, "Wim Werknemer")
    with pytest.raises(InvalidTag):
        key.open(box, "4712")


def test_a_pin_from_before_works_without_a_connection_after_it_was_typed_once(tablet, wim):
    Membership.objects.filter(pk=wim.pk).update(offline_key="")

    enter(tablet, wim, "4711")

    wim.refresh_from_db()
    key = TabletKey()
    assert key.open(sealed(wim, "x", key.public), "4711") == "x"


@pytest.mark.parametrize("pin", ["0000", "7777", "1234", "4321", "7890", "0987", "1212", "2580"])
def test_a_pin_that_a_colleague_tries_first_is_refused(owner, wim, pin):
    before = wim.pin

    response = owner.post(reverse("accounts:member-pin", args=[wim.pk]), {"pin": pin})

    assertContains(response, "te makkelijk te raden", status_code=422)
    wim.refresh_from_db()
    assert wim.pin == before
