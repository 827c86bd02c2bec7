"""What the lists of this room hold as a file."""

from django.utils.translation import gettext_lazy as _

from cleanconnect.spreadsheets import Column, Sheet

MESSAGES = Sheet(
    _("Berichten"),
    (
        Column(_("Soort"), "get_event_display"),
        Column(_("Naam"), "to_name"),
        Column(_("Aan"), "to_email"),
        Column(_("Onderwerp"), "subject"),
        Column(_("Status"), "get_state_display"),
        Column(_("Gemaakt op"), "created_at"),
        Column(_("Verzonden op"), "sent_at"),
        Column(_("Fout"), "last_error"),
    ),
)
