from django.core.management.base import BaseCommand
from django.db.models import Exists, OuterRef

from accounts.models import Company
from cleanconnect.tenancy import context
from invoicing.models import Invoice
from invoicing.payments import set_off_what_balances


class Command(BaseCommand):
    help = "Sets off old credit notes against their invoice where both were left open, in all companies; once more does nothing."

    def handle(self, **options):
        count = 0
        for company_id in context.company_ids(Company):
            with context.company(company_id):
                notes = Invoice.objects.unpaid().filter(credits=OuterRef("pk"))
                for invoice in Invoice.objects.filter(Exists(notes)).order_by("pk"):
                    if amount := set_off_what_balances(invoice):
                        count += 1
                        self.stdout.write(f"company {company_id}, invoice {invoice.number}: {amount} set off")
        self.stdout.write(f"{count} invoices were set off against their credit notes.")
