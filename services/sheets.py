"""What the lists of this room hold as a file; that of the handlings can be imported again."""

from django.utils.translation import gettext_lazy as _

from cleanconnect.spreadsheets import Column, Sheet

from .agreements import describe

GROUPS = Sheet(
    _("Groepen werkzaamheden"),
    (
        Column(_("Soort voertuig"), "vehicle_type.name"),
        Column(_("Groep"), "name"),
        Column(_("Handelingen"), "service_count"),
        Column(_("Standaard pakket"), "is_package"),
        Column(_("Pakketprijs excl. btw"), lambda group: None if group.price_includes_vat else group.package_price),
        Column(_("Pakketprijs incl. btw"), lambda group: group.package_price if group.price_includes_vat else None),
        Column(_("Grootboekrekening"), "ledger_code"),
        Column(_("Btw-code"), "vat_code"),
    ),
)
SERVICES = Sheet(
    _("Handelingen"),
    (
        Column(_("Soort voertuig"), "group.vehicle_type.name"),
        Column(_("Groep"), "group.name"),
        Column(_("Handeling"), "name"),
        Column(_("Prijs excl. btw"), lambda service: None if service.price_includes_vat else service.price_today),
        Column(_("Prijs incl. btw"), lambda service: service.price_today if service.price_includes_vat else None),
        Column(_("Vanaf-prijs"), "is_from_price"),
        Column(_("Btw"), "vat_rate"),
        Column(_("Minuten"), "minutes"),
        Column(_("Actief"), "is_active"),
    ),
)
AGREEMENTS = Sheet(
    _("Prijsafspraken"),
    (
        Column(_("Klantnummer"), "customer.number"),
        Column(_("Klant"), "customer.name"),
        Column(_("Soort voertuig"), lambda agreement: agreement.of_group.vehicle_type.name),
        Column(_("Groep"), "of_group.name"),
        Column(_("Handeling"), "service.name"),
        Column(_("Soort afspraak"), "get_kind_display"),
        Column(_("Waarde"), "value"),
        Column(_("Inclusief btw"), "price_includes_vat"),
        Column(_("Vanaf"), "starts_on"),
        Column(_("Tot en met"), "ends_on"),
        Column(_("Afspraak"), describe),
    ),
)
