"""Taking in a work order, and changing one that is still open: the order, its vehicle and its lines in one transaction."""

from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.numbering import next_number
from cleanconnect.money import euro, with_or_without
from customers.registering import create
from services.pricing import prices_for
from vehicles.intake import find_or_create

from .models import Assignment, OrderChange, WorkOrder, WorkOrderLine
from .status import created, move


class AlreadyCompleted(Exception):
    """The order was finished or invoiced meanwhile and can no longer be changed."""


class ChangedMeanwhile(Exception):
    """Somebody else saved the order after it was opened; `changes` are what they did, `version` is what it is now."""

    def __init__(self, changes, version):
        super().__init__(version)
        self.changes, self.version = changes, version


class AlreadyTakenIn(Exception):
    """The form with this key became `order` already."""

    def __init__(self, order):
        super().__init__(order)
        self.order = order


def take_in(*, key=None, **typed):
    """A new work order, as `_take_in` says; with the key (UUID) of its form it becomes one order. Raises `AlreadyTakenIn`."""
    try:
        with transaction.atomic():
            if key and (order := WorkOrder.objects.filter(key=key).first()):
                raise AlreadyTakenIn(order)
            return _take_in(key=key, **typed)
    except IntegrityError:
        if key and (order := WorkOrder.objects.filter(key=key).first()):  # at the same moment
            raise AlreadyTakenIn(order) from None
        raise


