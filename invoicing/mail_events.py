"""The kinds of mail about invoices, and what stands in them."""

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications.events import Event, Word
from notifications.wording import COMPANY, EXAMPLE_SITE, TO_WHOM, Sentence

SEE_INVOICE = Sentence(
    nl="U kunt de factuur ook bekijken in CleanConnect: {url}",
    en="You can also see the invoice in CleanConnect: {url}",
    de="Sie können die Rechnung auch in CleanConnect ansehen: {url}",
)
PAY_ONLINE = Sentence(
    nl="U kunt ook direct online betalen: {url}",
    en="You can also pay online right away: {url}",
    de="Sie können auch direkt online bezahlen: {url}",
)
DIRECT_DEBIT = Sentence(
    nl="U hoeft niets te doen: wij schrijven {amount} rond {day} af van {iban} (machtiging {mandate}, incassant-ID {creditor}).",
    en="You need not do anything: we will collect {amount} from {iban} around {day} (mandate {mandate}, creditor ID {creditor}).",
    de="Sie brauchen nichts zu tun: Wir ziehen {amount} um den {day} von {iban} ein (Mandat {mandate}, Gläubiger-ID {creditor}).",
)
COLLECTION_TRADE = Sentence(
    nl="Ontvangen wij het bedrag niet binnen {days} dagen, dan brengen wij de wettelijke handelsrente (artikel 6:119a BW) "
    "en {costs} incassokosten (artikel 6:96 BW) in rekening.",
    en="If we do not receive the amount within {days} days, we will charge statutory commercial interest (article 6:119a of "
    "the Dutch Civil Code) and {costs} of collection costs (article 6:96).",
    de="Geht der Betrag nicht innerhalb von {days} Tagen ein, berechnen wir die gesetzlichen Handelszinsen (Artikel 6:119a "
    "des niederländischen BW) und {costs} Inkassokosten (Artikel 6:96 BW).",
)
COLLECTION_PRIVATE = Sentence(
    nl="U hebt nog {days} dagen de tijd, vanaf de dag na ontvangst van dit bericht. Betaalt u dan nog niet, dan brengen wij "
    "{costs} incassokosten (artikel 6:96 BW) en de wettelijke rente (artikel 6:119 BW) in rekening.",
    en="You have another {days} days, from the day after you receive this message. If you have not paid by then, we will "
    "charge {costs} of collection costs (article 6:96 of the Dutch Civil Code) and statutory interest (article 6:119).",
    de="Sie haben noch {days} Tage Zeit, ab dem Tag nach Erhalt dieser Nachricht. Zahlen Sie dann nicht, berechnen wir "
    "{costs} Inkassokosten (Artikel 6:96 des niederländischen BW) und die gesetzlichen Zinsen (Artikel 6:119 BW).",
)

COLLECTION_TRADE_TOGETHER = Sentence(
    nl="Ontvangen wij de bedragen van {invoices}, samen {total}, niet binnen {days} dagen, dan brengen wij de wettelijke handelsrente "
    "(artikel 6:119a BW) en over deze facturen samen {costs} incassokosten (artikel 6:96 BW) in rekening.",
    en="If we do not receive the amounts of {invoices}, {total} together, within {days} days, we will charge statutory commercial interest "
    "(article 6:119a of the Dutch Civil Code) and, for these invoices together, {costs} of collection costs (article 6:96).",
    de="Gehen die Beträge von {invoices}, zusammen {total}, nicht innerhalb von {days} Tagen ein, berechnen wir die gesetzlichen "
    "Handelszinsen (Artikel 6:119a des niederländischen BW) und für diese Rechnungen zusammen {costs} Inkassokosten (Artikel 6:96 BW).",
)
COLLECTION_PRIVATE_TOGETHER = Sentence(
    nl="U hebt nog {days} dagen de tijd, vanaf de dag na ontvangst van dit bericht. Hebt u {invoices}, samen {total}, dan nog niet "
    "betaald, dan brengen wij over deze facturen samen {costs} incassokosten (artikel 6:96 BW) en de wettelijke rente (artikel 6:119 BW) "
    "in rekening.",
    en="You have another {days} days, from the day after you receive this message. If you have not paid {invoices}, {total} together, by "
    "then, we will charge, for these invoices together, {costs} of collection costs (article 6:96 of the Dutch Civil Code) and statutory "
    "interest (article 6:119).",
    de="Sie haben noch {days} Tage Zeit, ab dem Tag nach Erhalt dieser Nachricht. Haben Sie {invoices}, zusammen {total}, dann nicht "
    "bezahlt, berechnen wir für diese Rechnungen zusammen {costs} Inkassokosten (Artikel 6:96 des niederländischen BW) und die "
    "gesetzlichen Zinsen (Artikel 6:119 BW).",
)


