"""What mails say: our text or the company's own, in the language of the customer, with only words that the mail has."""

from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from django.urls import reverse
from pytest_django.asserts import assertContains

from cleanconnect.rooms import rooms
from notifications import wording
from notifications.events import by_key, choices
from notifications.models import Language, MailText, Message
from notifications.wording import Sentence

EVERY = [(event, language) for event in by_key() for language in Language]
SEE_IT = Sentence(nl="U ziet het: {url}", en="See it: {url}", de="Sie sehen es: {url}")


@pytest.mark.parametrize(("event", "language"), EVERY)
def test_our_own_text_has_only_words_of_that_mail_and_leaves_none(company, event, language):
    subject, body = wording.ours(event, language)

    assert wording.unknown_words(event, subject + body) == wording.missing_words(event, body) == []
    letter = wording.letter(event, language, wording.examples(event, company))
    assert "{" not in letter["subject"] + letter["text"]
    assert "\n" not in letter["subject"]


def test_every_sentence_is_there_in_every_language():
    assert [field.name for field in fields(Sentence)] == Language.values
    with pytest.raises(TypeError):
        Sentence(nl="Een", en="One")


def test_every_kind_of_mail_is_defined_once_and_has_its_texts_in_its_own_room():
    keys = [key for key, _label in choices()]
    texts = [path for room in rooms() for path in (settings.BASE_DIR / room.name).glob("mailtexts/*.txt")]

    assert len(keys) == len(set(keys)) == len(by_key())
    assert max(map(len, keys)) <= Message._meta.get_field("event").max_length
    assert sorted(path.name for path in texts) == sorted(f"{event}.{language}.txt" for event, language in EVERY)
    for path in texts:
        assert (path.parent.parent / "mail_events.py").exists(), path


def test_one_more_kind_of_mail_needs_no_migration():
    for model in (Message, MailText):
        _name, _path, _args, options = model._meta.get_field("event").deconstruct()
        assert options["choices"] is choices


@pytest.mark.parametrize(
    ("language", "day", "amount"), [("nl", "1 mei 2026", "€\xa01.234,50"), ("en", "1 May 2026", "1,234.50"), ("de", "1. Mai", "1.234,50")]
)
def test_dates_and_amounts_are_written_as_in_the_language(company, language, day, amount):
    filled = wording.fill("{dag} {bedrag}", {"dag": date(2026, 5, 1), "bedrag": Decimal("1234.5")}, language)

    assert day.split(".")[0] in filled
    assert amount in filled


def test_a_paragraph_of_which_nothing_is_left_goes():
    assert wording.fill("Een\n\n{weg}\n\n{weg}\n\nTwee", {"weg": None}, "nl") == "Een\n\nTwee"


def test_a_word_that_is_not_known_stays_and_a_value_is_not_filled_in_again():
    assert wording.fill("{naam} {iets}", {"naam": "{bedrijf}", "bedrijf": "Glans"}, "nl") == "{bedrijf} {iets}"


def test_a_sentence_stands_there_in_the_language():
    assert wording.fill("{x}", {"x": SEE_IT(url="u")}, "de").startswith("Sie sehen es: u")


def address(event="invoice", language="nl", name="mail-text"):
    return reverse(f"notifications:{name}", args=[event, language])


def test_the_owner_writes_an_own_text_and_takes_ours_back(owner):
    assertContains(owner.get(address()), "Bij dit bericht vindt u factuur")

    response = owner.post(address(), {"subject": "Uw factuur {factuurnummer}", "body": "Dag {naam}"})

    assert response.url == reverse("notifications:mail-texts")
    assertContains(owner.get(response.url), "Eigen tekst", count=1)
    letter = wording.letter("invoice", "nl", {"naam": "Sanne", "factuurnummer": "2026-0001"})
    assert (letter["subject"], letter["text"]) == ("Uw factuur 2026-0001", "Dag Sanne\n")
    assert "Dear" in wording.letter("invoice", "en", {})["text"]

    assert owner.post(address(name="mail-text-delete")).url == reverse("notifications:mail-texts")
    assert "Beste" in wording.letter("invoice", "nl", {})["text"]


def test_writing_it_again_changes_the_row(owner):
    for text in ("een", "twee"):
        owner.post(address(), {"subject": text, "body": text})

    assert MailText.objects.get().subject == "twee"


def test_a_preview_is_filled_in_and_saves_nothing(owner):
    response = owner.post(address(), {"subject": "S", "body": "Dag {naam}, {bedrag}", "voorbeeld": "1"})

    assertContains(response, "Dag Sanne de Vries, €\xa0151,25")
    assert not MailText.objects.exists()


@pytest.mark.parametrize(
    ("event", "typed", "said"),
    [
        ("invoice", {"subject": "S", "body": "Dag {klantnaam}"}, "{klantnaam} kennen we niet"),
        ("invoice", {"subject": "{x}", "body": "Dag"}, "{x} kennen we niet"),
        ("invoice", {"subject": "", "body": ""}, "Dit veld is verplicht"),
        ("invitation", {"subject": "S", "body": "Dag {naam}"}, "Zonder {inloggen} kan niemand"),
        ("password_reset", {"subject": "S", "body": "Dag"}, "Zonder {link} kan niemand"),
        ("invoice", {"subject": "x" * 151, "body": "Dag"}, "150"),
    ],
)
def test_a_mistake_is_told_and_keeps_what_was_typed(owner, event, typed, said):
    response = owner.post(address(event), typed)

    assertContains(response, said, status_code=422)
    assert response.context["form"]["body"].value() == typed["body"]
    assert not MailText.objects.exists()


@pytest.mark.parametrize(("event", "language"), [("bestaat-niet", "nl"), ("invoice", "fr")])
def test_another_mail_or_language_is_not_found(owner, event, language):
    assert owner.get(address(event, language)).status_code == 404
