"""What is kept of a customer, a line each. The form, the file of the list, imports, merging and forgetting go by it.

A test holds it to the model: what is kept tomorrow gets its line here, and with that its place in all of these.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

FILLS, ADDRESS, ALONG, ADDED, STAYS = "fills", "address", "along", "added", "stays"  # what merging does with it; see `Field`


@dataclass(frozen=True)
class Field:
    """A field of a customer, with the header of its column in files.

    When two customers become one, the one that stays gets it if it has none (FILLS), if it has no address at all (ADDRESS), with
    another field that it gets (ALONG), behind its own (ADDED), or never (STAYS). What `is_personal` goes when the customer is forgotten.
    """

    name: str
    label: str
    merging: str = STAYS
    along_with: str = ""
    is_personal: bool = False
    shown: str = ""  # how a file says it, by an attribute; empty: as it is kept

    @property
    def in_file(self):
        return self.shown or self.name


FIELDS = (
    Field("number", _("Klantnummer")),
    Field("name", _("Naam"), is_personal=True),
    Field("type", _("Type klant"), shown="type.name"),
    Field("contact_name", _("Contactpersoon"), FILLS, is_personal=True),
    Field("email", _("E-mailadres"), FILLS, is_personal=True),
    Field("phone", _("Telefoon"), FILLS, is_personal=True),
    Field("street", _("Straat"), ADDRESS, is_personal=True),
    Field("house_number", _("Huisnummer"), ADDRESS, is_personal=True),
    Field("postcode", _("Postcode"), ADDRESS, is_personal=True),
    Field("city", _("Plaats"), ADDRESS, is_personal=True),
    Field("country", _("Land"), ADDRESS),
    Field("kvk_number", _("KvK-nummer"), FILLS, is_personal=True),
    Field("vat_number", _("Btw-id"), FILLS, is_personal=True),
    Field("vat_reversed", _("Btw verlegd"), ALONG, "vat_number"),
    Field("iban", _("IBAN"), FILLS, is_personal=True),
    Field("language", _("Taal")),
    Field("payment_term_days", _("Betalingstermijn"), FILLS),
    Field("invoicing_profile", _("Factureren"), shown="get_invoicing_profile_display"),
    Field("invoice_per", _("Bij week of maand"), shown="get_invoice_per_display"),
    Field("invoice_line_per_vehicle", _("Een regel per auto")),
    Field("e_invoice", _("E-factuur"), FILLS, shown="get_e_invoice_display"),
    Field("e_address", _("Elektronisch adres"), FILLS, is_personal=True),
    Field("oin_number", _("OIN"), FILLS, is_personal=True),
    Field("e_invoice_pdf", _("PDF in de e-factuur"), ALONG, "e_invoice"),
    Field("po_required", _("Inkoopnummer verplicht")),
    Field("cost_centre_required", _("Kostenplaats verplicht")),
    Field("no_reminders", _("Geen herinneringen")),
    Field("work_through_limit", _("Doorwerken tot"), FILLS),
    Field("mail_defect", _("Mail bij een mankement"), FILLS),
    Field("mail_approval", _("Mail om akkoord voor extra werk"), FILLS),
    Field("mail_ready", _("Mail als de auto klaar is"), FILLS),
    Field("mail_redo", _("Mail als werk wordt overgedaan"), FILLS),
    Field("note", _("Notitie"), ADDED, is_personal=True),
)
