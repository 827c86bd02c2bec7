"""Plate first: one field knows the car, its customer and what was done the last time."""

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories import CustomerFactory, ServiceFactory, VehicleFactory, WorkOrderFactory, WorkOrderLineFactory
from vehicles.models import Vehicle, VehicleHolder
from workorders.models import WorkOrder

VIN = "WVWZZZ1JZXW000001"


@pytest.fixture
def before(owner):
    """An order on a car we know, with two handlings."""
    order = WorkOrderFactory(
        customer__name="Dealer De Vries", vehicle__plate="GB001B", vehicle__plate_shown="GB-001-B", vehicle__vin=VIN, vehicle__make="Volvo"
    )
    for name in ("Wassen", "Zuigen"):
        service = ServiceFactory(name=name, group__vehicle_type=order.vehicle.type)
        WorkOrderLineFactory(order=order, service=service, description=name)
    return order


def ask(owner, plate, **typed):
    return owner.post(reverse("workorders:create-choices"), {"plate": plate, "country": "NL", "opzoeken": "1"} | typed)


@pytest.mark.parametrize("typed", ["GB-001-B", "gb001b", " gb 001 b ", VIN, VIN.lower()])
def test_a_known_car_brings_everything(owner, before, typed):
    response = ask(owner, typed)

    form = response.context["form"]
    assert [form[name].value() for name in ("plate", "vin", "make")] == ["GB-001-B", VIN, "Volvo"]
    assert form["vehicle_type"].value() == str(before.vehicle.type_id)
    assert form["customer"].value() == str(before.customer_id)
    assert form["customer_type"].value() == str(before.customer.type_id)
    assertContains(response, "Zelfde als vorige keer")
    assertContains(response, "Wassen, Zuigen")
    assert not form.ticked


def test_a_known_foreign_car_is_found_whatever_country_stands_there(owner):
    VehicleFactory(plate="1KTR882", plate_shown="1-KTR-882", country="B")

    form = ask(owner, "1-ktr-882").context["form"]

    assert (form["plate"].value(), form["country"].value()) == ("1-KTR-882", "B")


def test_two_countries_with_one_plate_need_the_country(owner):
    for country in ("B", "D"):
        VehicleFactory(plate="AB123", plate_shown="AB123", country=country)

    assert ask(owner, "AB 123", country="D").context["found"].vehicle.country == "D"
    assert ask(owner, "AB 123", country="F").context["found"].vehicle is None


def test_the_same_as_the_last_time_is_one_click(owner, before):
    typed = {"vehicle_type": before.vehicle.type_id, "customer": before.customer_id}

    response = owner.post(reverse("workorders:create-choices"), {"plate": "GB-001-B", "vorige": before.pk} | typed)

    assert response.context["form"].ticked == {str(pk) for pk in before.lines.values_list("service_id", flat=True)}


@pytest.mark.parametrize("vorige", ["", "x", "999999", "9" * 40])
def test_a_last_time_of_nonsense_ticks_nothing(owner, before, vorige):
    response = owner.post(reverse("workorders:create-choices"), {"plate": "GB-001-B", "vorige": vorige})

    assert response.context["form"].ticked == set()


def test_a_handling_that_is_no_longer_offered_is_left_out(owner, before):
    gone = before.lines.first().service
    gone.archived_at = timezone.now()
    gone.save()

    response = owner.post(
        reverse("workorders:create-choices"), {"plate": "GB-001-B", "vorige": before.pk, "vehicle_type": before.vehicle.type_id}
    )

    assert gone not in response.context["form"].offered
    assert response.context["form"].totals().net == before.lines.last().service.price


def test_a_customer_that_was_chosen_stays(owner, before):
    other = CustomerFactory()

    form = ask(owner, "GB-001-B", customer=other.pk, customer_type=other.type_id).context["form"]

    assert form["customer"].value() == str(other.pk)


def test_a_car_with_one_holder_and_no_order_brings_that_customer(owner):
    customer = CustomerFactory()
    vehicle = VehicleFactory(plate="GB001B", plate_shown="GB-001-B")
    VehicleHolder.objects.create(vehicle=vehicle, customer=customer)

    assert ask(owner, "GB001B").context["form"]["customer"].value() == str(customer.pk)


def test_an_archived_customer_is_not_chosen(owner, before):
    before.customer.archived_at = timezone.now()
    before.customer.save()

    assert not ask(owner, "GB-001-B").context["form"]["customer"].value()


def test_a_new_dutch_plate_asks_the_rdw_beside_the_form(owner, before):
    response = ask(owner, "xx-002-x")

    assertContains(response, f"{reverse('vehicles:registered')}?plate=XX-002-X")
    assertNotContains(response, "Zelfde als vorige keer")


@pytest.mark.parametrize(("plate", "country"), [("1-ABC-234", "B"), ("B-MW 123", "D"), ("WVWZZZ1JZXW999999", "NL")])
def test_a_new_foreign_plate_or_vin_goes_on_by_hand(owner, before, plate, country):
    response = ask(owner, plate, country=country)

    assertNotContains(response, reverse("vehicles:registered"))
    assertContains(response, "Dit voertuig is nieuw")


def test_a_plate_that_is_none_is_told_at_once(owner, before):
    assertContains(ask(owner, "??"), 'role="alert"')


def test_nothing_typed_says_nothing(owner, before):
    response = ask(owner, "  ")

    assert response.context["found"] is None


def test_a_vin_in_the_field_of_the_plate_is_saved_as_a_vin(owner, before):
    service = before.lines.first().service
    sent = {
        "customer_type": before.customer.type_id,
        "customer": before.customer_id,
        "vehicle_type": before.vehicle.type_id,
        "plate": "wvwzzz1jzxw777777",
        "country": "NL",
        "services": [service.pk],
        "status": "planned",
    }

    response = owner.post(reverse("workorders:create"), sent)

    assert response.status_code == 302, response.context["form"].errors
    vehicle = WorkOrder.objects.latest("pk").vehicle
    assert (vehicle.vin, vehicle.plate) == ("WVWZZZ1JZXW777777", "")
    assert Vehicle.objects.count() == 2
