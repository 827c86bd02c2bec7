"""What an invoice says, on paper and in the e-invoice, in the languages of customers."""

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import override

from cleanconnect.money import euro
from notifications.models import Language
from notifications.wording import Sentence
from services.models import VatRate

WORDS = {
    # what it is
    "invoice": Sentence(nl="Factuur", en="Invoice", de="Rechnung"),
    "credit": Sentence(nl="Creditfactuur", en="Credit note", de="Gutschrift"),
    "to": Sentence(nl="Factuur aan", en="Invoice to", de="Rechnung an"),
    "attention": Sentence(nl="t.a.v. {name}", en="attn. {name}", de="z. Hd. {name}"),
    "trade_register": Sentence(nl="KvK", en="KvK", de="KvK"),
    "vat_id": Sentence(nl="btw-id", en="VAT ID", de="USt-IdNr."),
    "iban": Sentence(nl="IBAN", en="IBAN", de="IBAN"),
    "invoice_number": Sentence(nl="Factuurnummer", en="Invoice number", de="Rechnungsnummer"),
    "credit_number": Sentence(nl="Creditnummer", en="Credit note number", de="Gutschriftnummer"),
    "invoice_date": Sentence(nl="Factuurdatum", en="Invoice date", de="Rechnungsdatum"),
    "credit_date": Sentence(nl="Datum", en="Date", de="Datum"),
    "supplied_on": Sentence(nl="Geleverd op", en="Supplied on", de="Geliefert am"),
    "until": Sentence(nl="t/m", en="to", de="bis"),
    "of_invoice": Sentence(nl="Bij factuur", en="For invoice", de="Zu Rechnung"),
    "of_day": Sentence(nl="van", en="of", de="vom"),
    "due_date": Sentence(nl="Vervaldatum", en="Due date", de="Fällig am"),
    "reference": Sentence(nl="Uw kenmerk", en="Your reference", de="Ihr Zeichen"),
    # its lines
    "description": Sentence(nl="Omschrijving", en="Description", de="Beschreibung"),
    "quantity": Sentence(nl="Aantal", en="Quantity", de="Menge"),
    "price_with_vat": Sentence(nl="Prijs incl. btw", en="Price incl. VAT", de="Preis inkl. MwSt."),
    "price_without_vat": Sentence(nl="Prijs excl. btw", en="Price excl. VAT", de="Preis ohne MwSt."),
    "vat": Sentence(nl="Btw", en="VAT", de="MwSt."),
    "amount_with_vat": Sentence(nl="Bedrag incl. btw", en="Amount incl. VAT", de="Betrag inkl. MwSt."),
    "amount_without_vat": Sentence(nl="Bedrag excl. btw", en="Amount excl. VAT", de="Betrag ohne MwSt."),
    "visit": Sentence(
        nl="uitgevoerd op {day} · werkorder {number}",
        en="carried out on {day} · work order {number}",
        de="ausgeführt am {day} · Auftrag {number}",
    ),
    "discount": Sentence(nl="({how_much} korting)", en="({how_much} discount)", de="({how_much} Rabatt)"),
    "of_discount": Sentence(nl="Korting", en="Discount", de="Rabatt"),
    VatRate.EXEMPT: Sentence(nl="vrijgesteld", en="exempt", de="befreit"),
    VatRate.REVERSED: Sentence(nl="verlegd", en="reverse charge", de="verlagert"),
    "carry_on": Sentence(nl="Transporteren", en="Carried forward", de="Übertrag"),
    "carried_over": Sentence(nl="Transport", en="Brought forward", de="Übertrag"),
    "page": Sentence(nl="Pagina", en="Page", de="Seite"),
    "of_pages": Sentence(nl="van", en="of", de="von"),
    # its totals
    "net_total": Sentence(nl="Totaal excl. btw", en="Total excl. VAT", de="Summe ohne MwSt."),
    "vat_over": Sentence(nl="Btw {rate} over {base}", en="VAT {rate} on {base}", de="MwSt. {rate} auf {base}"),
    "no_vat_over": Sentence(nl="Btw {rate}, over {base}", en="VAT {rate}, on {base}", de="MwSt. {rate}, auf {base}"),
    "credited_total": Sentence(nl="Totaal gecrediteerd", en="Total credited", de="Gutschriftsbetrag"),
    "to_pay": Sentence(nl="Te betalen", en="Amount due", de="Zu zahlen"),
    "paid": Sentence(nl="Al betaald", en="Already paid", de="Bereits bezahlt"),
    "still_to_pay": Sentence(nl="Nog te betalen", en="Still to pay", de="Noch zu zahlen"),
    # what goes with it
    "why_exempt": Sentence(nl="Vrijgesteld van btw.", en="Exempt from VAT.", de="Von der Mehrwertsteuer befreit."),
    "why_small": Sentence(
        nl="Vrijgesteld van btw op grond van de kleineondernemersregeling (artikel 25 Wet OB).",
        en="Exempt from VAT under the Dutch scheme for small businesses (article 25 Wet OB).",
        de="Von der Mehrwertsteuer befreit nach der niederländischen Kleinunternehmerregelung (Artikel 25 Wet OB).",
    ),
    "why_reversed": Sentence(
        nl="Btw verlegd naar de afnemer.",
        en="Reverse charge: VAT to be accounted for by the customer.",
        de="Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge).",
    ),
    "belongs_to": Sentence(
        nl="Deze creditfactuur hoort bij factuur <strong>{number}</strong> van {day}.",
        en="This credit note belongs to invoice <strong>{number}</strong> of {day}.",
        de="Diese Gutschrift gehört zu Rechnung <strong>{number}</strong> vom {day}.",
    ),
    "paid_back": Sentence(
        nl="Omdat u al heeft betaald, maken we {amount} aan u over.",
        en="As you have paid already, we will transfer {amount} to you.",
        de="Da Sie bereits bezahlt haben, überweisen wir Ihnen {amount}.",
    ),
    "set_off": Sentence(
        nl="Het bedrag is met die factuur verrekend.",
        en="The amount has been set off against that invoice.",
        de="Der Betrag wurde mit dieser Rechnung verrechnet.",
    ),
    "reason": Sentence(nl="Reden: {reason}", en="Reason: {reason}", de="Grund: {reason}"),
    "nothing_to_pay": Sentence(nl="U hoeft niets meer te betalen.", en="There is nothing left to pay.", de="Es ist nichts mehr zu zahlen."),
    "collected": Sentence(
        nl="U hoeft niets te doen: wij schrijven <strong>{amount}</strong> rond <strong>{day}</strong> af van {account} "
        "(machtiging {mandate}, incassant-ID {creditor}).",
        en="You need not do anything: we will collect <strong>{amount}</strong> from {account} around <strong>{day}</strong> "
        "(mandate {mandate}, creditor ID {creditor}).",
        de="Sie brauchen nichts zu tun: Wir ziehen <strong>{amount}</strong> um den <strong>{day}</strong> von {account} ein "
        "(Mandat {mandate}, Gläubiger-ID {creditor}).",
    ),
    "transfer": Sentence(
        nl="Wilt u <strong>{amount}</strong> uiterlijk <strong>{day}</strong> overmaken naar <strong>{iban}</strong> op naam van {name}, "
        "met vermelding van factuurnummer <strong>{number}</strong>?",
        en="Would you please transfer <strong>{amount}</strong> by <strong>{day}</strong> to <strong>{iban}</strong> in the name of "
        "{name}, stating invoice number <strong>{number}</strong>?",
        de="Bitte überweisen Sie <strong>{amount}</strong> bis zum <strong>{day}</strong> auf <strong>{iban}</strong>, "
        "Kontoinhaber {name}, unter Angabe der Rechnungsnummer <strong>{number}</strong>.",
    ),
    "thanks": Sentence(nl="Hartelijk dank voor uw opdracht.", en="Thank you for your order.", de="Vielen Dank für Ihren Auftrag."),
    "scan": Sentence(
        nl="Of scan de code met de app van uw bank.",
        en="Or scan the code with your bank’s app.",
        de="Oder scannen Sie den Code mit der App Ihrer Bank.",
    ),
}


