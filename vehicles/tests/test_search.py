import pytest
from django.urls import reverse

from tests.factories import VehicleFactory, VehicleTypeFactory, WorkOrderFactory
from vehicles.models import Vehicle

SEARCH = "vehicles:search"


def found(client, **query):
    return list(client.get(reverse(SEARCH), query).context["object_list"])


@pytest.fixture
def golf(company):
    return VehicleFactory(plate="GB123K", plate_shown="GB-123-K", vin="WVWZZZ1JZXW000001", make="Volkswagen", model="Golf Variant")


@pytest.mark.parametrize(
    "text",
    ["GB-123-K", "gb123k", " g b 1 2 3 k ", "123", "zxw000001", "XW000001", "wvw zzz 1jz", "volks", "golf volkswagen", "VARIANT"],
)
def test_a_vehicle_is_found_by_any_part_of_plate_vin_make_or_model(owner, golf, text):
    VehicleFactory(plate="XX999X", make="Fiat", model="Ducato")

    assert found(owner, zoek=text) == [golf]


@pytest.mark.parametrize("text", ["QQ", "golf fiat", "🚗", "%", "_", "<b>", "' OR 1=1", "..."])
def test_what_is_not_there_is_not_found(owner, golf, text):
    page = owner.get(reverse(SEARCH), {"zoek": text})

    assert list(page.context["object_list"]) == []
    assert "Geen voertuig gevonden" in page.content.decode()


@pytest.mark.parametrize("text", ["", "   ", "x" * 101, "\x00"])
def test_no_usable_text_shows_all(owner, golf, text):
    assert found(owner, zoek=text) == [golf]


def test_a_vehicle_leads_to_its_page(owner, golf):
    assert reverse("vehicle-page", args=[golf.pk]) in owner.get(reverse(SEARCH)).content.decode()


def test_a_foreign_plate_shows_its_country_and_a_vehicle_without_plate_its_vin(owner, golf):
    VehicleFactory(plate="MAB1234", plate_shown="M-AB 1234", country="DE")
    VehicleFactory(plate="", plate_shown="", vin="WVWZZZ1JZXW000002")

    page = owner.get(reverse(SEARCH)).content.decode()

    assert 'M-AB 1234</span></a> <span class="fw-normal">DE' in page
    assert "WVWZZZ1JZXW000002" in page


def test_a_customer_finds_its_own_vehicles_only(customer, golf):
    own = WorkOrderFactory(customer=customer.membership.customer, vehicle__make="Volkswagen").vehicle

    assert found(customer) == [own]
    assert found(customer, zoek="volkswagen") == [own]
    assert found(customer, zoek="GB-123-K") == []


def test_an_employee_finds_all_vehicles_of_the_company_and_none_of_the_neighbours(employee, golf, neighbour):
    theirs = neighbour.rows[Vehicle]

    assert found(employee) == [golf]
    assert found(employee, zoek=theirs.plate) == []


def test_columns_sort(owner):
    first, second = VehicleTypeFactory(name="auto"), VehicleTypeFactory(name="Camper")
    volvo = VehicleFactory(plate="AA001A", make="Volvo", type=first)
    audi = VehicleFactory(plate="BB001B", make="audi", type=second)

    assert found(owner, sorteren="kenteken") == [volvo, audi]
    assert found(owner, sorteren="merk") == [audi, volvo]
    assert found(owner, sorteren="-soort") == [audi, volvo]


def test_nothing_brought_in_yet_says_when_it_will(owner):
    assert "Nog geen voertuigen" in owner.get(reverse(SEARCH)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_as_many_queries_for_any_number_of_vehicles(owner, count, django_assert_num_queries):
    for _ in range(count):
        VehicleFactory()
    owner.get(reverse(SEARCH))

    with django_assert_num_queries(8):
        owner.get(reverse(SEARCH))
