"""What the lists of this room hold as a file."""

from django.utils.translation import gettext_lazy as _

from cleanconnect.spreadsheets import Column, Sheet

GROUPS = Sheet(_("Groepen kwaliteitscheck"), (Column(_("Groep"), "name"), Column(_("Onderdelen"), "item_count")))
ITEMS = Sheet(
    _("Onderdelen kwaliteitscheck"),
    (
        Column(_("Groep"), "group.name"),
        Column(_("Werkzaamheid"), "name"),
        Column(_("Korte beschrijving"), "description"),
        Column(_("Hoort bij aantal handelingen"), "handlings"),
    ),
)
DEFECTS = Sheet(
    _("Mankementen"),
    (
        Column(_("Gevonden op"), "found_at"),
        Column(_("Werkorder"), "order.number"),
        Column(_("Kenteken"), "order.vehicle.plate_shown"),
        Column(_("Klant"), "order.customer.name"),
        Column(_("Onderdeel"), "item.name", permission="quality.check"),
        Column(_("Omschrijving"), "description"),
        Column(_("Gemeld door"), "found_by.name", permission="quality.check"),
    ),
)
