"""The demo company: a car-detailing company three months at work, the same each time it is made on a day."""

from datetime import timedelta

from django.db import transaction

from accounts.models import Company, CompanyCosts, User
from cleanconnect.demo_logins import LOGINS
from cleanconnect.tenancy import context

from . import catalogue, data, history, people, pictures


class DemoExists(Exception):
    """The logins of the demo company are taken."""


@transaction.atomic
def load(*, now):
    """Make the demo company as it stands at the moment `now`; returns the Company. Raises `DemoExists`."""
    if User.objects.filter(username__in=[username for _role, username in LOGINS]).exists():
        raise DemoExists
    began = now - timedelta(days=history.DAYS + 30)
    company = Company.objects.found(**data.COMPANY, created_at=began, start_guide_done_at=began)
    with context.company(company.pk):
        company.logo.save("logo.png", pictures.logo())
        CompanyCosts.objects.create(hourly_cost=data.HOURLY_COST)
        customers = people.customers(began)
        owner, employees = people.members(customers, began)
        types = catalogue.vehicle_types()
        services = catalogue.services(types)
        catalogue.price_agreements(customers, services, began.date())
        vehicles = people.vehicles(customers, types, began)
        orders = history.orders(vehicles, services, owner, employees, now)
        history.planning(orders, owner, employees)
        defects = history.checks_and_defects(orders, catalogue.checklist(), employees)
        history.mails(history.invoices(owner, now), defects)
    return company
