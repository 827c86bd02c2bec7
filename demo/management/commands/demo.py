from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Company
from cleanconnect.demo_logins import LOGINS, PASSWORD
from cleanconnect.tenancy.context import company_ids
from demo import loading


class Command(BaseCommand):
    help = "Make the demo company, with a login for each role; it mails nobody."

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="only when there is no company yet")

    def handle(self, *args, if_empty=False, **options):
        if settings.PRODUCTION:
            raise CommandError("The demo company has logins with a known password; it is not for PRODUCTION.")
        if if_empty and company_ids(Company):
            return
        try:
            company = loading.load(now=timezone.now())
        except loading.DemoExists:
            self.stdout.write("The demo company already exists (its user names are taken); nothing was changed.")
            return
        self.stdout.write(f"{company} is ready. Password of every login: {PASSWORD}")
        for role, username in LOGINS:
            self.stdout.write(f"  {role:<10} {username}")
