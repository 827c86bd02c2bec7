"""What the lists of this room hold as a file."""

from django.utils.translation import gettext_lazy as _

from cleanconnect.spreadsheets import Column, Sheet

TO_INVOICE = Sheet(
    _("Te factureren"),
    (
        Column(_("Klantnummer"), "number"),
        Column(_("Klant"), "name"),
        Column(_("Werkorders"), "order_count"),
        Column(_("Oudste"), "oldest"),
        Column(_("Nieuwste"), "newest"),
        Column(_("Totaal excl. btw"), "total"),
    ),
)
INVOICES = Sheet(
    _("Facturen"),
    (
        Column(_("Soort"), "get_kind_display"),
        Column(_("Factuurnummer"), "number"),
        Column(_("Factuurdatum"), "issued_on"),
        Column(_("Vervaldatum"), "due_on"),
        Column(_("Klantnummer"), "customer.number"),
        Column(_("Klant"), "customer.name"),
        Column(_("Totaal excl. btw"), "net_total"),
        Column(_("Btw"), "vat_total"),
        Column(_("Totaal incl. btw"), "gross_total"),
        Column(_("Betaald"), "paid_total"),
        Column(_("Betaald op"), "paid_on"),
    ),
)
RUNS = Sheet(
    _("Facturatierondes"),
    (
        Column(_("Gemaakt op"), "created_at"),
        Column(_("T/m"), "until"),
        Column(_("Status"), "get_state_display"),
        Column(_("Door"), "created_by.name"),
        Column(_("Klaar op"), "finished_at"),
    ),
)
BANK = Sheet(
    _("Bank"),
    (
        Column(_("Datum"), "booked_on"),
        Column(_("Bedrag"), "amount"),
        Column(_("Naam"), "name"),
        Column(_("IBAN"), "iban"),
        Column(_("Omschrijving"), "description"),
        Column(_("Rekening"), "account"),
        Column(_("Status"), "get_state_display"),
    ),
)
OPEN_ITEMS = Sheet(
    _("Openstaand"),
    (
        Column(_("Klantnummer"), "number"),
        Column(_("Klant"), "name"),
        Column(_("Facturen"), "count"),
        Column(_("Openstaand incl. btw"), "open"),
        Column(_("0–30 dagen"), "to_30"),
        Column(_("31–60 dagen"), "to_60"),
        Column(_("61–90 dagen"), "to_90"),
        Column(_("Ouder"), "older"),
    ),
)
