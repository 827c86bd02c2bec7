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
RULES = Sheet(
    _("RDW-regels"),
    (
        Column(_("Volgorde"), "position"),
        Column(_("Soort volgens de RDW"), "kind"),
        Column(_("Inrichting bevat"), "body"),
        Column(_("Lengte vanaf (cm)"), "min_length"),
        Column(_("Lengte tot en met (cm)"), "max_length"),
        Column(_("Massa vanaf (kg)"), "min_mass"),
        Column(_("Massa tot en met (kg)"), "max_mass"),
        Column(_("Soort voertuig"), "vehicle_type.name"),
    ),
)
