"""Many cars of one customer at once: what was pasted is read line by line, shown with its price and its mistakes, and then taken in."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cleanconnect.money import Amount, vat_breakdown
from services.models import Service
from services.pricing import prices_for
from vehicles.models import Vehicle
from vehicles.plates import clean_plate, clean_vin, looks_like_vin
from vehicles.rdw import proposed_type, records_of

from .intake import take_in
from .models import WorkOrder

MOST = 100
PACKAGE, HANDLING = "pakket", "handeling"


@dataclass
class Row:
    """One car of the list: what it is, what will be done, what that costs in euro excluding VAT, and what is the matter."""

    shown: str
    identity: dict = field(default_factory=dict)  # plate, country and vin, as `take_in` wants them
    vehicle: Vehicle | None = None
    vehicle_type: object = None
    make: str = ""
    model: str = ""
    services: list = field(default_factory=list)
    packages: list = field(default_factory=list)
    net: Decimal = Decimal(0)
    error: str = ""
    warning: str = ""

    def as_shown(self):
        """What the preview shows of it, and which handlings that comes from."""
        kind, services = self.vehicle_type and self.vehicle_type.pk, [service.pk for service in self.services]
        return [self.shown, self.vehicle and self.vehicle.pk, kind, self.make, self.model, services, self.net, self.error, self.warning]


def split(text):
    """The cars of a pasted list: one a line, or with commas, semicolons or tabs between them."""
    return [part.strip() for part in re.split(r"[\n\r,;\t]+", text) if part.strip()]


def work_choices():
    """`[(value, label), …]`: packages and handlings by name, whatever the vehicle type."""
    services = Service.objects.active().filter(is_active=True, group__archived_at=None).select_related("group").in_order()
    found = {}
    for service in services:
        if service.group.is_package:
            found.setdefault(f"{PACKAGE}:{service.group.name}", _("Pakket %(name)s") % {"name": service.group.name})
        else:
            found.setdefault(f"{HANDLING}:{service.name}", f"{service.group.name}: {service.name}")
    return sorted(found.items(), key=lambda choice: not choice[0].startswith(PACKAGE))


def rows_for(text, *, customer, work, default_type):
    """A `Row` for each car of the list; `work` holds values of `work_choices`, `default_type` is for cars that we do not know."""
    rows = [_identified(part) for part in split(text)[:MOST]]
    _find_vehicles(rows, default_type)
    _find_work(rows, customer, work)
    _warn(rows)
    return rows


def _identified(text):
    try:
        if looks_like_vin(text):
            vin = clean_vin(text)
            return Row(vin, {"plate": "", "country": "NL", "vin": vin})
        _stored, shown = clean_plate(text)
        return Row(shown, {"plate": shown, "country": "NL", "vin": ""})
    except ValidationError as error:
        return Row(text[:30], error=error.messages[0])


def _find_vehicles(rows, default_type):
    plates = {clean_plate(row.identity["plate"])[0] for row in rows if row.identity.get("plate")}
    vins = {row.identity["vin"] for row in rows if row.identity.get("vin")}
    vehicles = Vehicle.objects.select_related("type")
    by_plate = {vehicle.plate: vehicle for vehicle in vehicles.filter(plate__in=plates, country="NL")}
    by_vin = {vehicle.vin: vehicle for vehicle in vehicles.filter(vin__in=vins)}
    for row in rows:
        if row.error:
            continue
        plate = row.identity["plate"]
        row.vehicle = by_plate.get(clean_plate(plate)[0]) if plate else by_vin.get(row.identity["vin"])
        row.vehicle_type = row.vehicle.type if row.vehicle and row.vehicle.type.archived_at is None else default_type
    _ask_the_rdw([row for row in rows if not row.error and row.vehicle is None and row.identity["plate"]])


def _ask_the_rdw(rows):
    """Make, model and type of cars that are new to us; when the RDW does not answer, what was chosen for new cars holds."""
    records = records_of(clean_plate(row.identity["plate"])[0] for row in rows)
    for row in rows:
        record = records.get(clean_plate(row.identity["plate"])[0])
        if record and record.is_registered:
            row.make, row.model = record.make, record.model
            row.vehicle_type = proposed_type(record) or row.vehicle_type


def _find_work(rows, customer, work):
    types = {row.vehicle_type for row in rows if row.vehicle_type}
    wanted = {tuple(value.partition(":")[::2]) for value in work}
    for kind in types:
        of_type = list(Service.objects.for_type(kind))
        packages = list({s.group_id: s.group for s in of_type if s.group.is_package and (PACKAGE, s.group.name) in wanted}.values())
        handlings = _by_name(of_type, without=packages)
        offered = [
            service
            for service in of_type
            if service.group in packages or ((HANDLING, service.name) in wanted and service == handlings.get(service.name))
        ]
        prices = prices_for(customer, offered, packages=packages)
        found = {(PACKAGE, group.name) for group in packages} | {(HANDLING, service.name) for service in offered}
        missing = [name for sort, name in sorted(wanted) if (sort, name) not in found]
        unpriced = [service.name for service in offered if prices[service.pk].amount is None]
        amounts = [Amount(prices[one.pk].amount or Decimal(0), one.vat_rate, prices[one.pk].includes_vat) for one in offered]
        net = sum((base for _rate, base, _vat in vat_breakdown(amounts)), Decimal(0))
        for row in rows:
            if row.vehicle_type != kind:
                continue
            row.services, row.packages, row.net = offered, packages, net
            if missing:
                row.error = _("%(type)s heeft dit niet: %(names)s.") % {"type": kind, "names": ", ".join(missing)}
            elif unpriced:
                row.error = _("Nog geen prijs voor: %(names)s.") % {"names": ", ".join(unpriced)}
    for row in rows:
        if not row.error and row.vehicle_type is None:
            row.error = _("Dit voertuig is nieuw; kies het soort voertuig voor nieuwe kentekens.")


def _by_name(services, *, without):
    """`{name: handling}`; of the same name in more groups the one that is sold by itself, and none of a package that is ordered whole."""
    by_itself = sorted(services, key=lambda service: service.group.is_package)
    return {service.name: service for service in reversed(by_itself) if service.group not in without}


def _warn(rows):
    """What stands in the list twice is taken in once; an open order for the same car is told."""
    vehicles = [row.vehicle for row in rows if row.vehicle]
    open_orders = dict(WorkOrder.objects.open().filter(vehicle__in=vehicles).order_by("-number").values_list("vehicle_id", "number"))
    seen = set()
    for row in rows:
        if not row.error and row.shown in seen:
            row.error = _("Dit staat al eerder in de lijst.")
        seen.add(row.shown)
        if row.vehicle and row.vehicle.pk in open_orders:
            row.warning = _("Er loopt al werkorder %(number)s.") % {"number": open_orders[row.vehicle.pk]}
        elif not row.error and row.vehicle is None:
            row.warning = _("Nieuw voertuig")


class Many:
    """What a filled-in list would make: `rows`, of which the `good` ones become orders."""

    def __init__(self, *, customer, plates, work, vehicle_type=None, planned_on=None, note="", po_number="", cost_centre=""):
        self.customer, self.planned_on, self.note = customer, planned_on, note
        self.po_number, self.cost_centre = po_number, cost_centre
        self.work = [label for value, label in work_choices() if value in work]
        self.rows = rows_for(plates, customer=customer, work=work, default_type=vehicle_type)
        self.good = [row for row in self.rows if not row.error]

    @property
    def total(self):
        """In euro excluding VAT."""
        return sum((row.net for row in self.good), Decimal(0))

    @property
    def can_be_done(self):
        return bool(self.good)

    def shown(self):
        """What the preview shows, for `cleanconnect.previews`."""
        of_all = [self.customer.pk, self.planned_on, self.note, self.po_number, self.cost_centre, self.work]
        return [of_all, [row.as_shown() for row in self.rows]]

    @transaction.atomic
    def take_in(self, *, by):
        """An order for each row without an error, all or none; returns them."""
        return [
            take_in(
                customer=self.customer,
                vehicle=row.identity | {"make": row.make, "model": row.model, "type": row.vehicle_type},
                services=row.services,
                packages=row.packages,
                note=self.note,
                remark="",
                status=WorkOrder.Status.PLANNED,
                planned_on=self.planned_on,
                po_number=self.po_number,
                cost_centre=self.cost_centre,
                by=by,
            )
            for row in self.good
        ]
