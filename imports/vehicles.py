"""Rows of a file become vehicles and who holds them; the key is the plate or the VIN, by the rules of the vehicles' own intake."""

from django.core.exceptions import ValidationError
from django.db.models import Func, Value
from django.utils.translation import gettext as _

from customers.models import Customer
from vehicles.models import Vehicle, VehicleHolder, VehicleType
from vehicles.plates import clean_plate, clean_vin

from .planning import CHANGED, NEW, UNCHANGED, Planner, by_name, check, insert, insert_new, named, update, updated


def identity(values):
    """Plate, country and VIN of a row as they are stored; raises a ValidationError at its column."""
    found = {}
    for column in ("plate", "vin"):
        if not values.get(column):
            continue
        try:
            if column == "plate":
                found["country"] = values.get("country", "NL")
                found["plate"], found["plate_shown"] = clean_plate(values["plate"], found["country"])
            else:
                found["vin"] = clean_vin(values["vin"])
        except ValidationError as error:
            raise ValidationError({column: f"{values[column][:40]}: {error.messages[0]}"}) from None
    if not found:
        raise ValidationError({"plate": _("Vul een kenteken of een chassisnummer in.")})
    return found


class Garage:
    """The vehicles that rows name, their holders and types: read at once, found and made without a query."""

    def __init__(self, rows):
        plates, vins, numbers = set(), set(), set()
        for row in rows:
            try:
                found = identity(row.values)
            except ValidationError:
                continue
            plates.add(found.get("plate"))
            vins.add(found.get("vin"))
            numbers.add(row.values.get("customer"))
        rows = [*Vehicle.objects.filter(plate__in=plates - {None}).select_related("type")]
        rows += Vehicle.objects.filter(vin__in=vins - {None}).exclude(pk__in=[row.pk for row in rows]).select_related("type")
        self.by_plate = {(row.plate, row.country): row for row in rows if row.plate}
        self.by_vin = {row.vin: row for row in rows if row.vin}
        bare = Func("number", Value("0"), function="LTRIM")
        numbered = Customer.objects.active().annotate(bare=bare).filter(bare__in={number.lstrip("0") for number in numbers - {None}})
        self.customers = {row.number: row for row in numbered}
        self.without_zeros = {row.bare: row.number for row in numbered}
        self.holders = {}
        for holder in VehicleHolder.objects.filter(vehicle__in=rows).select_related("customer"):
            self.holders.setdefault(holder.vehicle_id, {})[holder.customer_id] = holder.customer
        self.types = by_name(VehicleType.objects.active())
        self.written, self.new_holders = {}, []  # vehicles by identity of the object they began as

    def customer(self, values):
        """The customer of a row, or None when it names none."""
        number = values.get("customer")
        if number and number not in self.customers and (meant := self.without_zeros.get(number.lstrip("0"))):
            text = _("Klantnummer %(number)s kennen we niet, %(meant)s wel: Excel laat nullen vooraan weg.")
            raise ValidationError({"customer": text % {"number": number[:40], "meant": meant}})
        if number and number not in self.customers:
            raise ValidationError(
                {"customer": _("Klantnummer %(number)s kennen we niet; importeer eerst de klanten.") % {"number": number[:40]}}
            )
        return self.customers.get(number)

    def find(self, found):
        """The vehicle with this identity or None, by the rules of `vehicles.intake`."""
        same_plate = self.by_plate.get((found.get("plate"), found.get("country")))
        same_vin = self.by_vin.get(found.get("vin"))
        if same_plate and same_vin and same_plate is not same_vin:
            raise ValidationError({"vin": _("Dit kenteken en dit chassisnummer horen bij twee verschillende voertuigen.")})
        vehicle = same_plate or same_vin
        if vehicle and found.get("vin") and vehicle.vin not in {"", found["vin"]}:
            raise ValidationError({"vin": _("Dit kenteken staat bij ons met een ander chassisnummer: %(vin)s.") % {"vin": vehicle.vin}})
        return vehicle

    def change(self, vehicle, values):
        """The vehicle brought up to date in place; returns whether anything changed."""
        made, is_changed = updated(vehicle, values)
        check(made, exclude={"type"})
        if is_changed:
            self.by_plate.pop((vehicle.plate, vehicle.country), None)
            for name, value in values.items():
                setattr(vehicle, name, value)
            self.remember(vehicle)
        return is_changed

    def make(self, values):
        if "type" not in values:
            raise ValidationError({"type": _("Vul het soort voertuig in, of kies er een voor alle rijen.")})
        vehicle = Vehicle(**values)
        check(vehicle, exclude={"type"})
        self.remember(vehicle)
        return vehicle

    def remember(self, vehicle):
        self.written[id(vehicle)] = vehicle
        if vehicle.plate:
            self.by_plate[vehicle.plate, vehicle.country] = vehicle
        if vehicle.vin:
            self.by_vin[vehicle.vin] = vehicle

    def hold(self, vehicle, customer):
        """Let the customer be a holder; returns whether that is new."""
        holders = self.holders.setdefault(vehicle.pk or id(vehicle), {})
        if customer is None or customer.pk in holders:
            return False
        holders[customer.pk] = customer
        self.new_holders.append(VehicleHolder(vehicle=vehicle, customer=customer))
        return True

    def holders_of(self, vehicle):
        return list(self.holders.get(vehicle.pk or id(vehicle), {}).values())

    def write(self, progress=None):
        rows = list(self.written.values())
        insert_new(VehicleType, (vehicle.type for vehicle in rows))
        for vehicle in rows:
            vehicle.type = vehicle.type  # its key, when the type was made just now
        old, new = [row for row in rows if row.pk], [row for row in rows if not row.pk]
        insert(Vehicle, new, progress)
        update(Vehicle, old, {"type", "plate", "plate_shown", "country", "vin", "make", "model"})
        insert(VehicleHolder, self.new_holders)


class VehiclePlanner(Planner):
    def prepare(self, rows):
        self.garage = Garage(rows)

    def take(self, row):
        values = row.values
        found = identity(values)
        customer = self.garage.customer(values)
        details = found | {name: values[name] for name in ("make", "model") if name in values}
        vehicle = self.garage.find(found)
        if values.get("type") and not (vehicle and vehicle.type.name.casefold() == values["type"].casefold()):
            details["type"] = named(VehicleType, values["type"], self.garage.types)
        outcome = UNCHANGED
        if vehicle is None:
            vehicle, outcome = self.garage.make(details), NEW
        elif self.garage.change(vehicle, details):
            outcome = CHANGED
        is_new_holder = self.garage.hold(vehicle, customer)
        return CHANGED if is_new_holder and outcome == UNCHANGED else outcome

    def write(self, progress):
        self.garage.write(progress)