def _today(company):
    return timezone.localdate()


def _number(company):
    return f"{timezone.localdate().year}-0042"


AMOUNT = Decimal("151.25")
SEEN_AT = Word(_("waar de klant de factuur kan zien"), SEE_INVOICE(url=EXAMPLE_SITE))
OUR_ACCOUNT = Word(_("uw bankrekening"), lambda company: company.iban or "NL91 ABNA 0417 1643 00")
PAID_AT = PAY_ONLINE(url=f"{EXAMPLE_SITE}betalen/…")

INVOICE = Event(
    "invoice",
    _("Factuur"),
    {
        "naam": TO_WHOM,
        "bedrijf": COMPANY,
        "factuurnummer": Word(_("nummer van de factuur"), _number),
        "factuurdatum": Word(_("datum van de factuur"), _today),
        "bedrag": Word(_("totaal inclusief btw"), AMOUNT),
        "vervaldatum": Word(_("uiterste betaaldatum"), _today),
        "iban": OUR_ACCOUNT,
        "betalen": Word(_("waar de klant online kan betalen, of dat u incasseert"), PAID_AT),
        "bekijken": SEEN_AT,
    },
)
NOTHING_TO_PAY = Event(
    "invoice_nil",
    _("Factuur waarop niets te betalen is"),
    {
        "naam": TO_WHOM,
        "bedrijf": COMPANY,
        "factuurnummer": Word(_("nummer van de factuur"), _number),
        "factuurdatum": Word(_("datum van de factuur"), _today),
        "bekijken": SEEN_AT,
    },
)
CREDIT_NOTE = Event(
    "credit_note",
    _("Creditfactuur"),
    {
        "naam": TO_WHOM,
        "bedrijf": COMPANY,
        "factuurnummer": Word(_("nummer van de creditfactuur"), _number),
        "factuurdatum": Word(_("datum van de creditfactuur"), _today),
        "oorspronkelijk": Word(_("nummer van de factuur die wordt gecrediteerd"), lambda company: f"{timezone.localdate().year}-0041"),
        "bedrag": Word(_("wat er inclusief btw afgaat"), AMOUNT),
        "reden": Word(_("waarom"), "Dubbel gefactureerd"),
        "bekijken": SEEN_AT,
    },
)
OF_A_REMINDER = {
    "naam": TO_WHOM,
    "bedrijf": COMPANY,
    "factuurnummer": Word(_("nummer van de factuur"), _number),
    "factuurdatum": Word(_("datum van de factuur"), _today),
    "bedrag": Word(_("wat er nog open staat, inclusief btw"), AMOUNT),
    "vervaldatum": Word(_("uiterste betaaldatum"), _today),
    "dagen": Word(_("hoeveel dagen geleden dat was"), 7),
    "iban": OUR_ACCOUNT,
    "betalen": Word(_("waar de klant online kan betalen, als u dat hebt ingesteld"), PAID_AT),
    "bekijken": SEEN_AT,
}
REMINDER = Event("reminder", _("Herinnering"), OF_A_REMINDER)
REMINDER_2 = Event(
    "reminder_2",
    _("Tweede herinnering"),
    OF_A_REMINDER
    | {
        "gevolgen": Word(
            _("wat de wet zegt over rente en incassokosten, voor een bedrijf of een particulier"),
            COLLECTION_TRADE(days=15, costs=Decimal("40.00")),
        )
    },
    required=("gevolgen",),  # without it no costs may be asked of a private person (BW 6:96 lid 6)
)
