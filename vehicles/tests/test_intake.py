import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from cleanconnect.tenancy import context
from tests.factories import CustomerFactory, VehicleFactory, VehicleTypeFactory
from vehicles.intake import find_or_create
from vehicles.models import Vehicle, VehicleHolder

VIN, OTHER_VIN = "WVWZZZ1JZXW000001", "WVWZZZ1JZXW000002"


@pytest.fixture
def bring_in(company):
    """Brings a vehicle in; what matters to the test is named by the test."""
    given = {"country": "NL", "plate": "", "vin": "", "make": "", "model": "", "type": None}
    dealer = CustomerFactory(name="Dealer")
    return lambda **fields: find_or_create(**given | {"customer": dealer} | fields)


def errors_of(raised):
    return raised.value.message_dict.keys()


def test_a_new_vehicle_is_made_and_held_by_its_customer(bring_in):
    camper, customer = VehicleTypeFactory(name="Camper"), CustomerFactory()

    vehicle = bring_in(plate="gb123k", make=" Fiat ", model="Ducato", type=camper, customer=customer)

    vehicle.refresh_from_db()
    assert (vehicle.plate, vehicle.plate_shown, vehicle.country, vehicle.vin) == ("GB123K", "GB-123-K", "NL", "")
    assert (vehicle.make, vehicle.model, vehicle.type) == ("Fiat", "Ducato", camper)
    assert list(vehicle.customers.all()) == [customer]


def test_a_known_plate_gives_the_vehicle_we_know_and_keeps_what_was_left_empty(bring_in):
    known = VehicleFactory(plate="GB123K", make="Volvo", model="V60")

    vehicle = bring_in(plate="GB-123-K", model="V90")

    assert vehicle == known
    vehicle.refresh_from_db()
    assert (vehicle.make, vehicle.model, vehicle.type) == ("Volvo", "V90", known.type)


def test_a_known_vin_gives_the_vehicle_we_know_with_its_new_plate(bring_in):
    known = VehicleFactory(plate="MAB1234", plate_shown="M-AB 1234", country="DE", vin=VIN)

    vehicle = bring_in(plate="GB-123-K", vin=VIN.lower())

    assert vehicle == known
    assert (vehicle.plate, vehicle.plate_shown, vehicle.country) == ("GB123K", "GB-123-K", "NL")


def test_a_vin_alone_leaves_the_known_plate(bring_in):
    VehicleFactory(plate="GB123K", vin=VIN)

    assert bring_in(vin=VIN).plate == "GB123K"


def test_the_vin_is_added_to_a_vehicle_known_by_its_plate(bring_in):
    known = VehicleFactory(plate="GB123K")

    assert bring_in(plate="GB123K", vin=VIN) == known
    known.refresh_from_db()
    assert known.vin == VIN


def test_two_vehicles_without_a_plate_stay_two(bring_in):
    VehicleFactory(plate="", plate_shown="", vin=VIN)

    bring_in(vin=OTHER_VIN, type=VehicleTypeFactory())

    assert Vehicle.objects.count() == 2


def test_the_same_plate_of_another_country_is_another_vehicle(bring_in):
    dutch = VehicleFactory(plate="1ABC23")

    assert bring_in(plate="1-ABC-23", country="BE", type=VehicleTypeFactory()) != dutch


def test_a_sold_vehicle_has_more_than_one_holder(bring_in):
    first, second = CustomerFactory(), CustomerFactory()

    for customer in (first, second, second):
        vehicle = bring_in(plate="GB-123-K", type=VehicleTypeFactory(), customer=customer)

    assert set(vehicle.customers.all()) == {first, second}
    assert VehicleHolder.objects.count() == 2


def test_a_plate_and_a_vin_of_two_vehicles_are_refused(bring_in):
    VehicleFactory(plate="GB123K")
    VehicleFactory(plate="GB124K", vin=VIN)

    with pytest.raises(ValidationError, match="twee verschillende voertuigen") as raised:
        bring_in(plate="GB-123-K", vin=VIN)

    assert errors_of(raised) == {"vin"}


def test_another_vin_than_we_know_for_the_plate_is_refused(bring_in):
    known = VehicleFactory(plate="GB123K", vin=VIN)

    with pytest.raises(ValidationError, match=VIN) as raised:
        bring_in(plate="GB-123-K", vin=OTHER_VIN)

    assert errors_of(raised) == {"vin"}
    known.refresh_from_db()
    assert known.vin == VIN


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, {"plate"}),
        ({"plate": "22-22-22"}, {"plate"}),
        ({"plate": "22-22-22", "vin": "kort"}, {"plate", "vin"}),
        ({"plate": "GB-123-K", "country": "🇩🇪"}, {"country"}),
        ({"plate": "GB-123-K"}, {"type"}),
        ({"plate": "GB-123-K", "make": "x" * 41, "model": "x" * 61}, {"make", "model"}),
    ],
)
def test_each_mistake_is_told_at_its_own_field(bring_in, fields, wrong):
    given = {"type": None if wrong == {"type"} else VehicleTypeFactory()}

    with pytest.raises(ValidationError) as raised:
        bring_in(**given | fields)

    assert errors_of(raised) == wrong
    assert Vehicle.objects.count() == 0


def test_the_neighbours_vehicle_is_not_there(bring_in, neighbour):
    theirs = neighbour.rows[Vehicle]

    vehicle = bring_in(plate=theirs.plate, type=VehicleTypeFactory())

    assert vehicle.pk != theirs.pk


@pytest.mark.django_db(transaction=True)
def test_one_vehicle_comes_of_two_orders_at_the_same_moment():
    from accounts.models import Company

    company = Company.objects.found(name="Glans")
    with context.company(company.pk):
        given = {"plate": "GB-123-K", "country": "NL", "vin": VIN, "make": "", "model": ""}
        given |= {"type": VehicleTypeFactory(), "customer": CustomerFactory()}
    start, made = threading.Barrier(4), []

    def come_in():
        start.wait()
        try:
            with context.company(company.pk):
                made.append(find_or_create(**given).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=come_in) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 4
    assert len(set(made)) == 1
