"""The start set becomes ordinary rows, which the owner changes or removes like any other."""

from dataclasses import dataclass

from django.db import transaction

from customers.models import CustomerType
from notifications.models import Language, MailText
from notifications.wording import ours
from quality.models import ChecklistGroup, ChecklistItem
from quality.taking_over import take_over
from services.models import Service, ServiceGroup
from vehicles.models import TypeRule, VehicleType

from . import catalogue


@dataclass
class Loaded:
    """How many rows were made, or would be."""

    vehicle_types: int = 0
    groups: int = 0
    services: int = 0
    checks: int = 0
    customer_types: int = 0
    mail_texts: int = 0

    def __bool__(self):
        return any(vars(self).values())


def count(*, vehicles, customers, work):
    """What an empty company would get for these answers, a `Loaded`."""
    made = Loaded(vehicle_types=len(vehicles), customer_types=sum(len(catalogue.CUSTOMERS[key][1]) for key in customers))
    made.mail_texts = len(catalogue.MAILS) if customers else 0
    checks = set(catalogue.GENERAL_CHECKS) if work else set()
    for group in catalogue.groups_of(work):
        for vehicle in vehicles:
            if handlings := catalogue.handlings_for(group, vehicle):
                made.groups += 1
                made.services += len(handlings)
                checks |= {(group.name, handling.name) for handling in handlings}
    made.checks = len(checks)
    return made


@transaction.atomic
def load(*, vehicles, customers, work):
    """Add what is missing of the start set for these answers (keys of the catalogue); what has the same name already stays as it is."""
    made = Loaded()
    names = [name for key in customers for name in catalogue.CUSTOMERS[key][1]]
    known = _by_name(CustomerType.objects.active())
    kinds = [(name, name in catalogue.PRIVATE) for name in names]
    new = [
        CustomerType(name=name, is_private=private, prices_include_vat=private or None)
        for name, private in kinds
        if name.casefold() not in known
    ]
    made.customer_types = len(CustomerType.objects.bulk_create(new))
    made.mail_texts = _load_mail_texts()

    known = _by_name(VehicleType.objects.active())
    wanted = [(key, catalogue.VEHICLES[key].name) for key in vehicles]
    new = [VehicleType(name=name) for _key, name in wanted if name.casefold() not in known]
    made.vehicle_types = len(VehicleType.objects.bulk_create(new))
    known |= _by_name(new)
    types = {key: known[name.casefold()] for key, name in wanted}
    _load_rules(types)

    groups = catalogue.groups_of(work)
    made.groups, made.services = _load_services(types, groups)
    if groups:
        taken = take_over({group.name.casefold() for group in groups})
        made.checks = taken.items + _load_general_checks()
    return made


def _load_rules(types):
    """How the RDW's records become these vehicle types; a type that has rules keeps its own."""
    own = set(TypeRule.objects.filter(vehicle_type__in=types.values()).values_list("vehicle_type_id", flat=True))
    TypeRule.objects.bulk_create(
        TypeRule(position=position, vehicle_type=types[key], **fields)
        for position, (key, fields) in enumerate(catalogue.RULES, start=1)
        if key in types and types[key].pk not in own
    )


def _load_mail_texts():
    """Our own texts of the mails to customers, as rows to be changed; returns how many were made."""
    known = set(MailText.objects.filter(language=Language.DUTCH).values_list("event", flat=True))
    new = []
    for event in set(catalogue.MAILS) - known:
        subject, body = ours(event, Language.DUTCH)
        new.append(MailText(event=event, language=Language.DUTCH, subject=subject, body=body))
    return len(MailText.objects.bulk_create(new))


def _by_name(rows):
    return {row.name.casefold(): row for row in rows}


def _load_services(types, wanted):
    """Groups and handlings of every vehicle type; returns how many of each were made."""
    of_types = ServiceGroup.objects.active().filter(vehicle_type__in=types.values())
    groups = {(group.vehicle_type_id, group.name.casefold()): group for group in of_types}
    new_groups = []
    for key, vehicle_type in types.items():
        for position, group in enumerate(wanted, start=1):
            if catalogue.handlings_for(group, key) and (vehicle_type.pk, group.name.casefold()) not in groups:
                new_groups.append(_group(group, key, vehicle_type, position))
    ServiceGroup.objects.bulk_create(new_groups)
    groups |= {(group.vehicle_type_id, group.name.casefold()): group for group in new_groups}

    present = Service.objects.active().filter(group__in=groups.values()).select_related("group")
    taken = {(service.group_id, service.name.casefold()) for service in present}
    roots = {(service.group.name.casefold(), service.name.casefold()): service.original or service for service in present}
    originals, copies = [], []
    for key, vehicle_type in types.items():
        for group in wanted:
            for position, handling in enumerate(catalogue.handlings_for(group, key), start=1):
                row = groups[vehicle_type.pk, group.name.casefold()]
                if (row.pk, handling.name.casefold()) in taken:
                    continue
                service = _service(handling, key, row, position)
                root = roots.setdefault((group.name.casefold(), handling.name.casefold()), service)
                (originals if root is service else copies).append((service, root))
    Service.objects.bulk_create(service for service, _root in originals)
    for service, root in copies:
        service.original = root
    Service.objects.bulk_create(service for service, _root in copies)
    return len(new_groups), len(originals) + len(copies)


def _group(group, key, vehicle_type, position):
    is_package = group.package_price is not None
    return ServiceGroup(
        vehicle_type=vehicle_type,
        name=group.name,
        position=position,
        ledger_code=group.ledger_code,
        is_package=is_package,
        package_price=catalogue.price_of(group.package_price, key) if is_package else None,
    )


def _service(handling, key, group, position):
    return Service(
        group=group,
        name=handling.name,
        price=catalogue.price_of(handling.price, key),
        is_from_price=True,
        minutes=catalogue.minutes_of(handling.minutes, key),
        position=position,
    )


def _load_general_checks():
    name = catalogue.GENERAL_GROUP
    group = _by_name(ChecklistGroup.objects.active()).get(name.casefold()) or ChecklistGroup.objects.create(name=name)
    known = _by_name(ChecklistItem.objects.active().filter(group=group))
    new = [
        ChecklistItem(group=group, name=check, description=description)
        for check, description in catalogue.GENERAL_CHECKS
        if check.casefold() not in known
    ]
    return len(ChecklistItem.objects.bulk_create(new))
