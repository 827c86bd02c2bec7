"""What the lists of this room hold as a file."""

from django.utils.translation import gettext_lazy as _

from cleanconnect.spreadsheets import Column, Sheet

MEMBERS = Sheet(
    _("Gebruikers"),
    (
        Column(_("Naam"), "name"),
        Column(_("Rol"), "get_role_display"),
        Column(_("Klant"), "customer.name"),
        Column(_("Gebruikersnaam"), "user.login_name"),
        Column(_("E-mailadres"), "user.email"),
        Column(_("Laatst ingelogd"), "last_login"),
        Column(_("Actief"), "is_active"),
    ),
)
