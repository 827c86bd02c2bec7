from django.core.management.base import BaseCommand, CommandError

from notifications.delivery import waiting
from notifications.smtp import Outgoing, ServerTrouble


class Command(BaseCommand):
    """Connects and logs in, sends nothing; for the operator and for what watches the machine."""

    help = "Says how many mails wait, and whether the mail server takes any from us; ends with 1 when it does not."

    def handle(self, **options):
        count, since = waiting()
        self.stdout.write(f"{count} mails are due{f', the first since {since:%Y-%m-%d %H:%M %Z}' if since else ''}.")
        try:
            with Outgoing() as outgoing:
                outgoing.connect()
        except ServerTrouble as error:
            raise CommandError(f"The mail server takes nothing from us: {error}") from error
        self.stdout.write("The mail server takes our mail.")
