"""The kinds of mail about quotes, and what stands in them."""

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications.events import Event, Word
from notifications.wording import COMPANY, EXAMPLE_SITE, EXCLUDING_VAT, REACHED_AT, TO_WHOM, Sentence

ACCEPTED = Sentence(nl="akkoord", en="accepted", de="angenommen")
REFUSED = Sentence(nl="afgewezen", en="declined", de="abgelehnt")

NUMBER = Word(_("nummer van de offerte"), lambda company: f"O{timezone.localdate().year}-0007")
SUBJECT = Word(_("waar de offerte over gaat"), "Poetsen van drie bedrijfswagens")
AMOUNT = Decimal("151.25")

QUOTE = Event(
    "quote",
    _("Offerte"),
    {
        "naam": TO_WHOM,
        "bedrijf": COMPANY,
        "offertenummer": NUMBER,
        "onderwerp": SUBJECT,
        "bedrag": Word(_("het totaal"), AMOUNT),
        "btw": Word(_("of dat inclusief of exclusief btw is"), EXCLUDING_VAT()),
        "datum": Word(_("tot en met wanneer de offerte geldt"), lambda company: timezone.localdate()),
        "link": Word(_("waar de klant de offerte ziet en beantwoordt"), f"{EXAMPLE_SITE}offerte/…"),
        "bereikbaar": REACHED_AT,
    },
    required={"link"},
)
QUOTE_ANSWER = Event(
    "quote_answer",
    _("Antwoord op een offerte"),
    {
        "naam": Word(_("wie de offerte maakte"), "Sanne de Vries"),
        "klant": Word(_("naam van de klant"), "Garage Bakker"),
        "offertenummer": NUMBER,
        "onderwerp": SUBJECT,
        "bedrag": Word(_("het totaal exclusief btw"), AMOUNT),
        "antwoord": Word(_("akkoord of afgewezen"), ACCEPTED()),
        "reden": Word(_("waarom de klant afwijst"), "Te duur"),
        "bekijken": Word(_("waar u de offerte ziet"), EXAMPLE_SITE),
    },
)
