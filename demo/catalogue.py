"""Vehicle types, handlings with prices, price agreements and checklists."""

from decimal import ROUND_HALF_UP, Decimal

from quality.models import ChecklistGroup, ChecklistItem
from services.models import PriceAgreement, Service, ServiceGroup
from vehicles.models import TypeRule, VehicleType

from . import data


def vehicle_types():
    """`{name: VehicleType}`."""
    found = {kind.name: kind for kind in VehicleType.objects.bulk_create(VehicleType(name=name) for name in data.VEHICLE_TYPES)}
    TypeRule.objects.bulk_create(
        TypeRule(position=position, vehicle_type=found[name], **fields) for position, (name, fields) in enumerate(data.RULES, start=1)
    )
    return found


def services(types):
    """`{vehicle type's pk: {handling: Service}}`."""
    groups = ServiceGroup.objects.bulk_create(
        ServiceGroup(
            vehicle_type=kind,
            name=name,
            position=position,
            ledger_code="8000",
            is_package=name in data.PACKAGES,
            package_price=data.PACKAGES[name][index] if name in data.PACKAGES else None,
        )
        for index, kind in enumerate(types.values())
        for position, name in enumerate(data.SERVICES, start=1)
    )
    made, originals = [], {}
    for group in groups:
        for position, (name, prices) in enumerate(data.SERVICES[group.name].items(), start=1):
            if price := prices[data.VEHICLE_TYPES.index(group.vehicle_type.name)]:
                price = Decimal(price)
                minutes = max(10, round(price / data.EARNED_A_MINUTE / 5) * 5)
                service = Service(group=group, name=name, price=price, minutes=minutes, position=position, original=originals.get(name))
                service.save()
                originals.setdefault(name, service)
                made.append(service)
    found = {kind.pk: {} for kind in types.values()}
    for service in made:
        found[service.group.vehicle_type_id][service.name] = service
    return found


def price_agreements(customers, services, starts_on):
    """Half euros, so that they look agreed by people."""
    half = Decimal("0.5")
    PriceAgreement.objects.bulk_create(
        PriceAgreement(
            customer=customers[name],
            service=service,
            value=(service.price * part / half).quantize(Decimal(1), ROUND_HALF_UP) * half,
            starts_on=starts_on,
        )
        for name, part in data.DISCOUNTS.items()
        for of_type in services.values()
        for service in of_type.values()
        if service.group.name == "Standaard pakket"
    )


def checklist():
    """`{name: ChecklistItem}`, in the order of the list."""
    groups = ChecklistGroup.objects.bulk_create(ChecklistGroup(name=name) for name in data.CHECKLIST)
    items = ChecklistItem.objects.bulk_create(
        ChecklistItem(group=group, name=name, description=description)
        for group in groups
        for name, description in data.CHECKLIST[group.name]
    )
    return {item.name: item for item in items}
