"""Prices that include VAT: typed, shown and agreed so, from the list to the order."""

from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from services.models import PriceAgreement
from services.pricing import prices_for
from tests.factories import (
    CustomerFactory,
    CustomerTypeFactory,
    PriceAgreementFactory,
    ServiceFactory,
    ServiceGroupFactory,
    WorkOrderFactory,
)
from workorders.models import WorkOrder, WorkOrderLine


@pytest.fixture
def karel(company):
    return CustomerFactory(name="Karel", type=CustomerTypeFactory(name="Particulier", is_private=True, prices_include_vat=True))


@pytest.fixture
def dealer(company):
    return CustomerFactory(name="Dealer", type=CustomerTypeFactory(name="Dealer"))


@pytest.fixture
def polish(company):
    """€ 100,00 including VAT."""
    return ServiceFactory(name="Polijsten", price=Decimal("100.00"), price_includes_vat=True)


@pytest.fixture
def wash(polish):
    """€ 20,00 excluding VAT."""
    return ServiceFactory(name="Wassen", price=Decimal("20.00"), group=polish.group)


def typed(customer, *services, **more):
    return {
        "customer_type": customer.type_id,
        "customer": customer.pk,
        "vehicle_type": services[0].group.vehicle_type_id,
        "plate": "gb-001-k",
        "country": "NL",
        "status": "planned",
        "services": [service.pk for service in services],
    } | more


def amounts(customer, *services, **how):
    return [prices_for(customer, services, **how)[service.pk].amount for service in services]


# --- which price ----------------------------------------------------------------------------------------------------


def test_each_customer_gets_a_price_with_vat_or_without(karel, dealer, polish, wash):
    assert amounts(karel, polish, wash) == [Decimal("100.00"), Decimal("24.20")]
    assert amounts(dealer, polish, wash) == [Decimal("82.64"), Decimal("20.00")]


def test_the_type_goes_before_the_company(company, karel, dealer, polish):
    company.prices_include_vat = True
    company.save()
    trade = CustomerFactory(type=CustomerTypeFactory(prices_include_vat=False))
    dealer.company.refresh_from_db()

    assert amounts(dealer, polish) == amounts(karel, polish) == amounts(None, polish) == [Decimal("100.00")]
    assert amounts(trade, polish) == [Decimal("82.64")]


def test_who_charges_no_vat_has_one_price(company, karel, dealer, polish, wash):
    company.is_small_business = True
    company.save()

    assert amounts(karel, polish, wash) == amounts(dealer, polish, wash) == [Decimal("100.00"), Decimal("20.00")]


def test_a_business_abroad_gets_it_without(karel, polish):
    karel.country, karel.vat_number, karel.vat_reversed = "BE", "BE0403170701", True

    assert amounts(karel, polish) == [Decimal("82.64")]


def test_an_agreement_means_what_it_meant_when_it_was_made(karel, polish, wash):
    PriceAgreementFactory(customer=karel, service=polish, value=Decimal("90.00"), price_includes_vat=True)
    PriceAgreementFactory(customer=karel, service=wash, kind=PriceAgreement.Kind.AMOUNT, value=Decimal("-4.20"), price_includes_vat=True)
    assert amounts(karel, polish, wash) == [Decimal("90.00"), Decimal("20.00")]

    karel.type.prices_include_vat = False
    karel.type.save()
    assert amounts(karel, polish, wash) == [Decimal("74.38"), Decimal("16.53")]


def test_a_package_is_spread_and_reckoned_over(karel, dealer):
    group = ServiceGroupFactory(is_package=True, package_price=Decimal("79.00"), price_includes_vat=True)
    services = [ServiceFactory(group=group, price=Decimal(price)) for price in (30, 30, 40)]

    assert sum(amounts(karel, *services, packages=[group])) == Decimal("79.00")
    assert sum(amounts(dealer, *services, packages=[group])) == Decimal("65.29")


# --- the order ------------------------------------------------------------------------------------------------------


def test_it_is_taken_in_at_the_price_that_was_shown(owner, karel, polish, wash):
    page = owner.post(reverse("workorders:create-choices"), typed(karel, polish, wash))
    assertContains(page, "prijzen inclusief btw")
    assertContains(page, "€\xa0124,20")
    assertContains(page, "Andere prijs incl. btw")
    assertNotContains(page, "Andere prijs excl. btw")

    owner.post(reverse("workorders:create"), typed(karel, polish, wash, prices_seen="inclusief"))

    order = WorkOrder.objects.get()
    assert order.prices_include_vat
    assert (order.gross, order.net) == (Decimal("124.20"), Decimal("102.64"))
    shown = owner.get(reverse("workorders:detail", args=[order.pk]))
    assertContains(shown, "Totaal incl. btw")
    assertContains(shown, "€\xa0124,20")


