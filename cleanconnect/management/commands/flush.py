from django.core.management.commands import flush

from cleanconnect.tenancy.roles import as_owner


class Command(flush.Command):
    """Django's flush, run as the owner role: the application's role may not empty tables."""

    def handle(self, **options):
        with as_owner():
            super().handle(**options)