class Saying:
    """The words of one language: `say("transfer", amount=…)` is a text for HTML, its values escaped."""

    def __init__(self, language):
        self.language = language if language in Language.values else Language.DUTCH

    def __call__(self, word, **values):
        return format_html(getattr(WORDS[word], self.language), **values) if values else self.plain(word)

    def plain(self, word):
        return getattr(WORDS[word], self.language)

    def day(self, day):
        """A date with its month in words."""
        with override(self.language):
            return date_format(day, "j. F Y" if self.language == Language.GERMAN else "j F Y")

    def vat_label(self, rate):
        """A VAT rate as it stands in a line: `21%`."""
        return self.plain(rate) if rate in WORDS else str(VatRate(rate).label)

    def vat_over(self, rate, base):
        """What the VAT of a rate is called among the totals: `Btw 21% over € 50,00`."""
        return self("vat_over" if rate.isdecimal() else "no_vat_over", rate=self.vat_label(rate), base=euro(base))

    def exemptions(self, invoice):
        """Why there is no VAT on what of it, which an invoice must say (Wet OB 1968, art. 35a lid 1 k and l): `{rate: why}`."""
        exempt = "why_small" if invoice.seller.get("is_small_business") else "why_exempt"
        why = {VatRate.EXEMPT: exempt, VatRate.REVERSED: "why_reversed"}
        return {rate: self.plain(why[rate]) for rate, _base, _vat in invoice.vat_per_rate() if rate in why}
