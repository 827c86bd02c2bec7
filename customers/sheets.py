"""What the lists of this room hold as a file; that of the customers can be imported again."""

from django.utils.translation import gettext_lazy as _

from cleanconnect.spreadsheets import Column, Sheet

from .fields import FIELDS

TYPES = Sheet(
    _("Types klant"),
    (Column(_("Naam"), "name"), Column(_("Particulier"), "is_private"), Column(_("Klanten"), "customer_count")),
)
CUSTOMERS = Sheet(
    _("Klanten"),
    (*(Column(field.label, field.in_file) for field in FIELDS), Column(_("Gearchiveerd op"), "archived_at")),
)
