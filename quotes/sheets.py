from django.utils.translation import gettext_lazy as _

from cleanconnect.spreadsheets import Column, Sheet

QUOTES = Sheet(
    _("Offertes"),
    (
        Column(_("Nummer"), "number"),
        Column(_("Gemaakt op"), "created_at"),
        Column(_("Klantnummer"), "customer.number"),
        Column(_("Klant"), "customer.name"),
        Column(_("Onderwerp"), "subject"),
        Column(_("Kenteken"), "plate"),
        Column(_("Geldig tot en met"), "valid_until"),
        Column(_("Status"), "get_state_display"),
        Column(_("Totaal excl. btw"), "net"),
    ),
)
