"""What a mail says: the company's own text or ours, in the customer's language, with its words between braces filled in."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from cleanconnect.money import euro

from .events import Word, by_key, text_of
from .models import MailText
from .strangers import has_link, is_approved

WORD = re.compile(r"\{([^{}\s]{1,40})\}")


@dataclass(frozen=True)
class Sentence:
    """A sentence of ours, in every `Language`; called with what it names, it stands in a mail as a word."""

    nl: str
    en: str
    de: str

    def __call__(self, **values):
        return Said(self, values)


@dataclass(frozen=True)
class Said:
    """A sentence with the values that it names."""

    sentence: Sentence
    values: dict

    def in_language(self, language):
        text = getattr(self.sentence, language)
        return text.format(**{name: _shown(value, language) for name, value in self.values.items()})


# What the mails of several rooms say.
QUESTIONS = Sentence(
    nl="Vragen? U bereikt ons zo: {how}",
    en="Questions? You can reach us at {how}",
    de="Fragen? Sie erreichen uns unter {how}",
)
INCLUDING_VAT = Sentence(nl="inclusief btw", en="including VAT", de="inkl. MwSt.")
EXCLUDING_VAT = Sentence(nl="exclusief btw", en="excluding VAT", de="zzgl. MwSt.")
TO_WHOM = Word(_("van wie de mail krijgt"), "Sanne de Vries")
COMPANY = Word(_("uw bedrijf"), lambda company: company.name)
REACHED_AT = Word(_("uw telefoonnummer en e-mailadres"), lambda company: QUESTIONS(how=company.email or company.phone or "010-1234567"))
EXAMPLE_SITE = "https://voorbeeld.cleanconnect.example/"


@cache
def ours(event, language):
    """`(subject, body)` as we wrote it."""
    subject, _blank, body = text_of(event, language).read_text("utf-8").partition("\n\n")
    return subject, body.strip()


def wording(event, language):
    """`(subject, body)` in this language: the company's own, else ours."""
    own = MailText.objects.filter(event=event, language=language).first()
    if own is None or waits_for_approval(own):
        return ours(event, language)
    missing = missing_words(event, own.subject + own.body)  # one that was written before it had to be there
    return own.subject, "\n\n".join([own.body, *(f"{{{word}}}" for word in missing)])


def waits_for_approval(own):
    """Whether this text of a company is not sent yet, because it leads somewhere and the host has not looked at the company."""
    return has_link(f"{own.subject}\n{own.body}") and not is_approved()


def letter(event, language, words):
    """Subject and text of a message. `words` are the values of its words: text, dates, amounts in euro, `Said`, or None."""
    subject, body = wording(event, language)
    subject, text = (fill(part, words, language) for part in (subject, body))
    return {"subject": " ".join(subject.split())[:200], "text": f"{text}\n", "language": language}


def fill(text, words, language):
    """The text with its words filled in; a paragraph of which nothing is left goes, and a word that we don't know stays as it is."""
    with override(language):
        shown = {name: _shown(value, language) for name, value in words.items()}
    filled = WORD.sub(lambda word: shown.get(word[1], word[0]), text)
    return re.sub(r"\n[ \t]*\n\s*\n", "\n\n", filled.replace("\r\n", "\n")).strip()


def _shown(value, language):
    if value is None:
        return ""
    if isinstance(value, Said):
        return value.in_language(language)
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    if isinstance(value, date):
        return date_format(value, "j F Y")
    return euro(value) if isinstance(value, Decimal) else str(value)


def unknown_words(event, text):
    """The words between braces that this mail does not have."""
    return [word for word in WORD.findall(text) if word not in by_key()[event].words]


def missing_words(event, text):
    """The words without which this mail is of no use."""
    return sorted(by_key()[event].required - set(WORD.findall(text)))


def examples(event, company):
    """Values for a preview: what a mail of this company could say."""
    return {name: word.example_of(company) for name, word in by_key()[event].words.items()}
