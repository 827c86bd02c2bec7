"""What the RDW says of a plate, against a server that behaves like it, and misbehaves; and the vehicle type that follows."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from cleanconnect import outside as client
from cleanconnect.jobs import Job
from cleanconnect.outside import Unavailable
from tests.factories import CustomerFactory, VehicleTypeFactory
from tests.outside_server import outside
from vehicles import rdw, tasks
from vehicles.intake import find_or_create
from vehicles.models import ModelType, RdwRecord, TypeRule

SHARED = Path(__file__).parents[3] / "shared" / "fixtures" / "rdw"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the recorded answers of the RDW are not on this machine")

GOLF = {
    "kenteken": "GB001B",
    "voertuigsoort": "Personenauto",
    "merk": "VOLKSWAGEN",
    "handelsbenaming": "VOLKSWAGEN GOLF GTE",
    "inrichting": "hatchback",
    "eerste_kleur": "BLAUW",
    "massa_rijklaar": "1624",
    "lengte": "427",
}
EMPTY = {
    "kenteken": "XX001X",
    "voertuigsoort": "Personenauto",
    "merk": "BMW",
    "handelsbenaming": "3*RFN*",
    "inrichting": "Niet geregistreerd",
    "lengte": "0",
}


def service(query):
    return 200, json.dumps([row for row in (GOLF, EMPTY) if row["kenteken"] == query["kenteken"][0]])


@pytest.fixture
def server(settings):
    with outside(service) as running:
        settings.RDW_URL = running.url
        yield running


@pytest.fixture
def rules(company):
    """`{name: VehicleType}` with the rules of a usual company."""
    types = {name: VehicleTypeFactory(name=name) for name in ("Standaard", "XL", "Bus", "Camper")}
    TypeRule.objects.create(position=1, body="kampeer", vehicle_type=types["Camper"])
    TypeRule.objects.create(position=2, kind="Bedrijfsauto", vehicle_type=types["Bus"])
    TypeRule.objects.create(position=3, kind="Personenauto", min_length=465, vehicle_type=types["XL"])
    TypeRule.objects.create(position=4, kind="Personenauto", min_mass=1900, vehicle_type=types["XL"])
    TypeRule.objects.create(position=5, kind="Personenauto", vehicle_type=types["Standaard"])
    return types


def test_a_record_is_read_and_named_as_people_do(company, server):
    found = rdw.record_of("GB001B")

    assert (found.make, found.model, found.colour, found.body) == ("Volkswagen", "Golf GTE", "blauw", "hatchback")
    assert (found.length, found.mass, found.is_registered) == (427, 1624, True)


def test_what_is_not_registered_is_empty(company, server):
    found = rdw.record_of("XX001X")

    assert (found.make, found.model, found.body, found.length, found.mass) == ("BMW", "", "", None, None)


def test_it_is_asked_once_in_thirty_days_also_when_it_is_not_there(company, server):
    for plate in ("GB001B", "ZZ999Z", "GB001B", "ZZ999Z"):
        rdw.record_of(plate)
    assert len(server.asked) == 2
    assert not RdwRecord.objects.get(plate="ZZ999Z").is_registered

    RdwRecord.objects.update(fetched_at=timezone.now() - timedelta(days=31))
    rdw.record_of("GB001B")

    assert len(server.asked) == 3
    assert RdwRecord.objects.count() == 2


def test_the_token_goes_along(company, settings, monkeypatch):
    sent = []
    monkeypatch.setattr(rdw, "get_json", lambda url, params, headers: sent.append(headers) or [])
    settings.RDW_URL, settings.RDW_APP_TOKEN = "http://rdw.example/", "geheim"

    rdw.record_of("GB001B")

    assert sent == [{"X-App-Token": "geheim"}]


@pytest.mark.parametrize("plate", ["", "GB001", "GB0011B", "GB-01B", "' OR 1", "ÄÖÜ001"])
def test_what_is_no_plate_is_not_asked(company, server, plate):
    with pytest.raises(Unavailable):
        rdw.record_of(plate)
    assert server.asked == []


FAULTS = [
    (202, "{}"),
    (400, '{"errorCode":"query.soql.no-such-column"}'),
    (403, '{"error":true}'),
    (404, "<html>"),
    (429, "{}"),
    (500, "<html>"),
    (200, "<html>Onderhoud</html>", "text/html"),
    (200, '{"error":true}'),
    (200, "[1, 2]"),
    (200, "null"),
    "hang",
    "drip",
    "cut",
]


@pytest.mark.parametrize("answer", FAULTS)
def test_every_fault_is_one_exception_in_time_and_is_not_kept(company, settings, monkeypatch, answer):
    monkeypatch.setattr(client, "TIME_LIMIT", 1)
    with outside(lambda query: answer) as server:
        settings.RDW_URL = server.url
        with pytest.raises(Unavailable):
            rdw.record_of("GB001B")

    assert not RdwRecord.objects.exists()


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"merk": None, "lengte": 427},
        {"merk": "X" * 500, "handelsbenaming": "Y" * 500, "lengte": "999999", "massa_rijklaar": "-1"},
        {"merk": "A\x00B", "inrichting": ["x"], "lengte": "4,27"},
    ],
)
def test_a_strange_record_is_read_as_far_as_it_goes(company, settings, row):
    with outside(lambda query: (200, json.dumps([row]))) as server:
        settings.RDW_URL = server.url
        found = rdw.record_of("GB001B")

    assert found.is_registered
    assert (found.length, found.mass) == (None, None)


@needs_shared
@pytest.mark.parametrize(
    ("plate", "make", "model", "kind"),
    [
        ("0001TJ", "Ford", "Escort Mexico", "Standaard"),
        ("11ZKZ3", "Skoda", "Citigo", "Standaard"),
        ("3TKZ08", "Fiat", "500", "Standaard"),
        ("85XXXA", "Volkswagen", "California", "Camper"),
        ("85XXXB", "Peugeot", "", "Standaard"),
        ("85XXXN", "Nissan", "Murano", "XL"),
        ("VXJ99N", "Opel", "Vivaro", "Bus"),
        ("XD494P", "BMW", "318D", "Standaard"),
    ],
)
def test_recorded_answers_are_understood(company, settings, rules, plate, make, model, kind):
    answer = (SHARED / f"vehicle_{plate}.json").read_text()
    with outside(lambda query: (200, answer)) as server:
        settings.RDW_URL = server.url
        found = rdw.record_of(plate)

    assert (found.make, found.model) == (make, model)
    assert rdw.proposed_type(found).name == kind


@needs_shared
def test_recorded_errors_are_survived(company, settings):
    cases = json.loads((SHARED / "errors.json").read_text())["cases"]
    with outside(lambda query: (case["status"], case["body"], case["content_type"])) as server:
        settings.RDW_URL = server.url
        for case in cases:
            if case["body"] == "[]":
                assert not rdw.record_of("GB001B").is_registered
                RdwRecord.objects.all().delete()
            else:
                with pytest.raises(Unavailable):
                    rdw.record_of("GB001B")


def test_what_someone_chose_for_a_model_goes_before_the_rules(company, server, rules):
    found = rdw.record_of("GB001B")
    assert rdw.proposed_type(found) == rules["Standaard"]

    details = {"country": "NL", "vin": "", "make": "volkswagen", "model": "Golf GTE", "customer": CustomerFactory()}
    find_or_create(plate="GB-002-B", type=rules["XL"], **details)
    assert rdw.proposed_type(found) == rules["XL"]

    find_or_create(plate="GB-003-B", type=rules["Bus"], **details)
    assert rdw.proposed_type(found) == rules["Bus"]
    assert ModelType.objects.count() == 1


def test_without_a_rule_nothing_is_proposed(company, server):
    assert rdw.proposed_type(rdw.record_of("GB001B")) is None


def look_up(owner, plate):
    return owner.get(reverse("vehicles:registered"), {"plate": plate})


def test_the_form_is_told_and_gets_what_to_fill_in(owner, server, rules):
    response = look_up(owner, "gb001b")

    assertContains(response, "Volkswagen Golf GTE, blauw, hatchback, 427 cm, 1624 kg. Voorstel: Standaard.")
    assert json.loads(response.context["fill"]) == {"make": "Volkswagen", "model": "Golf GTE", "vehicle_type": str(rules["Standaard"].pk)}


@pytest.mark.parametrize(
    ("plate", "said"),
    [("ZZ-999-Z", "kent ZZ-999-Z niet"), ("niets", "geen Nederlands kenteken"), ("", "geen Nederlands"), ("\x00", "geen Nederlands")],
)
def test_the_form_goes_on_by_hand(owner, server, plate, said):
    assertContains(look_up(owner, plate), said)


def test_a_silent_rdw_is_a_small_notice(owner):
    assertContains(look_up(owner, "GB-001-B"), "antwoordt nu niet")


def rule(owner, **fields):
    return owner.post(reverse("vehicles:rule-create"), {"position": "10", "kind": "", "body": "", "vehicle_type": ""} | fields)


def test_the_owner_makes_changes_and_removes_a_rule(owner, rules):
    TypeRule.objects.all().delete()
    assert rule(owner, kind="Personenauto", min_length="465", vehicle_type=rules["XL"].pk).status_code == 302
    made = TypeRule.objects.get()
    assertContains(owner.get(reverse("vehicles:rule-overview")), "vanaf 465 cm")

    owner.post(reverse("vehicles:rule-edit", args=[made.pk]), {"position": "5", "body": "MPV", "vehicle_type": rules["Bus"].pk})
    made.refresh_from_db()
    assert (made.position, made.body, made.vehicle_type, made.min_length) == (5, "MPV", rules["Bus"], None)

    owner.post(reverse("vehicles:rule-delete", args=[made.pk]))
    assert not TypeRule.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Dit veld is verplicht"),
        ({"vehicle_type": "XL", "min_length": "500", "max_length": "400"}, "lager dan de ondergrens"),
        ({"vehicle_type": "XL", "min_mass": "-1"}, "minstens 0 is"),
        ({"vehicle_type": "XL", "min_length": "40000"}, "32767"),
        ({"vehicle_type": "XL", "kind": "Raket"}, "geldige keuze"),
    ],
)
def test_a_mistake_in_a_rule_is_told(owner, rules, fields, said):
    TypeRule.objects.all().delete()
    typed = fields | ({"vehicle_type": rules[fields["vehicle_type"]].pk} if "vehicle_type" in fields else {})

    assertContains(rule(owner, **typed), said, status_code=422)
    assert not TypeRule.objects.exists()


def test_old_answers_are_forgotten_by_a_job(company, server):
    rdw.record_of("GB001B")
    rdw.record_of("XX001X")
    RdwRecord.objects.filter(plate="GB001B").update(fetched_at=timezone.now() - timedelta(days=31))

    job = Job.objects.of(tasks.forget, company)
    assert job.get().due_at - timezone.now() > timedelta(days=29)
    job.update(due_at=Now())
    tasks.forget(company.pk, company.pk)

    assert [found.plate for found in RdwRecord.objects.all()] == ["XX001X"]
    assert timedelta(days=29) < job.get().due_at - timezone.now() <= timedelta(days=30)
