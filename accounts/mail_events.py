"""The kinds of mail about logging in, and what stands in them."""

from django.utils.translation import gettext_lazy as _

from notifications.events import Event, Word
from notifications.models import Message
from notifications.wording import COMPANY, EXAMPLE_SITE, TO_WHOM, Sentence

BEGIN = Sentence(
    nl="Begin met deze persoonlijke link. U kiest er uw eigen wachtwoord (binnen {days} dagen, één keer), of u logt in met het "
    "wachtwoord dat u al had:\n{link}",
    en="Begin with this personal link. You choose your own password there (within {days} days, once), or log in with the "
    "password that you already had:\n{link}",
    de="Beginnen Sie mit diesem persönlichen Link. Sie wählen dort Ihr eigenes Passwort (innerhalb von {days} Tagen, einmal) oder "
    "melden sich mit dem Passwort an, das Sie bereits haben:\n{link}",
)

USER_NAME = Word(_("waarmee iemand inlogt"), "sanne")

INVITATION = Event(
    "invitation",
    _("Inloggegevens"),
    {
        "naam": TO_WHOM,
        "bedrijf": COMPANY,
        "adres": Word(_("waar iemand inlogt"), f"{EXAMPLE_SITE}klantlogin/"),
        "gebruikersnaam": USER_NAME,
        "inloggen": Word(_("hoe het wachtwoord wordt gekozen, met de persoonlijke link"), BEGIN(days=7, link=Message.PERSONAL_LINK)),
    },
    required={"inloggen"},
)
PASSWORD_RESET = Event(
    "password_reset",
    _("Wachtwoord vergeten"),
    {
        "naam": TO_WHOM,
        "bedrijf": COMPANY,
        "gebruikersnaam": USER_NAME,
        "dagen": Word(_("hoe lang de link werkt"), 7),
        "link": Word(_("de persoonlijke link"), Message.PERSONAL_LINK),
    },
    required={"link"},
)
