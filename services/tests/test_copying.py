"""Taking over a group, or everything, from one vehicle type to another."""

from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from services.copying import adjusted
from services.models import Service, ServiceGroup
from tests.factories import ServiceFactory, ServiceGroupFactory, VehicleTypeFactory

URL = "services:copy"


@pytest.fixture
def car(company):
    return VehicleTypeFactory(name="Auto")


@pytest.fixture
def camper(company):
    return VehicleTypeFactory(name="Camper")


@pytest.fixture
def services(car):
    outside, inside = (ServiceGroupFactory(name=name, vehicle_type=car) for name in ("Exterieur", "Interieur"))
    return [
        ServiceFactory(name="Wassen", group=outside, price=Decimal("25.00"), minutes=30, vat_rate="9"),
        ServiceFactory(name="Stofzuigen", group=inside, price=Decimal("10.00")),
    ]


@pytest.fixture
def answers(car, camper, services):
    return {"source": car.pk, "target": camper.pk, "group_name": "", "percentage": "50", "rounding": "1"}


def of(kind):
    return list(Service.objects.filter(group__vehicle_type=kind).order_by("name").values_list("group__name", "name", "price"))


def copied(owner, answers):
    """Look at what would come, and take it over; returns the answer."""
    return owner.post(owner.post(reverse(URL), answers).url)


def test_what_would_come_is_shown_and_nothing_made(owner, answers, camper):
    response = owner.post(reverse(URL), answers, follow=True)

    assertContains(response, "2 nieuwe handelingen")
    assertContains(response, "€\xa038,00")
    assert of(camper) == []


def test_everything_is_copied_with_its_price_and_knows_its_original(owner, answers, services, camper):
    copied(owner, answers)

    assert of(camper) == [("Interieur", "Stofzuigen", Decimal("15.00")), ("Exterieur", "Wassen", Decimal("38.00"))]
    copy = Service.objects.get(group__vehicle_type=camper, name="Wassen")
    assert (copy.minutes, copy.vat_rate, copy.original) == (30, "9", services[0])


def test_one_group_is_copied_when_one_is_chosen(owner, answers, camper):
    copied(owner, answers | {"group_name": "Interieur"})

    assert of(camper) == [("Interieur", "Stofzuigen", Decimal("15.00"))]


@pytest.mark.parametrize(("overwrite", "price"), [("", "70.00"), ("on", "38.00")])
def test_what_is_there_already_keeps_its_price_unless_asked(owner, answers, camper, overwrite, price):
    ServiceFactory(name="WASSEN", group=ServiceGroupFactory(name="exterieur", vehicle_type=camper), price=Decimal("70.00"))

    copied(owner, answers | {"overwrite": overwrite})

    assert of(camper) == [("Interieur", "Stofzuigen", Decimal("15.00")), ("exterieur", "WASSEN", Decimal(price))] or of(camper) == [
        ("exterieur", "WASSEN", Decimal(price)),
        ("Interieur", "Stofzuigen", Decimal("15.00")),
    ]


def test_a_second_time_makes_nothing(owner, answers, camper):
    for _ in range(2):
        copied(owner, answers)

    assert len(of(camper)) == 2
    assert ServiceGroup.objects.filter(vehicle_type=camper).count() == 2


def test_a_package_takes_its_price_along(owner, answers, services, camper):
    ServiceGroup.objects.filter(pk=services[0].group_id).update(is_package=True, package_price=Decimal("20.00"))

    copied(owner, answers)

    group = ServiceGroup.objects.get(vehicle_type=camper, name="Exterieur")
    assert (group.is_package, group.package_price) == (True, Decimal("30.00"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("source", ""),
        ("target", "999999"),
        ("group_name", "Bestaat niet"),
        ("percentage", "-101"),
        ("percentage", "veel"),
        ("rounding", "3"),
    ],
)
def test_a_mistake_is_told_and_nothing_copied(owner, answers, camper, name, value):
    response = owner.post(reverse(URL), answers | {name: value})

    assert response.status_code == 422
    assert of(camper) == []


def test_a_type_is_not_copied_onto_itself(owner, answers, car):
    assertContains(owner.post(reverse(URL), answers | {"target": car.pk}), "Kies een ander soort voertuig", status_code=422)


@pytest.mark.parametrize("role", ["employee", "customer"])
def test_only_the_owner_may(request, role, answers, camper):
    assert request.getfixturevalue(role).post(reverse(URL), answers | {}).status_code == 403
    assert of(camper) == []


def test_a_neighbours_type_cannot_be_copied_from(owner, answers, neighbour, camper):
    assert owner.post(reverse(URL), answers | {"source": neighbour.row("VehicleType").pk}).status_code == 422


@pytest.mark.parametrize(
    ("price", "percentage", "rounding", "result"),
    [
        ("10.00", "3", "0.01", "10.30"),
        ("10.10", "3", "0.05", "10.40"),
        ("10.10", "3", "0.50", "10.50"),
        ("10.50", "0", "1", "11"),
        ("10", "-100", "1", "0"),
    ],
)
def test_prices_are_rounded_half_up_to_the_step(price, percentage, rounding, result):
    assert adjusted(Decimal(price), Decimal(percentage), rounding) == Decimal(result)
    assert adjusted(None, Decimal(percentage), rounding) is None


def test_what_is_confirmed_is_what_was_shown(owner, answers):
    preview = owner.post(reverse(URL), answers).url
    before = Service.objects.count()

    owner.post(preview, {"percentage": "900"})
    owner.post(preview)

    assert Service.objects.count() > before
    assert max(price for price in Service.objects.values_list("price", flat=True) if price) < 1000
