"""The start set becomes ordinary rows, adds only what is missing and never doubles."""

from itertools import combinations

import pytest

from customers.models import CustomerType
from quality.models import ChecklistItem, ChecklistSource
from services.models import Service, ServiceGroup
from start import catalogue
from start.loading import count, load
from tests.factories import ServiceFactory, ServiceGroupFactory, VehicleTypeFactory
from vehicles.models import VehicleType

EVERYTHING = {"vehicles": list(catalogue.VEHICLES), "customers": list(catalogue.CUSTOMERS), "work": list(catalogue.WORK)}
COMMON = {"vehicles": ["standaard", "xl"], "customers": ["zakelijk", "particulier"], "work": ["interieur", "exterieur"]}


def test_everything_is_made_valid_priced_and_timed(company):
    load(**EVERYTHING)

    assert VehicleType.objects.count() == len(catalogue.VEHICLES)
    for row in [*Service.objects.all(), *ServiceGroup.objects.all(), *ChecklistItem.objects.all(), *CustomerType.objects.all()]:
        row.full_clean(exclude=["company", "description"], validate_unique=False, validate_constraints=False)
    assert not Service.objects.filter(price__lte=0).exists()
    assert not Service.objects.filter(minutes=None).exists()


@pytest.mark.parametrize("work", [list(pair) for pair in combinations(catalogue.WORK, 2)])
def test_what_was_foretold_is_what_is_made(company, work):
    answers = {"vehicles": ["standaard", "motor", "vrachtwagen"], "customers": ["particulier"], "work": work}

    assert load(**answers) == count(**answers)


def test_a_second_time_adds_nothing(company):
    load(**EVERYTHING)

    assert not load(**EVERYTHING)


def test_more_answers_add_only_what_is_new(company):
    load(**COMMON)
    before = set(Service.objects.values_list("pk", flat=True))

    made = load(**COMMON | {"vehicles": ["standaard", "xl", "camper"]})

    assert made.vehicle_types == 1
    assert made.checks == 0
    added = Service.objects.exclude(pk__in=before)
    assert {service.group.vehicle_type.name for service in added} == {"Camper"}
    assert {service.original.group.vehicle_type.name for service in added} == {"Auto standaard"}


def test_rows_of_the_company_with_the_same_name_stay_as_they_are(company):
    group = ServiceGroupFactory(name="INTERIEUR", vehicle_type=VehicleTypeFactory(name="auto standaard"))
    own = ServiceFactory(name="stofzuigen", group=group, price=99)

    load(**COMMON)

    own.refresh_from_db()
    assert own.price == 99
    assert Service.objects.filter(name__iexact="stofzuigen").count() == 2
    assert VehicleType.objects.filter(name__iexact="auto standaard").count() == 1


def test_a_bigger_vehicle_costs_more_and_takes_longer(company):
    load(**COMMON | {"vehicles": ["klein", "standaard", "xl", "camper"]})

    washing = Service.objects.filter(name="Handwas en drogen")
    assert list(washing.order_by("price").values_list("price", "minutes")) == [(21, 25), (25, 30), (31, 40), (62, 75)]


def test_every_handling_is_on_the_checklist_once_and_tied_to_all_its_vehicle_types(company):
    load(**COMMON)

    item = ChecklistItem.objects.get(name="Stofzuigen")
    assert item.sources.count() == 2
    assert ChecklistSource.objects.count() == Service.objects.count()
    assert ChecklistItem.objects.filter(sources=None).count() == len(catalogue.GENERAL_CHECKS)


def test_interior_and_exterior_together_give_a_package_with_its_price(company):
    load(**COMMON)

    assert list(ServiceGroup.objects.filter(is_package=True).order_by("package_price").values_list("name", "package_price")) == [
        ("Standaard pakket", 79),
        ("Standaard pakket", 99),
    ]


def test_a_motorcycle_has_no_interior(company):
    load(**COMMON | {"vehicles": ["motor"]})

    assert not ServiceGroup.objects.filter(name="Interieur").exists()


def test_the_neighbours_rows_are_neither_seen_nor_touched(company, neighbour):
    load(**EVERYTHING)

    assert not Service.objects.filter(pk=neighbour.row("Service").pk).exists()
