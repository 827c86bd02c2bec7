"""*Neem over uit werkzaamheden*: the checklist is made from the handlings, so that nothing is typed twice."""

from dataclasses import dataclass, field

from django.db import transaction

from services.models import Service

from .models import ChecklistGroup, ChecklistItem, ChecklistSource


@dataclass
class Handling:
    """What is called the same in the groups of the same name of several vehicle types: one thing to check."""

    name: str
    services: list = field(default_factory=list)
    item: ChecklistItem | None = None  # that is on the checklist already

    @property
    def key(self):
        """What a form calls it: the pk of its first service."""
        return str(self.services[0].pk)

    @property
    def is_complete(self):
        """Whether its item is there and knows all of these services."""
        return self.item is not None and {service.pk for service in self.services} <= self.item.known


@dataclass
class HandlingGroup:
    """Groups of handlings with one name, of one or more vehicle types."""

    name: str
    handlings: dict = field(default_factory=dict)

    @property
    def key(self):
        return self.name.casefold()

    @property
    def new(self):
        """The handlings that taking over would make an item of, or tie to one."""
        return [handling for handling in self.handlings.values() if not handling.is_complete]

    @property
    def vehicle_types(self):
        return sorted({service.group.vehicle_type.name for handling in self.handlings.values() for service in handling.services})


def handling_groups():
    """`[HandlingGroup, …]`: everything that is offered, with the items that were made of it. Three queries, whatever the number."""
    items = {}
    for item in ChecklistItem.objects.active().select_related("group"):
        items[item.group.name.casefold(), item.name.casefold()] = item
        item.known = set()
    by_pk = {item.pk: item for item in items.values()}
    for item_pk, service_pk in ChecklistSource.objects.filter(item__in=by_pk).values_list("item_id", "service_id"):
        by_pk[item_pk].known.add(service_pk)
    groups = {}
    offered = Service.objects.active().filter(is_active=True, group__archived_at=None, group__vehicle_type__archived_at=None)
    for service in offered.select_related("group__vehicle_type").in_order():
        group = groups.setdefault(service.group.name.casefold(), HandlingGroup(service.group.name))
        key = service.name.casefold()
        handling = group.handlings.setdefault(key, Handling(service.name, item=items.get((group.key, key))))
        handling.services.append(service)
    return list(groups.values())


@dataclass(frozen=True)
class TakenOver:
    """How many groups and items were made, and how many were tied to handlings."""

    groups: int
    items: int
    links: int


@transaction.atomic
def take_over(chosen):
    """Make checklist groups and items of these handling groups (their keys); what is there already only gets the links it misses."""
    taken = [group for group in handling_groups() if group.key in chosen]
    existing = {group.name.casefold(): group for group in ChecklistGroup.objects.active().select_for_update(no_key=True)}
    new_groups = [ChecklistGroup(name=group.name) for group in taken if group.key not in existing]
    ChecklistGroup.objects.bulk_create(new_groups)
    existing |= {group.name.casefold(): group for group in new_groups}
    new_items = []
    for group in taken:
        for handling in group.handlings.values():
            if handling.item is None:
                handling.item = ChecklistItem(group=existing[group.key], name=handling.name)
                handling.item.known = set()
                new_items.append(handling.item)
    ChecklistItem.objects.bulk_create(new_items)
    links = [
        ChecklistSource(item=handling.item, service=service)
        for group in taken
        for handling in group.handlings.values()
        for service in handling.services
        if service.pk not in handling.item.known
    ]
    ChecklistSource.objects.bulk_create(links, ignore_conflicts=True)
    return TakenOver(len(new_groups), len(new_items), len(links))
