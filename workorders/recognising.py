"""Plate first: whose vehicle this is, what was done to it the last time, and what is still to be asked."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q

from vehicles.models import Vehicle
from vehicles.plates import clean_plate, clean_vin, compact, looks_like_vin

from .models import WorkOrder
from .typed import fill_in_lines


@dataclass(frozen=True)
class Recognised:
    """What a plate or VIN led to: a vehicle we know with its last order, or a Dutch plate that the RDW can be asked about, or an error."""

    vehicle: Vehicle | None = None
    last: WorkOrder | None = None
    unknown_plate: str = ""  # as it is shown; Dutch
    error: str = ""


def recognise(text, country):
    """What was typed in the field of the plate, in any spelling; a VIN is recognised by its shape. Nothing typed gives None.

    A car we know is found whatever country was chosen, as long as only one has this plate.
    """
    if not text.strip():
        return None
    signs, shown = compact(text), ""
    same = Q(vin=signs) if looks_like_vin(text) else Q(plate=signs)
    found = list(Vehicle.objects.filter(same).select_related("type")[:5])
    vehicle = next((one for one in found if one.vin == signs or one.country == country), found[0] if len(found) == 1 else None)
    if vehicle is None:
        try:
            if looks_like_vin(text):
                clean_vin(text)
            else:
                _stored, shown = clean_plate(text, country)
        except ValidationError as error:
            return Recognised(error=error.messages[0])
        return Recognised(unknown_plate=shown if country == "NL" else "")
    orders = WorkOrder.objects.active().filter(vehicle=vehicle).select_related("customer__type").prefetch_related("lines")
    return Recognised(vehicle=vehicle, last=orders.order_by("-number").first())


def fill_in(typed, found):
    """Put what we know of the vehicle in what was typed (a mutable QueryDict); a customer that was chosen stays."""
    if found is None or found.vehicle is None:
        return
    vehicle = found.vehicle
    typed["plate"], typed["country"], typed["vin"] = vehicle.plate_shown, vehicle.country, vehicle.vin
    typed["make"], typed["model"] = vehicle.make, vehicle.model
    if vehicle.type.archived_at is None:
        typed["vehicle_type"] = str(vehicle.type_id)
    if not typed.get("customer") and (customer := _customer_of(found)):
        typed["customer"], typed["customer_type"] = str(customer.pk), str(customer.type_id)


def _customer_of(found):
    """Who brought the vehicle the last time, or its only holder; None when that customer is archived."""
    holders = [found.last.customer] if found.last else found.vehicle.customers.active().select_related("type")[:2]
    return holders[0] if len(holders) == 1 and holders[0].archived_at is None else None


def same_as_before(typed, order_pk):
    """Fill in the work of an earlier order, in what was typed, and return that order (None when it is not there).

    What is no longer offered is left out by the form; `typed.left_out` tells what that is.
    """
    order = WorkOrder.objects.filter(pk=order_pk).first() if order_pk.isdecimal() and len(order_pk) < 19 else None
    if order:
        fill_in_lines(typed, order)
    return order
