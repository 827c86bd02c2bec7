"""A vehicle comes in: the one we know, by its plate or VIN, or a new one."""

import re

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from .models import Vehicle, VehicleHolder
from .plates import clean_plate, clean_vin
from .rdw import learn


def find_or_create(*, plate, country, vin, make, model, type, customer):
    """The vehicle with this plate or VIN, brought up to date with what was typed, and held by this customer.

    Raises a ValidationError by field: `plate`, `country`, `vin`, `make`, `model` or `type`.
    """
    identity = _clean(plate, country or "NL", vin)
    details = {name: value for name, value in {"type": type, "make": make.strip(), "model": model.strip()}.items() if value}
    try:
        vehicle = _save(identity, details)
    except IntegrityError:  # somebody saved this plate or VIN a moment earlier; now it can be found
        vehicle = _save(identity, details)
    VehicleHolder.objects.bulk_create([VehicleHolder(vehicle=vehicle, customer=customer)], ignore_conflicts=True)
    return vehicle


def _clean(plate, country, vin):
    """What identifies the vehicle, in the spelling that is stored; every mistake at its own field."""
    errors, identity = {}, {}
    if not re.fullmatch("[A-Z]{1,3}", country):
        errors["country"] = _("Kies het land van het kenteken.")
    elif plate.strip():
        try:
            identity["plate"], identity["plate_shown"] = clean_plate(plate, country)
            identity["country"] = country
        except ValidationError as error:
            errors["plate"] = error
    if vin.strip():
        try:
            identity["vin"] = clean_vin(vin)
        except ValidationError as error:
            errors["vin"] = error
    if errors:
        raise ValidationError(errors)
    if not identity:
        raise ValidationError({"plate": _("Vul een kenteken of een chassisnummer in.")})
    return identity


@transaction.atomic
def _save(identity, details):
    vehicle = _known(**identity) or Vehicle()
    if vehicle.pk is None and "type" not in details:
        raise ValidationError({"type": _("Kies het soort voertuig.")})
    changed = {name: value for name, value in (identity | details).items() if vehicle.pk is None or _differs(vehicle, name, value)}
    if not changed:
        return vehicle
    for name, value in changed.items():
        setattr(vehicle, name, value)
    vehicle.clean_fields(exclude={"company", "type"})
    vehicle.save()
    if "type" in changed:
        learn(vehicle)
    return vehicle


def _differs(vehicle, name, value):
    """Whether a field has another value than this; of a row that it refers to the id will do."""
    return vehicle.serializable_value(name) != getattr(value, "pk", value)


def _known(*, plate="", country="NL", vin="", plate_shown=""):
    """The vehicle we know by these, locked, or None.

    The VIN is the car: it may come back with another plate, as an imported one does. A plate with another VIN than we
    know is a slip of the pen.
    """
    same_plate, same_vin = Q(plate=plate, country=country) & ~Q(plate=""), Q(vin=vin) & ~Q(vin="")
    found = list(Vehicle.objects.filter(same_plate | same_vin).order_by("pk").select_for_update(no_key=True))
    if len(found) > 1:
        raise ValidationError({"vin": _("Dit kenteken en dit chassisnummer horen bij twee verschillende voertuigen.")})
    vehicle = found[0] if found else None
    if vehicle and vin and vehicle.vin not in {"", vin}:
        raise ValidationError(
            {
                "vin": _("Dit kenteken staat bij ons met een ander chassisnummer: %(vin)s. Laat dit leeg of verbeter het.")
                % {"vin": vehicle.vin}
            }
        )
    return vehicle
