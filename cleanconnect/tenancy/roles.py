"""Two database roles: the owner migrates, the application's role serves and obeys every policy."""

from contextlib import contextmanager

from django.conf import settings
from django.db import connection

LOGIN_KEYS = ("USER", "PASSWORD", "HOST", "PORT")


@contextmanager
def as_owner():
    """Connect as the owner role for as long as the block lasts (migrations, test databases, bulk loading)."""
    before = {key: connection.settings_dict[key] for key in LOGIN_KEYS}
    connection.close()
    connection.settings_dict.update({key: settings.OWNER_DATABASE[key] for key in LOGIN_KEYS})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def grant_to_application():
    """Give the application's role its rights on every table; rows stay subject to the policies. Runs as the owner."""
    if settings.OWNER_DATABASE["USER"] == settings.APPLICATION_ROLE:
        return  # a server named without a second role: what follows would take the owner's own rights
    role = connection.ops.quote_name(settings.APPLICATION_ROLE)
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}")
