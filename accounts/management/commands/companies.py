from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Company
from cleanconnect.tenancy.context import company, company_ids
from notifications import strangers
from notifications.models import Message
from notifications.outbox import send_now


class Command(BaseCommand):
    help = "List the companies, those that wait for approval first; with --approve, let these mail with their own links and name."

    def add_arguments(self, parser):
        parser.add_argument("--approve", type=int, nargs="+", default=[], metavar="NUMBER", help="numbers of companies")

    def handle(self, *, approve, **options):
        if unknown := set(approve) - set(company_ids(Company)):
            raise CommandError(f"There is no company {', '.join(map(str, sorted(unknown)))}; nothing was changed.")
        for pk in approve:
            self._approve(pk)
        if not approve:
            self._list()

    def _approve(self, pk):
        with company(pk):
            Company.objects.filter(pk=pk, approved_at=None).update(approved_at=timezone.now())
            held = list(strangers.held())
            for message in held:
                send_now(message)
            self.stdout.write(f"{pk}  {Company.objects.get(pk=pk).name}: approved, {len(held)} mails go out now.")

    def _list(self):
        rows = []
        for pk in company_ids(Company):
            with company(pk):
                found = Company.objects.get(pk=pk)
                mails = Message.objects.filter(created_at__gte=timezone.now() - timedelta(days=1)).count()
                rows.append((found.approved_at is not None, pk, found.name, found.email, mails))
        for is_approved, pk, name, email, mails in sorted(rows):
            self.stdout.write(f"{pk:>6}  {'approved' if is_approved else 'WAITS':<8}  {name}  <{email}>  {mails} mails today")
