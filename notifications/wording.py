"""What a mail says: the company's own text or ours, in the customer's language, with its words between braces filled in."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from cleanconnect.money import euro

from .models import MailText, Message

Event = Message.Event
FOLDER = Path(__file__).parent / "mailtexts"
WORD = re.compile(r"\{([^{}\s]{1,40})\}")

OF_AN_ORDER = {
    "naam": _("van wie de mail krijgt"),
    "bedrijf": _("uw bedrijf"),
    "voertuig": _("kenteken of chassisnummer"),
    "merk": _("merk en type"),
    "werkorder": _("nummer van de werkorder"),
    "datum": _("wanneer"),
    "opmerking": _("de opmerking voor de klant op de werkorder"),
    "bekijken": _("waar de klant de werkorder kan zien"),
    "bereikbaar": _("uw telefoonnummer en e-mailadres"),
}
OF_A_DEFECT = {
    "naam": _("van wie de mail krijgt"),
    "bedrijf": _("uw bedrijf"),
    "voertuig": _("kenteken of chassisnummer"),
    "merk": _("merk en type"),
    "werkorder": _("nummer van de werkorder"),
    "datum": _("wanneer het is gezien"),
    "mankement": _("de omschrijving"),
}
OF_A_REMINDER = {
    "naam": _("van wie de mail krijgt"),
    "bedrijf": _("uw bedrijf"),
    "factuurnummer": _("nummer van de factuur"),
    "factuurdatum": _("datum van de factuur"),
    "bedrag": _("wat er nog open staat, inclusief btw"),
    "vervaldatum": _("uiterste betaaldatum"),
    "dagen": _("hoeveel dagen geleden dat was"),
    "iban": _("uw bankrekening"),
    "betalen": _("waar de klant online kan betalen, als u dat hebt ingesteld"),
    "bekijken": _("waar de klant de factuur kan zien"),
}
WORDS = {
    Event.INVITATION: {
        "naam": _("van wie de mail krijgt"),
        "bedrijf": _("uw bedrijf"),
        "adres": _("waar iemand inlogt"),
        "gebruikersnaam": _("waarmee iemand inlogt"),
        "inloggen": _("hoe het wachtwoord wordt gekozen, met de persoonlijke link"),
    },
    Event.PASSWORD_RESET: {
        "naam": _("van wie de mail krijgt"),
        "bedrijf": _("uw bedrijf"),
        "gebruikersnaam": _("waarmee iemand inlogt"),
        "dagen": _("hoe lang de link werkt"),
        "link": _("de persoonlijke link"),
    },
    Event.DEFECT: OF_A_DEFECT
    | {
        "bekijken": _("waar de klant het kan zien, zonder in te loggen"),
        "bereikbaar": _("uw telefoonnummer en e-mailadres"),
    },
    Event.APPROVAL: OF_A_DEFECT
    | {
        "handeling": _("het extra werk"),
        "bedrag": _("wat het kost"),
        "btw": _("of dat inclusief of exclusief btw is"),
        "link": _("waar de klant akkoord geeft of weigert"),
        "bereikbaar": _("uw telefoonnummer en e-mailadres"),
    },
    Event.QUOTE: {
        "naam": _("van wie de mail krijgt"),
        "bedrijf": _("uw bedrijf"),
        "offertenummer": _("nummer van de offerte"),
        "onderwerp": _("waar de offerte over gaat"),
        "bedrag": _("het totaal"),
        "btw": _("of dat inclusief of exclusief btw is"),
        "datum": _("tot en met wanneer de offerte geldt"),
        "link": _("waar de klant de offerte ziet en beantwoordt"),
        "bereikbaar": _("uw telefoonnummer en e-mailadres"),
    },
    Event.QUOTE_ANSWER: {
        "naam": _("wie de offerte maakte"),
        "klant": _("naam van de klant"),
        "offertenummer": _("nummer van de offerte"),
        "onderwerp": _("waar de offerte over gaat"),
        "bedrag": _("het totaal exclusief btw"),
        "antwoord": _("akkoord of afgewezen"),
        "reden": _("waarom de klant afwijst"),
        "bekijken": _("waar u de offerte ziet"),
    },
    Event.READY: OF_AN_ORDER,
    Event.REDO: OF_AN_ORDER,
    Event.INVOICE: {
        "naam": _("van wie de mail krijgt"),
        "bedrijf": _("uw bedrijf"),
        "factuurnummer": _("nummer van de factuur"),
        "factuurdatum": _("datum van de factuur"),
        "bedrag": _("totaal inclusief btw"),
        "vervaldatum": _("uiterste betaaldatum"),
        "iban": _("uw bankrekening"),
        "betalen": _("waar de klant online kan betalen, of dat u incasseert"),
        "bekijken": _("waar de klant de factuur kan zien"),
    },
    Event.CREDIT_NOTE: {
        "naam": _("van wie de mail krijgt"),
        "bedrijf": _("uw bedrijf"),
        "factuurnummer": _("nummer van de creditfactuur"),
        "factuurdatum": _("datum van de creditfactuur"),
        "oorspronkelijk": _("nummer van de factuur die wordt gecrediteerd"),
        "bedrag": _("wat er inclusief btw afgaat"),
        "reden": _("waarom"),
        "bekijken": _("waar de klant de factuur kan zien"),
    },
    Event.REMINDER: OF_A_REMINDER,
    Event.REMINDER_2: OF_A_REMINDER | {"gevolgen": _("wat de wet zegt over rente en incassokosten, voor een bedrijf of een particulier")},
}
SEES = dict.fromkeys((Event.INVOICE, Event.CREDIT_NOTE, Event.REMINDER, Event.REMINDER_2), "see_invoice") | {Event.DEFECT: "see_one"}
REQUIRED = {Event.INVITATION: {"inloggen"}, Event.PASSWORD_RESET: {"link"}, Event.APPROVAL: {"link"}, Event.QUOTE: {"link"}}

SENTENCES = {
    "begin": {
        "nl": "Begin met deze persoonlijke link. U kiest er uw eigen wachtwoord (binnen {days} dagen, één keer), of u logt in met het "
        "wachtwoord dat u al had:\n{link}",
        "en": "Begin with this personal link. You choose your own password there (within {days} days, once), or log in with the "
        "password that you already had:\n{link}",
        "de": "Beginnen Sie mit diesem persönlichen Link. Sie wählen dort Ihr eigenes Passwort (innerhalb von {days} Tagen, einmal) oder "
        "melden sich mit dem Passwort an, das Sie bereits haben:\n{link}",
    },
    "see_order": {
        "nl": "Log in om de werkorder te bekijken:\n{url}",
        "en": "Log in to see the work order:\n{url}",
        "de": "Melden Sie sich an, um den Auftrag zu sehen:\n{url}",
    },
    "see_one": {
        "nl": "U ziet het hier, zonder in te loggen ({days} dagen lang):\n{url}",
        "en": "See it here, without logging in (for {days} days):\n{url}",
        "de": "Sie sehen es hier, ohne Anmeldung ({days} Tage lang):\n{url}",
    },
    "see_each": {
        "nl": "De links werken {days} dagen lang, zonder in te loggen.",
        "en": "The links work for {days} days, without logging in.",
        "de": "Die Links gelten {days} Tage lang, ohne Anmeldung.",
    },
    "questions": {
        "nl": "Vragen? U bereikt ons zo: {how}",
        "en": "Questions? You can reach us at {how}",
        "de": "Fragen? Sie erreichen uns unter {how}",
    },
    "accepted": {"nl": "akkoord", "en": "accepted", "de": "angenommen"},
    "refused": {"nl": "afgewezen", "en": "declined", "de": "abgelehnt"},
    "including_vat": {"nl": "inclusief btw", "en": "including VAT", "de": "inkl. MwSt."},
    "excluding_vat": {"nl": "exclusief btw", "en": "excluding VAT", "de": "zzgl. MwSt."},
    "collection_trade": {
        "nl": "Ontvangen wij het bedrag niet binnen {days} dagen, dan brengen wij de wettelijke handelsrente (artikel 6:119a BW) "
        "en {costs} incassokosten (artikel 6:96 BW) in rekening.",
        "en": "If we do not receive the amount within {days} days, we will charge statutory commercial interest (article 6:119a of "
        "the Dutch Civil Code) and {costs} of collection costs (article 6:96).",
        "de": "Geht der Betrag nicht innerhalb von {days} Tagen ein, berechnen wir die gesetzlichen Handelszinsen (Artikel 6:119a "
        "des niederländischen BW) und {costs} Inkassokosten (Artikel 6:96 BW).",
    },
    "collection_private": {
        "nl": "U hebt nog {days} dagen de tijd, vanaf de dag na ontvangst van dit bericht. Betaalt u dan nog niet, dan brengen wij "
        "{costs} incassokosten (artikel 6:96 BW) en de wettelijke rente (artikel 6:119 BW) in rekening.",
        "en": "You have another {days} days, from the day after you receive this message. If you have not paid by then, we will "
        "charge {costs} of collection costs (article 6:96 of the Dutch Civil Code) and statutory interest (article 6:119).",
        "de": "Sie haben noch {days} Tage Zeit, ab dem Tag nach Erhalt dieser Nachricht. Zahlen Sie dann nicht, berechnen wir "
        "{costs} Inkassokosten (Artikel 6:96 des niederländischen BW) und die gesetzlichen Zinsen (Artikel 6:119 BW).",
    },
    "pay_online": {
        "nl": "U kunt ook direct online betalen: {url}",
        "en": "You can also pay online right away: {url}",
        "de": "Sie können auch direkt online bezahlen: {url}",
    },
    "direct_debit": {
        "nl": "U hoeft niets te doen: wij schrijven {amount} rond {day} af van {iban} (machtiging {mandate}, incassant-ID {creditor}).",
        "en": "You need not do anything: we will collect {amount} from {iban} around {day} (mandate {mandate}, creditor ID {creditor}).",
        "de": "Sie brauchen nichts zu tun: Wir ziehen {amount} um den {day} von {iban} ein (Mandat {mandate}, Gläubiger-ID {creditor}).",
    },
    "see_invoice": {
        "nl": "U kunt de factuur ook bekijken in CleanConnect: {url}",
        "en": "You can also see the invoice in CleanConnect: {url}",
        "de": "Sie können die Rechnung auch in CleanConnect ansehen: {url}",
    },
}


@dataclass(frozen=True)
class Sentence:
    """A sentence of ours (a key of `SENTENCES`) that stands in the mail in its language."""

    key: str
    values: dict

    def __init__(self, key, **values):
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "values", values)

    def in_language(self, language):
        return SENTENCES[self.key][language].format(**{name: _shown(value, language) for name, value in self.values.items()})


@cache
def ours(event, language):
    """`(subject, body)` as we wrote it."""
    subject, _blank, body = (FOLDER / f"{event}.{language}.txt").read_text("utf-8").partition("\n\n")
    return subject, body.strip()


def wording(event, language):
    """`(subject, body)` in this language: the company's own, else ours."""
    own = MailText.objects.filter(event=event, language=language).first()
    return (own.subject, own.body) if own else ours(event, language)


