"""Rows of a file become finished orders to look back at, by plate. They are never invoiced.

The key is the number in the previous system, of which rows with the same number are lines; else vehicle, date and description.
"""

from datetime import date, datetime, time
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from services.models import VatRate
from vehicles.models import VehicleType
from workorders.models import WorkOrder, WorkOrderLine

from .planning import CHANGED, NEW, UNCHANGED, Planner, by_name, check, insert, named, next_numbers
from .vehicles import Garage, identity


class HistoryPlanner(Planner):
    def prepare(self, rows):
        self.garage = Garage(rows)
        self.people = by_name(Membership.objects.who_may("quality.check"))
        self.new_lines = []
        vehicles = [vehicle.pk for vehicle in self.garage.by_plate.values()]
        origins = {row.values["origin"] for row in rows if "origin" in row.values}
        past = WorkOrder.objects.filter(is_history=True).select_related("vehicle").prefetch_related("lines")
        self.by_origin = {order.origin_number: order for order in past.filter(origin_number__in=origins)}
        self.by_day = {}
        for order in past.filter(origin_number="", vehicle__in=vehicles):
            for line in order.lines.all():
                self.by_day[_car(order.vehicle), order.planned_on, line.description.casefold()] = order
        self.lines = {id(order): {_key(line) for line in order.lines.all()} for order in [*self.by_origin.values(), *self.by_day.values()]}

    def take(self, row):
        values = row.values
        if not date(1980, 1, 1) <= values["day"] <= timezone.localdate():
            raise ValidationError({"day": _("De datum ligt in de toekomst of voor 1980.")})
        found = identity(values)
        vehicle, customer = self.garage.find(found), self.garage.customer(values)
        line = self._line(values)
        order = self._known(values, vehicle, line)
        if order is not None:
            return self._add(order, vehicle, line, values)
        if customer is None:
            holders = self.garage.holders_of(vehicle) if vehicle else []
            if len(holders) != 1:
                raise ValidationError({"customer": _("Vul het klantnummer in: van dit kenteken weten we de klant niet zeker.")})
            customer = holders[0]
        order = self._order(values, customer)
        if vehicle is None:
            vehicle = self._vehicle(values, found)
        self.garage.hold(vehicle, customer)
        order.vehicle = vehicle
        line.order = order
        self._remember(order, line, values)
        self.new.append(order)
        self.new_lines.append(line)
        return NEW

    def _known(self, values, vehicle, line):
        if "origin" in values:
            return self.by_origin.get(values["origin"])
        return self.by_day.get((_car(vehicle), values["day"], line.description.casefold())) if vehicle else None

    def _add(self, order, vehicle, line, values):
        """A further line of an order we know, unless it is there."""
        if order.vehicle != vehicle and order.vehicle is not vehicle:
            raise ValidationError({"origin": _("Dit ordernummer hoort bij een ander kenteken: %(plate)s.") % {"plate": order.vehicle}})
        if order.planned_on != values["day"]:
            day = order.planned_on.strftime("%d-%m-%Y")
            raise ValidationError({"origin": _("Dit ordernummer heeft een andere datum: %(day)s.") % {"day": day}})
        if _key(line) in self.lines[id(order)]:
            return UNCHANGED
        if "origin" not in values:
            raise ValidationError({"amount": _("Deze werkzaamheid staat er die dag al, met een ander bedrag.")})
        line.order = order
        self.lines[id(order)].add(_key(line))
        self.new_lines.append(line)
        return CHANGED

    def _vehicle(self, values, found):
        details = dict(found)
        if values.get("type"):
            details["type"] = named(VehicleType, values["type"], self.garage.types)
        return self.garage.make(details)

    def _line(self, values):
        line = WorkOrderLine(
            description=values["description"],
            unit_price=values.get("amount", Decimal(0)),
            vat_rate=values.get("vat_rate", VatRate.HIGH),
            price_reason=_("geïmporteerd"),
        )
        try:
            check(line, exclude={"order", "service"})
        except ValidationError as error:
            messages = dict(error.message_dict)
            if "unit_price" in messages:
                messages["amount"] = messages.pop("unit_price")
            raise ValidationError(messages) from None
        return line

    def _order(self, values, customer):
        who = values.get("who", "")
        done = timezone.make_aware(datetime.combine(values["day"], time(12)))
        order = WorkOrder(
            number=1,  # the real one comes when it is written
            customer=customer,
            status=WorkOrder.Status.COMPLETED,
            planned_on=values["day"],
            is_history=True,
            origin_number=values.get("origin", ""),
            note=_("Uitgevoerd door: %(who)s") % {"who": who} if who and who.casefold() not in self.people else "",
            created_by=self.by,
            completed_by=self.people.get(who.casefold(), self.by),
            created_at=done,
            completed_at=done,
        )
        try:
            check(order, exclude={"customer", "vehicle", "created_by", "completed_by"})
        except ValidationError as error:
            messages = dict(error.message_dict)
            named_here = {"origin_number": "origin", "note": "who"}
            raise ValidationError({named_here.get(name, name): found for name, found in messages.items()}) from None
        return order

    def _remember(self, order, line, values):
        if order.origin_number:
            self.by_origin[order.origin_number] = order
        else:
            self.by_day[_car(order.vehicle), values["day"], line.description.casefold()] = order
        self.lines[id(order)] = {_key(line)}

    def write(self, progress):
        self.garage.write()
        if self.new:
            for order, number in zip(self.new, next_numbers("workorder", len(self.new)), strict=True):
                order.number = number
        insert(WorkOrder, self.new, progress)
        insert(WorkOrderLine, self.new_lines)


def _car(vehicle):
    return vehicle.plate, vehicle.country


def _key(line):
    return line.description.casefold(), line.unit_price
