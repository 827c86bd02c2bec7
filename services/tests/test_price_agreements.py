from decimal import Decimal

import pytest
from django.urls import reverse

from customers.models import Customer
from services.models import PriceAgreement, Service
from services.pricing import prices_for
from tests.factories import CustomerFactory, PriceAgreementFactory, ServiceFactory, ServiceGroupFactory, VehicleTypeFactory


@pytest.fixture
def dealer(company):
    return CustomerFactory(name="Dealer De Vries")


@pytest.fixture
def washing(company):
    return ServiceFactory(name="Wassen", price=Decimal("25.00"), group=ServiceGroupFactory(name="Exterieur"))


def address_for(customer, service=None):
    query = f"?soort={service.group.vehicle_type_id}" if service else ""
    return reverse("services:price-agreements", args=[customer.pk]) + query


def agreed(customer):
    return dict(PriceAgreement.objects.filter(customer=customer).values_list("service__name", "value"))


def test_the_page_asks_for_the_vehicle_type_and_leads_back_to_the_customer(owner, dealer, washing):
    page = owner.get(address_for(dealer)).content.decode()

    assert washing.group.vehicle_type.name in page
    assert "Wassen" not in page
    assert reverse("customer-file", args=[dealer.pk]) in page


def test_the_page_shows_list_price_own_price_and_what_holds(owner, dealer, washing):
    PriceAgreementFactory(customer=dealer, service=washing, value=Decimal("20.00"))
    ServiceFactory(name="Poetsen", price=None, group=washing.group)

    page = owner.get(address_for(dealer, washing)).content.decode()

    assert "Exterieur" in page
    assert "€\xa025,00" in page
    assert 'value="20,00"' in page
    assert "€\xa024,20" in page
    assert "Poetsen" in page


def test_own_prices_are_set_changed_and_taken_back_all_at_once(owner, dealer, washing):
    polishing, vacuuming, waxing = (ServiceFactory(name=name, group=washing.group) for name in ("Poetsen", "Zuigen", "Waxen"))
    PriceAgreementFactory(customer=dealer, service=polishing, value=Decimal("100.00"))
    PriceAgreementFactory(customer=dealer, service=vacuuming, value=Decimal("10.00"))

    typed = {f"prijs_{washing.pk}": "20,00", f"prijs_{polishing.pk}": "1.095,5", f"prijs_{vacuuming.pk}": "", f"prijs_{waxing.pk}": ""}
    response = owner.post(address_for(dealer, washing), typed)

    assert response.url == address_for(dealer, washing)
    assert agreed(dealer) == {"Wassen": Decimal("20.00"), "Poetsen": Decimal("1095.50")}


def test_other_customers_and_other_vehicle_types_keep_their_prices(owner, dealer, washing):
    elsewhere = PriceAgreementFactory(customer=dealer)
    PriceAgreementFactory(service=washing, value=Decimal("15.00"))

    owner.post(address_for(dealer, washing), {f"prijs_{washing.pk}": "20", f"prijs_{elsewhere.service_id}": "1"})

    assert PriceAgreement.objects.get(pk=elsewhere.pk).value == Decimal("20.00")
    assert sorted(PriceAgreement.objects.filter(service=washing).values_list("value", flat=True)) == [Decimal("15.00"), Decimal("20.00")]


@pytest.mark.parametrize("typed", ["-1", "100.000", "1,234", "gratis 🚗", "<b>", "NaN", "9" * 400])
def test_a_mistake_is_told_at_its_field_and_nothing_is_saved(owner, dealer, washing, typed):
    polishing = ServiceFactory(name="Poetsen", group=washing.group)

    response = owner.post(address_for(dealer, washing), {f"prijs_{washing.pk}": typed, f"prijs_{polishing.pk}": "30"})

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {f"prijs_{washing.pk}"}
    assert response.context["form"][f"prijs_{washing.pk}"].value() == typed
    assert 'value="30"' in response.content.decode()
    assert agreed(dealer) == {}


def test_archived_handlings_and_groups_are_not_shown(owner, dealer, washing):
    ServiceFactory(name="Vroeger", group=washing.group, archived_at="2026-01-01T12:00Z")
    ServiceFactory(name="Ooit", group=ServiceGroupFactory(vehicle_type=washing.group.vehicle_type, archived_at="2026-01-01T12:00Z"))

    page = owner.get(address_for(dealer, washing))

    assert page.context["form"].services == [washing]


def test_a_vehicle_type_without_handlings_leads_to_making_one(owner, dealer):
    kind = VehicleTypeFactory()

    page = owner.get(address_for(dealer) + f"?soort={kind.pk}").content.decode()

    assert f"{reverse('services:create')}?soort={kind.pk}" in page


@pytest.mark.parametrize("count", [1, 4])
def test_showing_and_saving_take_as_many_queries_for_any_number_of_handlings(owner, dealer, washing, count, django_assert_num_queries):
    services = [washing, *(ServiceFactory(group=washing.group) for _ in range(count - 1))]
    gone = [PriceAgreementFactory(customer=dealer, service=ServiceFactory(group=washing.group)).service for _ in range(count)]
    typed = {f"prijs_{service.pk}": "20" for service in services} | {f"prijs_{service.pk}": "" for service in gone}
    owner.get(address_for(dealer, washing))

    with django_assert_num_queries(14):
        owner.get(address_for(dealer, washing))
    with django_assert_num_queries(24):
        owner.post(address_for(dealer, washing), typed)

    assert len(agreed(dealer)) == count


@pytest.mark.parametrize("role", ["employee", "customer"])
def test_only_the_owner_agrees_prices(request, role, dealer, washing):
    client = request.getfixturevalue(role)

    assert client.get(address_for(dealer, washing)).status_code == 403
    assert client.post(address_for(dealer, washing), {f"prijs_{washing.pk}": "1"}).status_code == 403
    assert agreed(dealer) == {}


def test_the_neighbours_customer_is_not_there_and_its_handlings_take_no_price(owner, neighbour, dealer):
    theirs = neighbour.rows[Service]

    assert owner.get(address_for(neighbour.rows[Customer])).status_code == 404
    owner.post(address_for(dealer, theirs), {f"prijs_{theirs.pk}": "1"})
    assert agreed(dealer) == {}


def amounts(customer, services):
    return {pk: price.amount for pk, price in prices_for(customer, services).items()}


def test_the_own_price_holds_where_agreed_and_the_list_price_elsewhere(dealer, washing):
    free = ServiceFactory(price=Decimal("5.00"), group=washing.group)
    unpriced = ServiceFactory(price=None)
    PriceAgreementFactory(customer=dealer, service=washing, value=Decimal("20.00"))
    PriceAgreementFactory(customer=dealer, service=free, value=Decimal("0.00"))
    PriceAgreementFactory(service=washing, value=Decimal("1.00"))
    services = [washing, free, unpriced]

    assert amounts(dealer, services) == {
        washing.pk: Decimal("20.00"),
        free.pk: Decimal("0.00"),
        unpriced.pk: None,
    }
    assert amounts(None, services) == {
        washing.pk: Decimal("25.00"),
        free.pk: Decimal("5.00"),
        unpriced.pk: None,
    }


def test_prices_take_three_queries_for_any_number_of_handlings(dealer, django_assert_num_queries):
    services = [ServiceFactory() for _ in range(3)]

    with django_assert_num_queries(3):
        prices_for(dealer, services)
