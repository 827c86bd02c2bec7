"""What the lists of this room hold as a file; that of the vehicles can be imported again."""

from django.utils.translation import gettext_lazy as _

from cleanconnect.spreadsheets import Column, Sheet

TYPES = Sheet(_("Soorten voertuig"), (Column(_("Naam"), "name"),))
VEHICLES = Sheet(
    _("Voertuigen"),
    (
        Column(_("Kenteken"), "plate_shown"),
        Column(_("Land"), "country"),
        Column(_("Chassisnummer"), "vin"),
        Column(_("Soort voertuig"), "type.name"),
        Column(_("Merk"), "make"),
        Column(_("Type"), "model"),
    ),
)
