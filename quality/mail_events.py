"""The kinds of mail about the work on a car, and what stands in them."""

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cleanconnect.linked import STAYS
from notifications.events import Event, Word
from notifications.wording import COMPANY, EXAMPLE_SITE, EXCLUDING_VAT, REACHED_AT, TO_WHOM, Sentence

SEE_ORDER = Sentence(
    nl="Log in om de werkorder te bekijken:\n{url}",
    en="Log in to see the work order:\n{url}",
    de="Melden Sie sich an, um den Auftrag zu sehen:\n{url}",
)
SEE_ONE = Sentence(
    nl="U ziet het hier, zonder in te loggen ({days} dagen lang):\n{url}",
    en="See it here, without logging in (for {days} days):\n{url}",
    de="Sie sehen es hier, ohne Anmeldung ({days} Tage lang):\n{url}",
)
SEE_EACH = Sentence(
    nl="De links werken {days} dagen lang, zonder in te loggen.",
    en="The links work for {days} days, without logging in.",
    de="Die Links gelten {days} Tage lang, ohne Anmeldung.",
)


def _today(company):
    return timezone.localdate()


OF_AN_ORDER = {
    "naam": TO_WHOM,
    "bedrijf": COMPANY,
    "voertuig": Word(_("kenteken of chassisnummer"), "GB-001-B"),
    "merk": Word(_("merk en type"), "Volvo V60"),
    "werkorder": Word(_("nummer van de werkorder"), 1042),
}
OF_A_MOVE = OF_AN_ORDER | {
    "datum": Word(_("wanneer"), _today),
    "opmerking": Word(_("de opmerking voor de klant op de werkorder"), "Wij adviseren de waslaag elk half jaar te herhalen."),
    "bekijken": Word(_("waar de klant de werkorder kan zien"), SEE_ORDER(url=EXAMPLE_SITE)),
    "bereikbaar": REACHED_AT,
}
OF_A_DEFECT = OF_AN_ORDER | {
    "datum": Word(_("wanneer het is gezien"), _today),
    "mankement": Word(_("de omschrijving"), "Kras op het linkerportier."),
}

DEFECT = Event(
    "defect",
    _("Mankement"),
    OF_A_DEFECT
    | {
        "bekijken": Word(_("waar de klant het kan zien, zonder in te loggen"), SEE_ONE(url=EXAMPLE_SITE, days=STAYS.days)),
        "bereikbaar": REACHED_AT,
    },
)
APPROVAL = Event(
    "approval",
    _("Akkoord gevraagd"),
    OF_A_DEFECT
    | {
        "handeling": Word(_("het extra werk"), "Polijsten"),
        "bedrag": Word(_("wat het kost"), Decimal("151.25")),
        "btw": Word(_("of dat inclusief of exclusief btw is"), EXCLUDING_VAT()),
        "link": Word(_("waar de klant akkoord geeft of weigert"), f"{EXAMPLE_SITE}akkoord/…"),
        "bereikbaar": REACHED_AT,
    },
    required={"link"},
)
READY = Event("ready", _("Auto klaar"), OF_A_MOVE)
REDO = Event("redo", _("Werk wordt overgedaan"), OF_A_MOVE)
