"""What the lines of before say once they know their package and who set their price."""

from decimal import Decimal

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import Company
from cleanconnect.tenancy import context
from cleanconnect.tenancy.roles import as_owner, grant_to_application
from tests.factories import CustomerFactory, MembershipFactory, ServiceFactory, ServiceGroupFactory
from workorders.intake import change, take_in
from workorders.models import WorkOrder

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = "0014_large_photos_by_a_worker"


@pytest.fixture
def glans():
    return Company.objects.found(name="Glans")


def package_of(*prices, **values):
    group = ServiceGroupFactory(is_package=True, **values)
    for name, price in prices:
        ServiceFactory(name=name, group=group, price=Decimal(price))
    return group


@pytest.fixture
def package(glans):
    with context.company(glans.pk):
        prices = [("Wassen", 600), ("Zuigen", 500), ("Ramen", 100)]
        return package_of(*prices, name="Groot: pakket € 5,00", package_price=Decimal("1079.00"))


@pytest.fixture
def order_with(glans, package):
    """Takes in an order of the package and of what else is given; `change_to` are the handlings that it keeps after a change."""
    with context.company(glans.pk):
        owner, customer = MembershipFactory(role="owner"), CustomerFactory()
    plates = iter(["GB-001-B", "GB-002-B", "GB-003-B"])

    def order(*, packages=(), services=(), free_lines=(), change_to=None):
        with context.company(glans.pk):
            return _order(packages, services, free_lines, change_to)

    def _order(packages, services, free_lines, change_to):
        vehicle = {"plate": next(plates), "country": "NL", "vin": "", "make": "", "model": "", "type": package.vehicle_type}
        rest = {"customer": customer, "vehicle": vehicle, "note": "", "remark": "", "planned_on": None, "by": owner}
        services = [*services, *(service for group in packages for service in group.services.all())]
        order = take_in(services=services, packages=packages, free_lines=free_lines, status=WorkOrder.Status.PLANNED, **rest)
        return order if change_to is None else change(order, services=change_to, **rest)

    return order


def rows_as_they_were_come_forward():
    """The columns go with what is in them, as before they were there; then all migrations are done that came since."""
    with as_owner():
        newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
        try:
            MigrationExecutor(connection).migrate([("workorders", BEFORE)])
        finally:
            MigrationExecutor(connection).migrate(newest)
            grant_to_application()


def lines(order):
    with context.company(order.company_id):
        return {line.service.name: (line.in_package, line.priced_by_hand) for line in order.lines.exclude(service=None)}


def test_a_package_of_before_is_whole_and_one_that_was_broken_up_is_not(glans, order_with, package):
    with context.company(glans.pk):
        services = list(package.services.all())
    whole = order_with(packages=[package])
    broken = order_with(packages=[package], change_to=[service for service in services if service.name != "Ramen"])
    one_by_one = order_with(services=services)

    rows_as_they_were_come_forward()

    assert lines(whole) == dict.fromkeys(["Wassen", "Zuigen", "Ramen"], (True, False))
    assert lines(broken) == dict.fromkeys(["Wassen", "Zuigen"], (False, False))
    assert lines(one_by_one) == dict.fromkeys(["Wassen", "Zuigen", "Ramen"], (False, False))


def test_of_two_packages_on_an_order_each_is_looked_at_by_itself(glans, order_with, package):
    with context.company(glans.pk):
        other = package_of(("Geur", 20), name="Klein", package_price=Decimal("10.00"), vehicle_type=package.vehicle_type)
        services = [service for group in (package, other) for service in group.services.exclude(name="Ramen")]
    order = order_with(packages=[package, other], change_to=services)

    rows_as_they_were_come_forward()

    assert lines(order) == {"Wassen": (False, False), "Zuigen": (False, False), "Geur": (True, False)}


def test_prices_of_quotes_and_approvals_are_those_of_their_order(glans, order_with, package):
    reasons = ["offerte O2026-0001", "akkoord van Jansen op 25 november 2026 10:00", "afspraak vanaf 1 maart 2026: vaste prijs"]
    with context.company(glans.pk):
        agreed = [
            {"service": service, "description": service.name, "unit_price": Decimal(7), "vat_rate": "21", "price_reason": reason}
            for service, reason in zip(package.services.order_by("pk"), reasons, strict=True)
        ]
    order = order_with(free_lines=agreed)

    rows_as_they_were_come_forward()

    assert lines(order) == {"Wassen": (False, True), "Zuigen": (False, True), "Ramen": (False, False)}
