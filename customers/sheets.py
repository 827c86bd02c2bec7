"""What the lists of this room hold as a file; that of the customers can be imported again."""

from django.utils.translation import gettext_lazy as _

from cleanconnect.spreadsheets import Column, Sheet

TYPES = Sheet(
    _("Types klant"),
    (Column(_("Naam"), "name"), Column(_("Particulier"), "is_private"), Column(_("Klanten"), "customer_count")),
)
CUSTOMERS = Sheet(
    _("Klanten"),
    (
        Column(_("Klantnummer"), "number"),
        Column(_("Naam"), "name"),
        Column(_("Type klant"), "type.name"),
        Column(_("Contactpersoon"), "contact_name"),
        Column(_("E-mailadres"), "email"),
        Column(_("Telefoon"), "phone"),
        Column(_("Straat"), "street"),
        Column(_("Huisnummer"), "house_number"),
        Column(_("Postcode"), "postcode"),
        Column(_("Plaats"), "city"),
        Column(_("Land"), "country"),
        Column(_("KvK-nummer"), "kvk_number"),
        Column(_("Btw-id"), "vat_number"),
        Column(_("IBAN"), "iban"),
        Column(_("Taal"), "language"),
        Column(_("Betalingstermijn"), "payment_term_days"),
        Column(_("Factureren"), "get_invoicing_profile_display"),
        Column(_("Inkoopnummer verplicht"), "po_required"),
        Column(_("Kostenplaats verplicht"), "cost_centre_required"),
        Column(_("Doorwerken tot"), "work_through_limit"),
        Column(_("Notitie"), "note"),
        Column(_("Gearchiveerd op"), "archived_at"),
    ),
)