def letter(event, language, words):
    """Subject and text of a message. `words` are the values of `WORDS[event]`: text, dates, amounts in euro, a `Sentence`, or None."""
    subject, body = wording(event, language)
    subject, text = (fill(part, words, language) for part in (subject, body))
    return {"subject": " ".join(subject.split())[:200], "text": f"{text}\n", "language": language}


def fill(text, words, language):
    """The text with its words filled in; a paragraph of which nothing is left goes, and a word that we don't know stays as it is."""
    with override(language):
        shown = {name: _shown(value, language) for name, value in words.items()}
    filled = WORD.sub(lambda found: shown.get(found[1], found[0]), text)
    return re.sub(r"\n[ \t]*\n\s*\n", "\n\n", filled.replace("\r\n", "\n")).strip()


def _shown(value, language):
    if value is None:
        return ""
    if isinstance(value, Sentence):
        return value.in_language(language)
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    if isinstance(value, date):
        return date_format(value, "j F Y")
    return euro(value) if isinstance(value, Decimal) else str(value)


def unknown_words(event, text):
    """The words between braces that this mail does not have."""
    return [word for word in WORD.findall(text) if word not in WORDS[event]]


def missing_words(event, text):
    """The words without which this mail is of no use."""
    return sorted(REQUIRED.get(event, set()) - set(WORD.findall(text)))