def _take_in(
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
    adjusted=None,
    free_lines=(),
    assigned=(),
    prices=None,
    prices_include_vat=None,
    **details,
):
    """A new work order, for a customer that may be new too; raises the ValidationError of `vehicles.intake.find_or_create` for its vehicle.

    `vehicle` is what was typed of it: plate, country, vin, make, model and type. `packages` are the groups that are ordered as a whole.
    `adjusted` holds by `service.pk` what is not as in `UNADJUSTED`: quantity, discount (percent, or an amount) with its reason, and a
    price of its own with its reason. `free_lines` are lines without a handling: description, quantity, unit_price, vat_rate and minutes.
    `assigned` are memberships. `prices` is what `prices_for` says of these services, where that was asked already. All that was typed of
    prices includes VAT or not as the customer's do, unless `prices_include_vat` says how it was offered.
    `details` are further fields of the order: key, promised_at, key_number, place, planned_time, planned_minutes, bay, material_cost.
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
        prices_include_vat=customer.prices_include_vat if prices_include_vat is None else prices_include_vat,
        created_by=by,
        **details,
    )
    _add_lines(order, services, packages, adjusted or {}, prices)
    WorkOrderLine.objects.bulk_create(WorkOrderLine(order=order, **line) for line in free_lines)
    Assignment.objects.bulk_create(Assignment(order=order, membership=one) for one in assigned)
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
    planned_on,
    by,
    status=None,
    version=None,
    branch=None,
    po_number="",
    cost_centre="",
    packages=(),
    adjusted=None,
    free_lines=(),
    assigned=(),
    **details,
):
    """Change an open order and write down what changed; lines that stay keep the price they were ordered at, or the one set by hand.

    All that was typed of prices includes VAT or not as those of the order did, or as its customer's do when that is another one.
    `version` is that of the order when it was opened, `status` is None where nobody chose another. Raises `AlreadyCompleted`,
    `ChangedMeanwhile` and `status.NotAllowed`.
    """
    order = WorkOrder.objects.open().select_for_update(no_key=True).filter(pk=order.pk).first()
    if order is None or order.is_charged:
        raise AlreadyCompleted
    if version is not None and version != order.version:
        raise ChangedMeanwhile(list(order.changes.filter(version__gt=version).select_related("by")), order.version)
    before, adjusted = described(order), adjusted or {}
    included = order.prices_include_vat
    if customer != order.customer:
        order.prices_include_vat = customer.prices_include_vat
    order.customer, order.vehicle = customer, find_or_create(**vehicle, customer=customer)
    order.branch, order.po_number, order.cost_centre = branch, po_number, cost_centre
    order.note, order.remark, order.planned_on = note, remark, planned_on
    for name, value in details.items():
        setattr(order, name, value)
    order.version += 1
    order.save()
    if status is not None:
        order = move(order, status, by=by)
    gone = order.lines.exclude(service=None).exclude(service__in=services)
    broken_up = list(gone.filter(in_package=True).values_list("service__group", flat=True))
    gone.delete()
    order.lines.filter(service__group__in=broken_up).update(in_package=False)
    order.lines.filter(service__group__in=packages).delete()  # they come back at the package's price
    by_hand = [service for service, how in adjusted.items() if how.get("unit_price") is not None]
    order.lines.filter(priced_by_hand=True).exclude(service=None).exclude(service__in=by_hand).delete()  # they come back at the usual price
    kept = {line.service_id: line for line in order.lines.exclude(service=None)}
    for service, line in kept.items():
        line.unit_price = with_or_without(line.unit_price, line.vat_rate, includes_vat=included, wanted=order.prices_include_vat)
        for name, value in _adjusted(adjusted.get(service, {})).items():
            setattr(line, name, value)
    WorkOrderLine.objects.bulk_update(kept.values(), [*UNADJUSTED, "priced_by_hand"])  # even where nothing changed: the net follows
    _add_lines(order, [service for service in services if service.pk not in kept], packages, adjusted)
    _replace_free_lines(order, free_lines)
    assign(order, assigned)
    record_changes(order, before, by=by)
    return order


UNADJUSTED = {
    "quantity": Decimal(1),
    "discount": Decimal(0),
    "discount_amount": Decimal(0),
    "discount_reason": "",
    "unit_price": None,
    "price_reason": "",
}


def _adjusted(how):
    """The fields of a line for what of `UNADJUSTED` is otherwise; without a price of its own it has the usual one."""
    values = UNADJUSTED | how
    is_by_hand = values["unit_price"] is not None
    usual = () if is_by_hand else ("unit_price", "price_reason")
    return {name: value for name, value in values.items() if name not in usual} | {"priced_by_hand": is_by_hand}


def assign(order, memberships):
    """These people have to do the order, and nobody else."""
    order.assignments.exclude(membership__in=memberships).delete()
    there = set(order.assignments.values_list("membership_id", flat=True))
    Assignment.objects.bulk_create(Assignment(order=order, membership=one) for one in memberships if one.pk not in there)


def described(order):
    """What can be changed of an order, in words: `{what: (text, is_about_price)}`; read before and after, the difference is the change."""
    order = WorkOrder.objects.select_related("customer", "vehicle__type", "branch", "bay").get(pk=order.pk)
    people = ", ".join(order.assignments.values_list("membership__name", flat=True))
    time = order.planned_time and order.planned_time.strftime("%H:%M")
    found = {
        _("Klant"): order.customer,
        _("Voertuig"): f"{order.vehicle} {order.vehicle.make_and_model}".strip(),
        _("Soort voertuig"): order.vehicle.type,
        _("Vestiging"): order.branch,
        _("Inkoopnummer"): order.po_number,
        _("Kostenplaats"): order.cost_centre,
        _("Notitie voor de werknemer"): order.note,
        _("Opmerking voor de klant"): order.remark,
        _("Datum"): order.planned_on and date_format(order.planned_on, "j F Y"),
        _("Begintijd"): time,
        _("Duur"): order.planned_minutes and _("%(count)s minuten") % {"count": order.planned_minutes},
        _("Werkplek"): order.bay,
        _("Werknemers"): people,
        _("Beloofd om"): order.promised_at and date_format(localtime(order.promised_at), "j F Y H:i"),
        _("Sleutelnummer"): order.key_number,
        _("Plaats op het terrein"): order.place,
    }
    found = {what: (str(value or ""), False) for what, value in found.items()}
    found[_("Materiaalkosten")] = (euro(order.material_cost), True)
    for line in order.lines.all():
        off = euro(line.discount_amount) if line.discount_amount else line.discount and f"{number_format(line.discount.normalize())}%"
        discount = f" − {off} ({line.discount_reason})" if off else ""
        found[_("Prijs van %(line)s") % {"line": line.description}] = (euro(line.unit_price) + discount, True)
        found[line.description] = (_("%(count)s keer") % {"count": number_format(line.quantity.normalize())}, False)
    return found


def record_changes(order, before, *, by):
    """Write on the timeline how the order differs from `before` (of `described`)."""
    after, changes = described(order), []
    for what in before | after:
        (old, is_about_price), new = before.get(what) or ("", after[what][1]), after.get(what, ("",))[0]
        if old != new:
            text = f"{what}: {old or '–'} → {new or '–'}"
            changes.append(OrderChange(order=order, version=order.version, text=text[:400], is_about_price=is_about_price, by=by))
    OrderChange.objects.bulk_create(changes)


def _add_lines(order, services, packages, adjusted, prices=None):
    whole = {package.pk for package in packages}
    if prices is None:
        prices = prices_for(order.customer, services, packages=packages, include_vat=order.prices_include_vat)
    WorkOrderLine.objects.bulk_create(
        WorkOrderLine(
            order=order,
            service=service,
            in_package=service.group_id in whole,
            description=f"{service.group.name}: {service.name}",
            vat_rate=service.vat_rate,
            minutes=service.minutes,
            **{"unit_price": prices[service.pk].amount, "price_reason": prices[service.pk].reason}
            | _adjusted(adjusted.get(service.pk, {})),
        )
        for service in services
    )


def _replace_free_lines(order, free_lines):
    """The lines without a handling are written anew; one with the same words and price keeps why it has that price."""
    own = order.lines.filter(service=None)
    reasons = {(line.description, line.unit_price): {"price_reason": line.price_reason} for line in own}
    own.delete()
    WorkOrderLine.objects.bulk_create(
        WorkOrderLine(order=order, **(reasons.get((line["description"], line["unit_price"]), {}) | line)) for line in free_lines
    )
