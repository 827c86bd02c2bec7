from django.core.management.commands import migrate

from cleanconnect.tenancy.roles import as_owner, grant_to_application


class Command(migrate.Command):
    """Django's migrate, run as the owner role; afterwards the application's role gets its rights."""

    def handle(self, *args, **options):
        with as_owner():
            super().handle(*args, **options)
            grant_to_application()
