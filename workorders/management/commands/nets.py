from django.core.management.base import BaseCommand, CommandError

from accounts.models import Company
from cleanconnect.tenancy import context
from workorders.models import WorkOrder


class Command(BaseCommand):
    help = "Compares the total that is kept of each work order with its lines, in all companies; ends with 1 when one differs."

    def handle(self, **options):
        wrong = 0
        for company_id in context.company_ids(Company):
            with context.company(company_id):
                for order in WorkOrder.objects.not_adding_up().order_by("number"):
                    self.stdout.write(f"company {company_id}, order {order.number}: {order.net} is kept, its lines are {order.of_lines}")
                    wrong += 1
        if wrong:
            raise CommandError(f"The total of {wrong} orders is not that of their lines.")
        self.stdout.write("The total of each order is that of its lines.")