def test_a_dealer_still_buys_without(owner, dealer, polish, wash):
    owner.post(reverse("workorders:create"), typed(dealer, polish, wash, prices_seen="exclusief"))

    order = WorkOrder.objects.get()
    assert not order.prices_include_vat
    assert order.net == Decimal("102.64")


OWN_LINE = {
    "regels-TOTAL_FORMS": "1",
    "regels-INITIAL_FORMS": "0",
    "regels-0-description": "Vlek",
    "regels-0-quantity": "1",
    "regels-0-unit_price": "35",
    "regels-0-vat_rate": "21",
}


def test_a_price_that_was_typed_for_another_kind_of_customer_is_not_taken(owner, karel, wash):
    refused = owner.post(reverse("workorders:create"), typed(karel, wash, prices_seen="exclusief", **OWN_LINE))

    assertContains(refused, "Voor deze klant gelden prijzen inclusief btw.", status_code=422)
    assertContains(refused, 'value="35"', status_code=422)
    assert not WorkOrder.objects.exists()

    owner.post(reverse("workorders:create"), typed(karel, wash, prices_seen="inclusief", **OWN_LINE))
    assert WorkOrder.objects.get().gross == Decimal("59.20")


def test_without_a_price_of_ones_own_nothing_is_asked(owner, karel, wash):
    owner.post(reverse("workorders:create"), typed(karel, wash, prices_seen="exclusief"))

    assert WorkOrder.objects.get().gross == Decimal("24.20")


def test_who_chooses_another_kind_of_customer_is_told_to_look_again(owner, karel, dealer, wash):
    chosen = owner.post(reverse("workorders:create-choices"), typed(karel, wash, prices_seen="exclusief", **OWN_LINE))
    assertContains(chosen, "Voor deze klant gelden prijzen inclusief btw. Kijk na wat u typte")

    same = owner.post(reverse("workorders:create-choices"), typed(karel, wash, prices_seen="inclusief", **OWN_LINE))
    nothing_typed = owner.post(reverse("workorders:create-choices"), typed(karel, wash, prices_seen="exclusief"))
    assertNotContains(same, "Kijk na wat u typte")
    assertNotContains(nothing_typed, "Kijk na wat u typte")


def test_the_same_as_before_is_reckoned_over_for_another_kind_of_customer(owner, karel, dealer, wash):
    owner.post(reverse("workorders:create"), typed(karel, wash, prices_seen="inclusief", **OWN_LINE | {"regels-0-unit_price": "121"}))
    before = WorkOrder.objects.get()

    again = owner.post(reverse("workorders:create-choices"), typed(dealer, wash, vorige=before.pk))

    totals = again.context["form"].totals()
    assert (totals.net, totals.gross) == (Decimal("120.00"), Decimal("145.20"))


def test_an_order_keeps_its_prices_when_those_of_its_customer_change(owner, karel, polish):
    owner.post(reverse("workorders:create"), typed(karel, polish))
    order = WorkOrder.objects.get()
    karel.type.prices_include_vat = False
    karel.type.save()

    owner.post(
        reverse("workorders:edit", args=[order.pk]), typed(karel, polish, note="Later", version=order.version, status_shown="planned")
    )

    order.refresh_from_db()
    assert order.note == "Later"
    assert (order.prices_include_vat, order.gross) == (True, Decimal("100.00"))


def test_for_another_customer_the_prices_are_reckoned_over(owner, karel, dealer, polish):
    owner.post(reverse("workorders:create"), typed(karel, polish))
    order = WorkOrder.objects.get()

    owner.post(reverse("workorders:edit", args=[order.pk]), typed(dealer, polish, version=order.version, status_shown="planned"))

    order.refresh_from_db()
    assert not order.prices_include_vat
    assert order.lines.get().unit_price == order.net == Decimal("82.64")


def test_many_at_once_say_what_they_come_to_without_vat(owner, karel, polish):
    form = {"customer": karel.pk, "plates": "GB-001-K, GB-002-K", "work": [f"handeling:{polish.name}"]}

    page = owner.post(reverse("workorders:create-many"), form | {"vehicle_type": polish.group.vehicle_type_id}, follow=True)

    assertContains(page, "€\xa0165,28")


# --- what the database keeps ----------------------------------------------------------------------------------------


def test_the_net_of_an_order_is_worked_back_for_each_rate(company):
    order = WorkOrderFactory(prices_include_vat=True)
    prices = [("10.00", "21"), ("10.00", "21"), ("35.00", "9"), ("5.00", "0"), ("2.00", "E")]
    WorkOrderLine.objects.bulk_create(
        WorkOrderLine(order=order, description="Wassen", unit_price=Decimal(price), vat_rate=rate) for price, rate in prices
    )

    order.refresh_from_db()
    assert order.net == Decimal("16.53") + Decimal("32.11") + Decimal("7.00")
    assert not WorkOrder.objects.not_adding_up().exists()
