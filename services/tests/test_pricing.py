"""Which price applies on a date, and why."""

from datetime import date
from decimal import Decimal

import pytest

from services.models import ListPrice, PriceAgreement
from services.pricing import prices_for
from tests.factories import CustomerFactory, ServiceFactory, ServiceGroupFactory

DAY = date(2026, 11, 23)


@pytest.fixture
def dealer(company):
    return CustomerFactory(name="Dealer De Vries")


@pytest.fixture
def washing(company):
    return ServiceFactory(name="Wassen", price=Decimal("25.00"), group=ServiceGroupFactory(name="Exterieur"))


def agree(dealer, **fields):
    return PriceAgreement.objects.create(customer=dealer, starts_on=fields.pop("starts_on", date(2026, 3, 1)), **fields)


def price(dealer, service, on=DAY, packages=()):
    found = prices_for(dealer, [service], on, packages)[service.pk]
    return found.amount, found.reason


def test_without_an_agreement_it_is_the_list_price(dealer, washing):
    assert price(dealer, washing) == (Decimal("25.00"), "lijstprijs")
    assert price(None, washing) == (Decimal("25.00"), "lijstprijs")


@pytest.mark.parametrize(
    ("fields", "amount", "reason"),
    [
        ({"kind": "price", "value": "20"}, "20.00", "afspraak vanaf 1 maart 2026: vaste prijs"),
        ({"kind": "percentage", "value": "-10"}, "22.50", "afspraak vanaf 1 maart 2026: −10%"),
        ({"kind": "percentage", "value": "2.5"}, "25.63", "afspraak vanaf 1 maart 2026: +2,5%"),
        ({"kind": "amount", "value": "-5"}, "20.00", "afspraak vanaf 1 maart 2026: −€\xa05,00"),
        ({"kind": "amount", "value": "-50"}, "0.00", "afspraak vanaf 1 maart 2026: −€\xa050,00"),
    ],
)
def test_an_agreement_on_the_handling_says_what_and_since_when(dealer, washing, fields, amount, reason):
    agree(dealer, service=washing, **fields | {"value": Decimal(fields["value"])})

    assert price(dealer, washing) == (Decimal(amount), reason)


def test_an_agreement_on_the_group_holds_for_its_handlings(dealer, washing):
    agree(dealer, group=washing.group, kind="percentage", value=Decimal(-10))

    assert price(dealer, washing) == (Decimal("22.50"), "afspraak vanaf 1 maart 2026: −10% op groep Exterieur")


def test_the_handlings_own_agreement_goes_before_that_of_its_group(dealer, washing):
    agree(dealer, group=washing.group, kind="percentage", value=Decimal(-10))
    agree(dealer, service=washing, kind="price", value=Decimal("24"))

    assert price(dealer, washing)[0] == Decimal("24.00")


@pytest.mark.parametrize(
    ("on", "amount"), [(date(2026, 2, 28), "25"), (date(2026, 3, 1), "20"), (date(2026, 6, 30), "20"), (date(2026, 7, 1), "25")]
)
def test_it_holds_from_its_first_day_to_its_last(dealer, washing, on, amount):
    agree(dealer, service=washing, kind="price", value=Decimal(20), ends_on=date(2026, 6, 30))

    assert price(dealer, washing, on)[0] == Decimal(amount)


def test_a_dated_list_price_holds_from_its_day_and_a_percentage_follows_it(dealer, washing):
    ListPrice.objects.create(service=washing, price=Decimal(30), starts_on=date(2027, 1, 1))
    agree(dealer, service=washing, kind="percentage", value=Decimal(-10))

    assert price(dealer, washing, date(2026, 12, 31))[0] == Decimal("22.50")
    assert price(dealer, washing, date(2027, 1, 1))[0] == Decimal("27.00")


def test_an_unpriced_handling_stays_unpriced_under_a_percentage(dealer, washing):
    unpriced = ServiceFactory(price=None, group=washing.group)
    agree(dealer, group=washing.group, kind="percentage", value=Decimal(-10))

    assert price(dealer, unpriced)[0] is None


def test_a_packages_price_is_spread_over_its_handlings_to_the_cent(dealer, washing):
    group = washing.group
    group.is_package, group.package_price = True, Decimal("40.00")
    group.save()
    others = [ServiceFactory(price=Decimal("12.50"), group=group), ServiceFactory(price=Decimal("12.49"), group=group)]

    found = prices_for(dealer, [washing, *others], DAY, [group])

    assert sum(each.amount for each in found.values()) == Decimal("40.00")
    assert found[washing.pk].amount == Decimal("20.00")
    assert found[washing.pk].reason == "pakketprijs Exterieur: €\xa040,00"


def test_a_group_percentage_works_on_the_packages_price(dealer, washing):
    group = washing.group
    group.is_package, group.package_price = True, Decimal("20.00")
    group.save()
    agree(dealer, group=group, kind="percentage", value=Decimal(-10))

    assert price(dealer, washing, packages=[group])[0] == Decimal("18.00")


def test_another_customers_agreement_is_of_no_account(dealer, washing):
    agree(CustomerFactory(), service=washing, kind="price", value=Decimal(1))

    assert price(dealer, washing)[0] == Decimal("25.00")
