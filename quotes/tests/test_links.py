"""The link to a quote: read for a month after the answer, closed by the owner at once, and every time it is sent another."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from notifications.models import Message
from quotes.forgetting import forget
from quotes.models import Quote

from .test_quotes import answer, path_of, sent

ENDED = "Deze link werkt niet meer"


@pytest.fixture
def quote(owner, garage, company):
    company.phone = "030 123 45 67"
    company.save()
    return sent(owner, garage)


def test_who_just_answered_sees_it_and_may_read_it_for_a_month(quote):
    assertContains(answer(quote), "U gaf akkoord")
    assertContains(Client().get(path_of(quote)), "U gaf akkoord")

    Quote.objects.update(answered_at=timezone.now() - timedelta(days=30))

    assertContains(Client().get(path_of(quote)), "U gaf akkoord")


@pytest.mark.parametrize("is_accepted", [True, False])
def test_a_month_after_the_answer_it_tells_whom_to_ask_and_nothing_else(quote, is_accepted):
    answer(quote, is_accepted)
    Quote.objects.update(answered_at=timezone.now() - timedelta(days=31))

    for page in (Client().get(path_of(quote)), answer(quote)):
        for text in (ENDED, "Glans", "030 123 45 67"):
            assertContains(page, text, status_code=410)
        for text in ("Voorjaarsbeurt", quote.number, "Garage Bakker", "Wassen"):
            assertNotContains(page, text, status_code=410)


def test_one_that_nobody_answered_ends_a_month_after_its_last_day(quote):
    Quote.objects.update(valid_until=timezone.localdate() - timedelta(days=30))
    assertContains(Client().get(path_of(quote)), "Deze offerte is verlopen")

    Quote.objects.update(valid_until=timezone.localdate() - timedelta(days=31))

    assertContains(Client().get(path_of(quote)), ENDED, status_code=410)


def test_one_that_was_taken_back_and_sent_anew_has_another_link(owner, garage, quote):
    before = path_of(quote)
    owner.post(reverse("quotes:take-back", args=[quote.pk]))
    assertContains(Client().get(before), "We passen deze offerte aan", status_code=410)

    owner.post(reverse("quotes:send", args=[quote.pk]))

    quote.refresh_from_db()
    assert Client().get(before).status_code == 410
    assertContains(Client().get(path_of(quote)), "Voorjaarsbeurt")
    assert quote.link in Message.objects.filter(event="quote").latest("pk").text


def test_the_owner_revokes_it_after_being_asked_and_sends_a_new_one(owner, quote):
    before, detail, revoke = path_of(quote), *(reverse(f"quotes:{name}", args=[quote.pk]) for name in ("detail", "revoke-link"))
    assertContains(owner.get(detail), revoke)
    assertContains(owner.get(revoke), "kan de offerte dan niet meer bekijken")
    assert Client().get(before).status_code == 200

    page = owner.post(revoke, follow=True)

    assertContains(page, f"De link naar Offerte {quote.number} werkt niet meer.")
    assertContains(page, "Ingetrokken op")
    assertNotContains(page, before)
    assert {Client().get(before).status_code, answer(quote).status_code, owner.post(revoke).status_code} == {410, 302}
    owner.post(reverse("quotes:send", args=[quote.pk]))
    quote.refresh_from_db()
    assert Client().get(before).status_code == 410
    assertContains(owner.get(detail), path_of(quote))
    assertContains(answer(quote), "U gaf akkoord")
    assert [quote.link in message.text for message in Message.objects.filter(event="quote").order_by("pk")] == [False, True]


def test_a_link_of_another_number_is_made_up(owner, quote):
    owner.post(reverse("quotes:take-back", args=[quote.pk]))
    owner.post(reverse("quotes:send", args=[quote.pk]))
    quote.refresh_from_db()
    right = path_of(quote)
    assert "/1." in right

    for wrong in (right.replace("/1.", "/2."), right.replace("/1.", "/"), right.replace("/1.", "/01."), right.replace("/1.", "/0.")):
        assert Client().get(wrong).status_code == 404


def test_of_who_was_forgotten_the_link_tells_nothing(quote):
    forget(quote.customer)
    assert not Quote.objects.exists()

    assertContains(Client().get(path_of(quote)), ENDED, status_code=410)


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("nl", ["Deze link werkt niet meer", "We passen deze offerte aan.", "vraag het dan aan Glans"]),
        ("en", ["This link no longer works", "We are changing this quote.", "please ask Glans"]),
        ("de", ["Dieser Link funktioniert nicht mehr", "Wir passen dieses Angebot an.", "fragen Sie bitte Glans"]),
    ],
)
def test_a_link_that_ended_says_so_in_the_language_of_the_mails(owner, garage, quote, language, texts):
    garage.language = language
    garage.save()
    owner.post(reverse("quotes:take-back", args=[quote.pk]))

    page = Client().get(path_of(quote))

    assertContains(page, f'<html lang="{language}"', status_code=410)
    for text in texts:
        assertContains(page, text, status_code=410)
