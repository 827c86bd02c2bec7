"""Taking in a work order, and changing one that is still open: the order, its vehicle and its lines in one transaction."""

from django.db import transaction

from accounts.numbering import next_number
from customers.registering import create
from services.pricing import prices_for
from vehicles.intake import find_or_create

from .models import WorkOrder, WorkOrderLine
from .status import created, move


class AlreadyCompleted(Exception):
    """The order was finished meanwhile and can no longer be changed."""


@transaction.atomic
def take_in(
    *, customer, vehicle, services, note, remark, status, planned_on, by, branch=None, po_number="", cost_centre="", packages=(), **details
):
    """A new work order, for a customer that may be new too; raises the ValidationError of `vehicles.intake.find_or_create` for its vehicle.

    `vehicle` is what was typed of it: plate, country, vin, make, model and type. `packages` are the groups that are ordered as a whole.
    `details` are further fields of the order: promised_at, key_number, place.
    """
    if customer.pk is None:
        create(customer, by=by)
    order = WorkOrder.objects.create(
        number=next_number("workorder"),
        customer=customer,
        vehicle=find_or_create(**vehicle, customer=customer),
        branch=branch,
        po_number=po_number,
        cost_centre=cost_centre or (branch.cost_centre if branch else ""),
        note=note,
        remark=remark,
        status=status,
        planned_on=planned_on,
        created_by=by,
        **details,
    )
    _add_lines(order, services, packages)
    created(order, by=by)
    return order


@transaction.atomic
def change(
    order,
    *,
    customer,
    vehicle,
    services,
    note,
    remark,
    status,
    planned_on,
    by,
    branch=None,
    po_number="",
    cost_centre="",
    packages=(),
    **details,
):
    """Change an open order; lines that stay keep the price they were ordered at. Raises `AlreadyCompleted`."""
    order = WorkOrder.objects.open().select_for_update().filter(pk=order.pk).first()
    if order is None:
        raise AlreadyCompleted
    order.customer, order.vehicle = customer, find_or_create(**vehicle, customer=customer)
    order.branch, order.po_number, order.cost_centre = branch, po_number, cost_centre
    order.note, order.remark, order.planned_on = note, remark, planned_on
    for name, value in details.items():
        setattr(order, name, value)
    order.save()
    order = move(order, status, by=by)
    order.lines.exclude(service__in=services).delete()
    order.lines.filter(service__group__in=packages).delete()  # they come back at the package's price
    kept = set(order.lines.values_list("service_id", flat=True))
    _add_lines(order, [service for service in services if service.pk not in kept], packages)
    return order


def _add_lines(order, services, packages):
    prices = prices_for(order.customer, services, packages=packages)
    WorkOrderLine.objects.bulk_create(
        WorkOrderLine(
            order=order,
            service=service,
            description=f"{service.group.name}: {service.name}",
            unit_price=prices[service.pk].amount,
            price_reason=prices[service.pk].reason,
            vat_rate=service.vat_rate,
        )
        for service in services
    )
