"""Rows of a file become handlings with prices; the key is vehicle type, group and handling. Missing types and groups are made."""

from accounts.models import Company
from cleanconnect.tenancy.context import current_company_id
from services.models import Service, ServiceGroup
from services.pricing import list_prices, set_list_prices
from vehicles.models import VehicleType

from .planning import CHANGED, NEW, UNCHANGED, Planner, by_name, check, insert, insert_new, named, update, updated


class ServicePlanner(Planner):
    def prepare(self, rows):
        self.types = by_name(VehicleType.objects.active())
        self.groups = {}  # of a type, by name
        for group in ServiceGroup.objects.active().filter(vehicle_type__archived_at=None).select_related("vehicle_type"):
            self.groups.setdefault(group.vehicle_type.name.casefold(), {})[group.name.casefold()] = group
        services = list(Service.objects.active().filter(group__archived_at=None).select_related("group__vehicle_type", "original"))
        self.services = {
            (service.group.vehicle_type.name.casefold(), service.group.name.casefold(), service.name.casefold()): service
            for service in services
        }
        self.roots = {key[1:]: service.original or service for key, service in self.services.items()}
        self.prices, self.price_changes = list_prices(services), {}
        self.prices_include_vat = Company.objects.get(pk=current_company_id()).prices_include_vat

    def take(self, row):
        values = self._with_price(dict(row.values))
        type_name, group_name = values.pop("type"), values.pop("group")
        key = (type_name.casefold(), group_name.casefold(), values["name"].casefold())
        self.once(key, row, "name")
        service = self.services.get(key)
        outcome = self._change(service, values) if service else self._make(key, type_name, group_name, values)
        self.saw(key, row)
        return outcome

    def _with_price(self, values):
        """Excluding or including VAT, as it stands in the file; a file that tells both is read as the company mostly asks."""
        net, gross = values.pop("price", None), values.pop("price_with_vat", None)
        if gross is not None and (net is None or self.prices_include_vat):
            return values | {"price": gross, "price_includes_vat": True}
        return values | ({} if net is None else {"price": net, "price_includes_vat": False})

    def _change(self, service, values):
        """A price goes the way of every price, so that dated ones stay; the rest is written here."""
        price = values.pop("price", None)
        values["name"] = service.name  # as it is written here; only case could differ
        made, is_changed = updated(service, values)
        check(made, exclude={"group", "original"})
        if is_changed:
            self.changed.append(made)
        if price is not None and price != self.prices[service.pk]:
            self.price_changes[made] = price
            return CHANGED
        return CHANGED if is_changed else UNCHANGED

    def _make(self, key, type_name, group_name, values):
        service = Service(**values)
        check(service, exclude={"group", "original"})
        vehicle_type = named(VehicleType, type_name, self.types)
        group = named(ServiceGroup, group_name, self.groups.setdefault(key[0], {}), vehicle_type=vehicle_type)
        service.group = group
        root = self.roots.setdefault(key[1:], service)
        if root is not service:
            service.original = root
        self.services[key] = service
        self.new.append(service)
        return NEW

    def write(self, progress):
        insert_new(VehicleType, (service.group.vehicle_type for service in self.new))
        insert_new(ServiceGroup, (service.group for service in self.new))
        insert(Service, [service for service in self.new if service.original is None], progress)
        insert(Service, [service for service in self.new if service.original is not None])
        update(Service, self.changed, {"is_from_price", "vat_rate", "minutes", "is_active", "price_includes_vat"})
        set_list_prices(self.price_changes)
