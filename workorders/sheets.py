"""What the lists of this room hold as a file."""

from django.utils.translation import gettext_lazy as _

from cleanconnect.spreadsheets import Column, Sheet

ORDERS = Sheet(
    _("Werkorders"),
    (
        Column(_("Werkorder"), "number"),
        Column(_("Status"), "get_status_display"),
        Column(_("Datum"), "planned_on"),
        Column(_("Klantnummer"), "customer.number"),
        Column(_("Klant"), "customer.name"),
        Column(_("Kenteken"), "vehicle.plate_shown"),
        Column(_("Chassisnummer"), "vehicle.vin"),
        Column(_("Merk"), "vehicle.make"),
        Column(_("Type"), "vehicle.model"),
        Column(_("Soort voertuig"), "vehicle.type.name"),
        Column(_("Inkoopnummer"), "po_number"),
        Column(_("Kostenplaats"), "cost_centre"),
        Column(_("Beloofd om"), "promised_at"),
        Column(_("Sleutelnummer"), "key_number", permission="quality.check"),
        Column(_("Plaats op het terrein"), "place", permission="quality.check"),
        Column(_("Gemaakt op"), "created_at"),
        Column(_("Gereed op"), "completed_at"),
        Column(_("Totaal excl. btw"), "net", permission="prices.see"),
    ),
)
