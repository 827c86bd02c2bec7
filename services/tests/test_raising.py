"""Prijzen verhogen: "+3% per 1 januari"."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from customers.models import CustomerEvent
from services.models import ListPrice, PriceAgreement
from services.pricing import list_prices, package_prices, prices_for
from tests.factories import CustomerFactory, ServiceFactory, ServiceGroupFactory, WorkOrderLineFactory

BEFORE, ON = date(2027, 12, 31), date(2028, 1, 1)
ANSWERS = {"percentage": "3", "on": "2028-01-01", "rounding": "0.05"}


@pytest.fixture
def dealer(company):
    return CustomerFactory(name="Dealer De Vries")


@pytest.fixture
def washing(company):
    return ServiceFactory(name="Wassen", price=Decimal("25.00"), group=ServiceGroupFactory(name="Exterieur"))


def amount(customer, service, on):
    return prices_for(customer, [service], on)[service.pk].amount


def test_nothing_changes_before_it_is_confirmed(owner, washing):
    response = owner.post(reverse("services:raise"), ANSWERS)

    assertContains(response, "1 prijs verandert")
    assertContains(response, "€\xa025,75")
    assert not ListPrice.objects.exists()


def test_all_list_prices_rise_from_the_day_on(owner, washing):
    owner.post(reverse("services:raise"), ANSWERS | {"bevestigd": "ja"})

    assert list_prices([washing], BEFORE)[washing.pk] == Decimal("25.00")
    assert list_prices([washing], ON)[washing.pk] == Decimal("25.75")


def test_packages_rise_too(owner, washing):
    group = washing.group
    group.is_package, group.package_price = True, Decimal("100.00")
    group.save()

    owner.post(reverse("services:raise"), ANSWERS | {"bevestigd": "ja"})

    assert (package_prices([group], BEFORE)[group.pk], package_prices([group], ON)[group.pk]) == (Decimal("100.00"), Decimal("103.00"))


@pytest.mark.parametrize(("also", "price"), [("", "20.00"), ("on", "20.60")])
def test_agreed_prices_of_customers_rise_when_asked(owner, dealer, washing, also, price):
    PriceAgreement.objects.create(customer=dealer, service=washing, value=20, starts_on=date(2026, 3, 1))

    owner.post(reverse("services:raise"), ANSWERS | {"also_agreed": also, "bevestigd": "ja"})

    assert amount(dealer, washing, BEFORE) == Decimal("20.00")
    assert amount(dealer, washing, ON) == Decimal(price)


def test_one_customers_fixed_prices_rise_and_nobody_elses(owner, dealer, washing):
    other = CustomerFactory()
    for customer in (dealer, other):
        PriceAgreement.objects.create(customer=customer, service=washing, value=20, starts_on=date(2026, 3, 1))

    owner.post(reverse("services:raise-customer", args=[dealer.pk]), ANSWERS | {"bevestigd": "ja"})

    assert (amount(dealer, washing, ON), amount(other, washing, ON)) == (Decimal("20.60"), Decimal("20.00"))
    assert list_prices([washing], ON)[washing.pk] == Decimal("25.00")
    assert CustomerEvent.objects.get(customer=dealer).text == "prijzen +3% per 1 januari 2028"


@pytest.mark.parametrize(("also", "price"), [("", "25.00"), ("on", "25.75")])
def test_what_a_customer_pays_the_list_price_for_rises_when_asked(owner, dealer, washing, also, price):
    owner.post(reverse("services:raise-customer", args=[dealer.pk]), ANSWERS | {"also_list": also, "bevestigd": "ja"})

    assert amount(dealer, washing, ON) == Decimal(price)


def test_a_percentage_follows_the_list_price_by_itself(owner, dealer, washing):
    PriceAgreement.objects.create(customer=dealer, group=washing.group, kind="percentage", value=-10, starts_on=date(2026, 3, 1))

    owner.post(reverse("services:raise"), ANSWERS | {"also_agreed": "on", "bevestigd": "ja"})

    assert amount(dealer, washing, ON) == Decimal("23.18")


def test_an_agreement_that_ends_later_still_ends_then(owner, dealer, washing):
    PriceAgreement.objects.create(customer=dealer, service=washing, value=20, starts_on=date(2026, 3, 1), ends_on=date(2028, 6, 30))
    PriceAgreement.objects.create(customer=dealer, service=washing, value=22, starts_on=date(2028, 7, 1))

    owner.post(reverse("services:raise-customer", args=[dealer.pk]), ANSWERS | {"bevestigd": "ja"})

    found = [amount(dealer, washing, day) for day in (BEFORE, ON, date(2028, 6, 30), date(2028, 7, 1))]
    assert found == [Decimal("20.00"), Decimal("20.60"), Decimal("20.60"), Decimal("22.00")]


def test_no_line_of_an_order_changes(owner, dealer, washing):
    line = WorkOrderLineFactory(service=washing, unit_price=Decimal("25.00"), order__customer=dealer)

    owner.post(reverse("services:raise"), ANSWERS | {"also_agreed": "on", "bevestigd": "ja"})

    line.refresh_from_db()
    assert line.unit_price == Decimal("25.00")


def test_a_second_time_on_the_same_day_is_warned_about(owner, washing):
    owner.post(reverse("services:raise"), ANSWERS | {"bevestigd": "ja"})

    assertContains(owner.post(reverse("services:raise"), ANSWERS), "misschien al gedaan")


@pytest.mark.parametrize(
    ("field", "value"),
    [("percentage", ""), ("percentage", "101"), ("percentage", "veel"), ("on", "2020-01-01"), ("on", "9999-01-01"), ("on", "x")],
)
def test_a_mistake_is_told_and_nothing_raised(owner, washing, field, value):
    assert owner.post(reverse("services:raise"), ANSWERS | {"bevestigd": "ja", field: value}).status_code == 422
    assert not ListPrice.objects.exists()


@pytest.mark.parametrize("role", ["employee", "customer"])
def test_only_the_owner_may(request, role, dealer, washing):
    client = request.getfixturevalue(role)

    assert client.post(reverse("services:raise"), ANSWERS | {"bevestigd": "ja"}).status_code == 403
    assert client.post(reverse("services:raise-customer", args=[dealer.pk]), ANSWERS).status_code == 403
    assert not ListPrice.objects.exists()


def test_the_neighbours_prices_stay(owner, washing, neighbour):
    from cleanconnect.tenancy import context

    assert owner.post(reverse("services:raise-customer", args=[neighbour.row("Customer").pk]), ANSWERS).status_code == 404
    owner.post(reverse("services:raise"), ANSWERS | {"also_agreed": "on", "bevestigd": "ja"})

    with context.company(neighbour.company.pk):
        assert ListPrice.objects.count() == 1
        assert PriceAgreement.objects.count() == 1


@pytest.mark.parametrize("count", [1, 4])
def test_raising_takes_as_many_queries_for_any_number_of_prices(owner, dealer, washing, count, django_assert_num_queries):
    for _ in range(count):
        PriceAgreement.objects.create(customer=dealer, service=ServiceFactory(group=washing.group), value=20, starts_on=date(2026, 3, 1))

    with django_assert_num_queries(26):
        owner.post(reverse("services:raise"), ANSWERS | {"also_agreed": "on", "bevestigd": "ja"})
