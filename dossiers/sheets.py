from django.utils.translation import gettext_lazy as _

from cleanconnect.spreadsheets import Column, Sheet

HISTORY = Sheet(
    _("Geschiedenis klant"),
    (
        Column(_("Wanneer"), "happened_at"),
        Column(_("Wat"), "get_kind_display"),
        Column(_("Toelichting"), "text"),
        Column(_("Door"), "by.name"),
    ),
)
