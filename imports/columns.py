"""Which columns a file of each kind may have, and how they are called in files of others."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cleanconnect.identifiers import EuVatNumberField, IbanField
from customers.models import EInvoice, InvoicePer, InvoicingProfile
from notifications.models import Language

from . import values
from .models import Kind


@dataclass(frozen=True)
class Column:
    """One thing a row can tell; `names` are further headers it is known by, `examples` two cells of the example file."""

    key: str
    label: str
    names: tuple[str, ...]
    clean: Callable
    examples: tuple
    is_required: bool = False
    default: str | None = None  # not None: one value may be given for the rows that leave it empty, this to begin with

    @property
    def is_amount(self):
        return self.clean is values.amount


def _column(key, label, names, clean, *examples, **more):
    return Column(key, label, tuple(name.strip() for name in names.split(",")), clean, examples, **more)


def _identifier(field):
    made = field(required=False)
    return lambda cell: made.to_python(values.number_as_text(cell))


_NUMBER = (
    "klantnr, klantcode, debiteurnummer, debiteurnr, debiteur, relatienummer, relatiecode, "
    "customer number, customer no, customer id, account number"
)
_TYPE = "voertuigsoort, type voertuig, voertuigtype, categorie voertuig, vehicle type, category, soort"
_PLATE = "kentekennummer, nummerplaat, licence plate, license plate, plate, registration, kent"

COLUMNS = {
    Kind.CUSTOMERS: (
        _column("number", _("Klantnummer"), _NUMBER + ", nummer", values.number_as_text, "1001", "1002"),
        _column(
            "name",
            _("Naam"),
            "klantnaam, bedrijfsnaam, bedrijf, firma, klant, debiteurnaam, relatienaam, company, company name, customer name, name",
            values.text,
            "Autobedrijf De Vries",
            "J. Jansen",
            is_required=True,
        ),
        _column(
            "type",
            _("Type klant"),
            "klanttype, soort klant, klantgroep, customer type, type, groep, soort",
            values.text,
            "Zakelijk",
            "Particulier",
            default="Zakelijk",
        ),
        _column(
            "contact_name",
            _("Contactpersoon"),
            "contact, t.a.v., tav, aanspreekpunt, contact person, contact name",
            values.text,
            "Sanne de Vries",
            "",
        ),
        _column(
            "email",
            _("E-mailadres"),
            "e-mail, email, mail, emailadres, mailadres, email address",
            values.email,
            "sanne@devries.example",
            "j.jansen@post.example",
        ),
        _column(
            "phone",
            _("Telefoon"),
            "telefoonnummer, tel, mobiel, gsm, phone, phone number, telephone, mobile",
            values.phone,
            "010-1234567",
            "06-12345678",
        ),
        _column(
            "street", _("Straat"), "straatnaam, adres, adresregel 1, street, address, address line 1", values.text, "Hoofdstraat", "Kerkweg"
        ),
        _column("house_number", _("Huisnummer"), "huisnr, nr, house number, number", values.number_as_text, "12", "3a"),
        _column("postcode", _("Postcode"), "postal code, zip, zipcode, zip code, post code", values.number_as_text, "1234 AB", "2345 BC"),
        _column("city", _("Plaats"), "woonplaats, stad, vestigingsplaats, city, town", values.text, "Rotterdam", "Leiden"),
        _column("country", _("Land"), "landcode, country, country code", values.country, "NL", "NL"),
        _column(
            "kvk_number",
            _("KvK-nummer"),
            "kvk, kvk nr, kvknummer, handelsregister, chamber of commerce, coc",
            values.kvk_number,
            "12345678",
            "",
        ),
        _column(
            "vat_number",
            _("Btw-id"),
            "btw-nummer, btw nummer, btwnr, btw nr, vat, vat number, vat id",
            _identifier(EuVatNumberField),
            "NL123456782B12",
            "",
        ),
        _column("vat_reversed", _("Btw verlegd"), "verlegd, verleggen, reverse charge, vat reversed", values.yes_or_no, "nee", "nee"),
        _column("iban", _("IBAN"), "bankrekening, rekeningnummer, bank account", _identifier(IbanField), "NL91ABNA0417164300", ""),
        _column(
            "language",
            _("Taal"),
            "taal van de mails, taalcode, language",
            values.choice(Language, en=("english",), nl=("dutch",), de=("german", "deutsch")),
            "nl",
            "nl",
        ),
        _column(
            "payment_term_days",
            _("Betalingstermijn"),
            "betalingstermijn in dagen, betaaltermijn, betalingsconditie, payment term, payment terms, payment days",
            values.whole_number,
            30,
            "",
        ),
        _column(
            "invoicing_profile",
            _("Factureren"),
            "factuurfrequentie, facturatie, invoicing, invoice frequency",
            values.choice(
                InvoicingProfile, order=("werkorder", "per order"), week=("wekelijks", "weekly"), month=("maandelijks", "monthly")
            ),
            "Per maand",
            "Per werkorder",
        ),
        _column(
            "invoice_per",
            _("Bij week of maand"),
            "factuur per, invoice per",
            values.choice(
                InvoicePer,
                all=("alles", "everything"),
                branch=("vestiging", "branch"),
                centre=("kostenplaats", "cost centre"),
                po=("inkoopnummer", "purchase order"),
                vehicle=("voertuig", "vehicle"),
            ),
            "Alles op één factuur",
            "",
        ),
        _column("invoice_line_per_vehicle", _("Een regel per auto"), "regel per auto, line per vehicle", values.yes_or_no, "nee", "nee"),
        _column(
            "e_invoice",
            _("E-factuur"),
            "efactuur, elektronische factuur, ubl, e-invoice",
            values.choice(EInvoice, none=("geen", "nee", "pdf"), peppol=("peppol bis", "ubl", "ja"), nlcius=("si-ubl",)),
            "geen",
            "geen",
        ),
        _column("e_address", _("Elektronisch adres"), "peppol-adres, peppol-id, peppol, electronic address", values.number_as_text, "", ""),
        _column("oin_number", _("OIN"), "oin-nummer, overheidsidentificatienummer", values.number_as_text, "", ""),
        _column("e_invoice_pdf", _("PDF in de e-factuur"), "pdf in ubl, pdf in e-invoice", values.yes_or_no, "nee", "nee"),
        _column(
            "po_required", _("Inkoopnummer verplicht"), "po verplicht, po nummer verplicht, po required", values.yes_or_no, "ja", "nee"
        ),
        _column(
            "cost_centre_required",
            _("Kostenplaats verplicht"),
            "cost centre required, cost center required",
            values.yes_or_no,
            "nee",
            "nee",
        ),
        _column(
            "no_reminders",
            _("Geen herinneringen"),
            "niet herinneren, no reminders",
            values.yes_or_no,
            "nee",
            "nee",
        ),
        _column("work_through_limit", _("Doorwerken tot"), "doorwerklimiet, akkoordlimiet, work through limit", values.amount, 150, ""),
        _column("mail_defect", _("Mail bij een mankement"), "mail on defect", values.yes_or_no, "", ""),
        _column("mail_approval", _("Mail om akkoord voor extra werk"), "mail for approval", values.yes_or_no, "", ""),
        _column("mail_ready", _("Mail als de auto klaar is"), "mail when ready", values.yes_or_no, "", ""),
        _column("mail_redo", _("Mail als werk wordt overgedaan"), "mail when redone", values.yes_or_no, "", ""),
        _column(
            "note",
            _("Notitie"),
            "opmerking, opmerkingen, memo, notities, note, notes, remarks",
            values.long_text,
            "",
            "Belt liever dan mailt",
        ),
    ),
    Kind.VEHICLES: (
        _column("plate", _("Kenteken"), _PLATE, values.number_as_text, "GB-001-B", "12-ABC-3"),
        _column("country", _("Land"), "land kenteken, landcode, country, country code", values.plate_country, "NL", "NL"),
        _column(
            "vin",
            _("Chassisnummer"),
            "vin, chassis, chassisnr, vin nummer, vin number, meldcode",
            values.number_as_text,
            "",
            "WVWZZZ1JZXW000001",
        ),
        _column("type", _("Soort voertuig"), _TYPE, values.text, "Auto standaard", "Bedrijfsauto", default=""),
        _column("make", _("Merk"), "automerk, make, brand, fabrikant", values.text, "Volvo", "Volkswagen"),
        _column("model", _("Type"), "model, uitvoering, handelsbenaming", values.text, "V60", "Crafter"),
        _column("customer", _("Klantnummer"), _NUMBER + ", klant, eigenaar, owner, customer", values.number_as_text, "1001", "1002"),
    ),
    Kind.SERVICES: (
        _column("type", _("Soort voertuig"), _TYPE, values.text, "Auto standaard", "Bedrijfsauto", is_required=True, default=""),
        _column(
            "group",
            _("Groep"),
            "werkzaamhedengroep, artikelgroep, categorie, group, service group",
            values.text,
            "Interieur",
            "Exterieur",
            is_required=True,
            default="",
        ),
        _column(
            "name",
            _("Handeling"),
            "dienst, artikel, omschrijving, werkzaamheid, behandeling, naam, service, description, name",
            values.text,
            "Stoelen reinigen",
            "Lak polijsten",
            is_required=True,
        ),
        _column(
            "price",
            _("Prijs excl. btw"),
            "prijs, tarief, bedrag, verkoopprijs, prijs ex btw, prijs exclusief btw, price, price excl vat, amount",
            values.amount,
            45.5,
            "",
        ),
        _column(
            "price_with_vat",
            _("Prijs incl. btw"),
            "prijs inclusief btw, prijs in btw, consumentenprijs, particuliere prijs, price incl vat",
            values.amount,
            "",
            149,
        ),
        _column("is_from_price", _("Vanaf-prijs"), "vanaf, vanafprijs, from price", values.yes_or_no, "nee", "ja"),
        _column("vat_rate", _("Btw"), "btw-tarief, btw percentage, btw %, btw-percentage, vat, vat rate", values.vat_rate, "21", "21"),
        _column("minutes", _("Minuten"), "verwachte minuten, tijd, duur, minutes, duration", values.whole_number, 30, 90),
        _column("is_active", _("Actief"), "active, in gebruik", values.yes_or_no, "ja", "ja"),
    ),
    Kind.HISTORY: (
        _column(
            "day",
            _("Datum"),
            "orderdatum, uitgevoerd op, werkdatum, factuurdatum, date, order date, performed on",
            values.day,
            "14-03-2025",
            "15-03-2025",
            is_required=True,
        ),
        _column("plate", _("Kenteken"), _PLATE, values.number_as_text, "GB-001-B", "12-ABC-3", is_required=True),
        _column("country", _("Land"), "land kenteken, landcode, country, country code", values.plate_country, "NL", "NL"),
        _column("type", _("Soort voertuig"), _TYPE, values.text, "Auto standaard", "Bedrijfsauto", default=""),
        _column("customer", _("Klantnummer"), _NUMBER + ", klant, customer", values.number_as_text, "1001", "1002"),
        _column(
            "description",
            _("Omschrijving"),
            "werkzaamheden, behandeling, handeling, description, work, service",
            values.text,
            "Interieur gereinigd",
            "Lak gepolijst",
            is_required=True,
        ),
        _column("amount", _("Bedrag excl. btw"), "bedrag, prijs, totaal, bedrag ex btw, amount, price, total", values.amount, 45.5, 125),
        _column("vat_rate", _("Btw"), "btw-tarief, btw percentage, btw %, vat, vat rate", values.vat_rate, "21", "21"),
        _column(
            "who",
            _("Uitgevoerd door"),
            "medewerker, werknemer, monteur, door, wie, employee, performed by, done by",
            values.text,
            "Sanne",
            "Ali",
        ),
        _column(
            "origin",
            _("Ordernummer"),
            "werkordernummer, bonnummer, order nr, ordernr, werkbon, origineel nummer, order number, order no, order id, referentie",
            values.number_as_text,
            "W-2025-0412",
            "W-2025-0413",
        ),
    ),
}
