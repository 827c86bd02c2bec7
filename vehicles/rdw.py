"""What the open register of the RDW says of a Dutch plate (opendata.rdw.nl, dataset m9d7-ebf2, CC-0), and what we call such a car."""

import re
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from cleanconnect import jobs
from cleanconnect.outside import Unavailable, get_json
from cleanconnect.tenancy.context import current_company_id

from .models import ModelType, RdwRecord, TypeRule

KEPT_FOR = timedelta(days=30)
NO_VALUE = {"Niet geregistreerd", "N.v.t.", "Geen verstrekking in Open Data"}
IN_CAPITALS = 3  # letters: BMW, MG, GLE; longer words are names
NAMES = {"KIA", "UP", "UP!", "FOX", "KA", "KA+", "POLO"}  # short, and yet names


def record_of(plate):
    """The `RdwRecord` of a plate (as stored: six signs), asked for or kept; raises `cleanconnect.outside.Unavailable`."""
    if not re.fullmatch("[A-Z0-9]{6}", plate):
        raise Unavailable("no Dutch plate")
    known = RdwRecord.objects.filter(plate=plate, fetched_at__gt=timezone.now() - KEPT_FOR).first()
    if known:
        return known
    rows = _ask({"kenteken": plate})
    return _keep({plate: rows[0] if rows else None})[plate]


def records_of(plates):
    """`{plate: RdwRecord}` of many plates, as far as they are known or the RDW answers; asked for in one request."""
    plates = {plate for plate in plates if re.fullmatch("[A-Z0-9]{6}", plate)}
    known = RdwRecord.objects.filter(plate__in=plates, fetched_at__gt=timezone.now() - KEPT_FOR)
    found = {record.plate: record for record in known}
    unknown = sorted(plates - set(found))
    if not unknown:
        return found
    try:
        rows = _ask({"$where": "kenteken in({})".format(",".join(f"'{plate}'" for plate in unknown))})
    except Unavailable:
        return found
    by_plate = {row.get("kenteken"): row for row in rows}
    return found | _keep({plate: by_plate.get(plate) for plate in unknown})


def _keep(answers):
    """`{plate: RdwRecord}` of `{plate: what the RDW said of it, or None}`, kept until they are forgotten."""
    from .tasks import forget

    jobs.keep(forget, current_company_id(), after=KEPT_FOR)
    now = {"fetched_at": timezone.now()}
    return {plate: RdwRecord.objects.update_or_create(plate=plate, defaults=_read(row) | now)[0] for plate, row in answers.items()}


def _ask(query):
    if not settings.RDW_URL:
        raise Unavailable("switched off")
    headers = {"X-App-Token": settings.RDW_APP_TOKEN} if settings.RDW_APP_TOKEN else None
    rows = get_json(settings.RDW_URL, query, headers)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Unavailable("not what the RDW promises")
    return rows


def _read(row):
    """The values of an `RdwRecord`; a strange value counts as none."""
    if row is None:
        return {"is_registered": False}
    make = _text(row, "merk", 40)
    return {
        "is_registered": True,
        "kind": _text(row, "voertuigsoort", 40),
        "make": _as_name(make),
        "model": _model(_text(row, "handelsbenaming", 60), make),
        "body": _text(row, "inrichting", 60),
        "colour": _text(row, "eerste_kleur", 30).lower(),
        "length": _number(row, "lengte", 3000),
        "mass": _number(row, "massa_rijklaar", 100_000) or _number(row, "massa_ledig_voertuig", 100_000),
    }


def _text(row, name, longest):
    value = row.get(name)
    return value.strip()[:longest] if isinstance(value, str) and "\x00" not in value and value not in NO_VALUE else ""


def _number(row, name, highest):
    """A positive whole number, or None; "0" is not registered."""
    value = row.get(name)
    number = int(value) if isinstance(value, str) and re.fullmatch(r"\d{1,6}", value) else 0
    return number if 0 < number <= highest else None


def _as_name(text):
    """MERCEDES-BENZ as Mercedes-Benz; short words and those with digits stay as they are."""

    def word(found):
        letters = found[0]
        is_code = any(sign.isdigit() for sign in letters) or (len(letters) <= IN_CAPITALS and letters not in NAMES)
        return letters if is_code else letters.capitalize()

    return re.sub(r"[^\s\-/]+", word, text)


def _model(text, make):
    """The handelsbenaming without the make that it may repeat; a type code such as 3*RFN* is no name."""
    text = re.sub(rf"^{re.escape(make)}\s+", "", text) if make else text
    return "" if "*" in text else _as_name(text)


def proposed_type(record):
    """The vehicle type for what the RDW says: as this make and model were called before, else by the first rule that fits; or None."""
    learned = ModelType.objects.filter(make__iexact=record.make, model__iexact=record.model, vehicle_type__archived_at=None)
    if record.make and record.model and (found := learned.select_related("vehicle_type").first()):
        return found.vehicle_type
    rules = TypeRule.objects.filter(vehicle_type__archived_at=None).select_related("vehicle_type")
    return next((rule.vehicle_type for rule in rules if rule.fits(record)), None)


def learn(vehicle):
    """Remember the vehicle type that someone confirmed for this make and model."""
    if not vehicle.make or not vehicle.model:
        return
    same = ModelType.objects.filter(make__iexact=vehicle.make, model__iexact=vehicle.model)
    if not same.update(vehicle_type=vehicle.type):
        ModelType.objects.bulk_create([ModelType(make=vehicle.make, model=vehicle.model, vehicle_type=vehicle.type)], ignore_conflicts=True)