def examples(event, company):
    """Values for a preview: what a mail of this company could say."""
    today = timezone.localdate()
    site = "https://voorbeeld.cleanconnect.example/"
    values = {
        "naam": "Sanne de Vries",
        "bedrijf": company.name,
        "adres": f"{site}klantlogin/",
        "gebruikersnaam": "sanne",
        "inloggen": Sentence("begin", days=7, link=Message.PERSONAL_LINK),
        "dagen": 7,
        "link": {Event.APPROVAL: f"{site}akkoord/…", Event.QUOTE: f"{site}offerte/…"}.get(event, Message.PERSONAL_LINK),
        "handeling": "Polijsten",
        "btw": Sentence("excluding_vat"),
        "opmerking": "Wij adviseren de waslaag elk half jaar te herhalen.",
        "voertuig": "GB-001-B",
        "merk": "Volvo V60",
        "werkorder": 1042,
        "datum": today,
        "mankement": "Kras op het linkerportier.",
        "bereikbaar": Sentence("questions", how=company.email or company.phone or "010-1234567"),
        "klant": "Garage Bakker",
        "antwoord": Sentence("accepted"),
        "offertenummer": f"O{today.year}-0007",
        "onderwerp": "Poetsen van drie bedrijfswagens",
        "factuurnummer": f"{today.year}-0042",
        "factuurdatum": today,
        "bedrag": Decimal("151.25"),
        "vervaldatum": today,
        "iban": company.iban or "NL91 ABNA 0417 1643 00",
        "oorspronkelijk": f"{today.year}-0041",
        "reden": "Dubbel gefactureerd",
        "gevolgen": Sentence("collection_trade", days=15, costs=Decimal("40.00")),
        "betalen": Sentence("pay_online", url=f"{site}betalen/…"),
        "bekijken": Sentence(SEES.get(event, "see_order"), url=site, days=30),
    }
    return {name: values[name] for name in WORDS[event]}
