"""The price matrix: handlings down, vehicle types across, edited like a sheet."""

from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.core import signing
from django.db import transaction
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from vehicles.models import VehicleType

from .models import Service, ServiceGroup
from .pricing import list_prices, set_list_prices


@dataclass
class Row:
    """A handling, under one name in the groups of one name, with its service for each vehicle type that has it."""

    group_name: str
    name: str
    services: dict  # {vehicle type pk: Service}

    @property
    def root(self):
        """The service that the others are copies of, or that was there first."""
        return min(self.services.values(), key=lambda service: (service.original_id is not None, service.pk))

    @property
    def vat_note(self):
        """For the screen, where prices of this row include VAT."""
        with_vat = [service.price_includes_vat for service in self.services.values()]
        if all(with_vat):
            return _("incl. btw")
        return _("voor sommige soorten incl. btw") if any(with_vat) else ""

    @property
    def key(self):
        return str(min(service.pk for service in self.services.values()))


class Matrix:
    """The handlings of the groups of one name, for every vehicle type. Three queries, whatever the number."""

    def __init__(self, group_name=""):
        self.types = list(VehicleType.objects.active().order_by(Lower("name"), "pk"))
        offered = ServiceGroup.objects.active().filter(vehicle_type__archived_at=None)
        names = {}
        for name in offered.order_by("position", Lower("name")).values_list("name", flat=True):
            names.setdefault(name.casefold(), name)
        self.group_names = list(names.values())
        self.group_name = names.get(group_name.casefold(), self.group_names[0] if names else "")

    @cached_property
    def rows(self):
        found = {}
        services = Service.objects.active().filter(
            group__archived_at=None, group__vehicle_type__archived_at=None, group__name__iexact=self.group_name
        )
        for service in services.select_related("group").in_order():
            row = found.setdefault(service.name.casefold(), Row(service.group.name, service.name, {}))
            row.services[service.group.vehicle_type_id] = service
        return list(found.values())

    @cached_property
    def prices(self):
        """`{service.pk: list price of today}`."""
        return list_prices([service for row in self.rows for service in row.services.values()])


@dataclass(frozen=True)
class Change:
    """One cell that gets another price; `overtaken` is what somebody else made of it meanwhile."""

    row: Row
    vehicle_type: VehicleType
    name: str  # of the form's field
    old: Decimal | None
    new: Decimal | None
    overtaken: bool

    @property
    def service(self):
        return self.row.services.get(self.vehicle_type.pk)

    @property
    def new_as_typed(self):
        return "" if self.new is None else f"{self.new:.2f}".replace(".", ",")


class MatrixForm(forms.Form):
    """A field for each cell, and what the prices were when the page was made (signed), to notice who was first."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, matrix, only_sent=False):
        super().__init__(data)
        self.matrix = matrix
        for row in matrix.rows:
            for kind in matrix.types:
                name = self.name_of(row, kind)
                if not only_sent or name in data:
                    self.fields[name] = self._field(row, kind)
        self.initial["seen"] = signing.dumps({str(pk): str(price) for pk, price in matrix.prices.items()}, compress=True)

    @staticmethod
    def name_of(row, kind):
        return f"prijs_{row.key}_{kind.pk}"

    def _field(self, row, kind):
        service = row.services.get(kind.pk)
        label = _("%(handling)s, %(type)s") % {"handling": row.name, "type": kind.name}
        widget = forms.TextInput(attrs={"class": "form-control cell", "inputmode": "decimal", "autocomplete": "off", "aria-label": label})
        initial = self.matrix.prices[service.pk] if service else None
        return Service._meta.get_field("price").formfield(required=False, min_value=0, initial=initial, label=label, widget=widget)

    def clean_seen(self):
        try:
            return signing.loads(self.cleaned_data["seen"])
        except signing.BadSignature:
            return {}

    def rows(self):
        """`[(row, [field or None, …]), …]` for the screen."""
        return [(row, [self[self.name_of(row, kind)] for kind in self.matrix.types]) for row in self.matrix.rows]

    def refused_cells(self):
        """The fields of the cells that hold no price, told above the table: a cell is too narrow for it."""
        return [field for field in self if field.errors and not field.is_hidden]

    def changes(self):
        """What the typed prices would change: `[Change, …]`."""
        found = []
        for row in self.matrix.rows:
            for kind in self.matrix.types:
                name = self.name_of(row, kind)
                if name not in self.cleaned_data:
                    continue
                service, new = row.services.get(kind.pk), self.cleaned_data[name]
                old = self.matrix.prices[service.pk] if service else None
                seen = self.cleaned_data["seen"].get(str(service.pk), str(old)) if service else "None"
                if new != old and str(new) != seen:
                    found.append(Change(row, kind, name, old, new, overtaken=seen != str(old)))
        return found


@transaction.atomic
def save_changes(changes):
    """Set the prices; a cell without a handling becomes one, in the group of that name of its vehicle type."""
    set_list_prices({change.service: change.new for change in changes if change.service})
    new = [change for change in changes if change.service is None and change.new is not None]
    groups = {}
    for change in new:
        key = (change.vehicle_type.pk, change.row.group_name.casefold())
        if key not in groups:
            groups[key] = _group_like(change.row.root.group, change.vehicle_type)
    Service.objects.bulk_create(
        copy_of(change.row.root, groups[change.vehicle_type.pk, change.row.group_name.casefold()], change.new) for change in new
    )


def _group_like(group, vehicle_type):
    """The group of the same name of another vehicle type; made when it has none."""
    found = ServiceGroup.objects.active().filter(vehicle_type=vehicle_type, name__iexact=group.name).first()
    same = {name: getattr(group, name) for name in ("name", "position", "ledger_code", "vat_code", "is_package", "price_includes_vat")}
    return found or ServiceGroup.objects.create(vehicle_type=vehicle_type, **same)


def copy_of(service, group, price):
    """The same handling in a group of another vehicle type, not saved yet."""
    return Service(
        group=group,
        name=service.name,
        price=price,
        price_includes_vat=service.price_includes_vat,
        is_from_price=service.is_from_price,
        vat_rate=service.vat_rate,
        minutes=service.minutes,
        position=service.position,
        is_active=service.is_active,
        original_id=service.original_id or service.pk,
    )
