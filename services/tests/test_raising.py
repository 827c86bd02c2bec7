"""Prijzen verhogen: "+3% per 1 januari"."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from cleanconnect.models import Preview
from customers.models import CustomerEvent
from services.models import ListPrice, PriceAgreement, PriceRise
from services.pricing import list_prices, package_prices, prices_for
from tests.factories import CustomerFactory, MembershipFactory, ServiceFactory, ServiceGroupFactory, WorkOrderLineFactory
from tests.forms_of_pages import forms_on

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


def raised(owner, answers=ANSWERS, customer=None):
    """Look at what changes, and confirm it; returns the answer."""
    address = reverse("services:raise-customer", args=[customer.pk]) if customer else reverse("services:raise")
    preview = owner.post(address, answers)
    return owner.post(preview.url)


def test_nothing_changes_before_it_is_confirmed(owner, washing):
    response = owner.post(reverse("services:raise"), ANSWERS, follow=True)

    assertContains(response, "1 prijs verandert")
    assertContains(response, "€\xa025,75")
    assert not ListPrice.objects.exists()


def test_all_list_prices_rise_from_the_day_on(owner, washing):
    raised(owner)

    assert list_prices([washing], BEFORE)[washing.pk] == Decimal("25.00")
    assert list_prices([washing], ON)[washing.pk] == Decimal("25.75")


def test_packages_rise_too(owner, washing):
    group = washing.group
    group.is_package, group.package_price = True, Decimal("100.00")
    group.save()

    raised(owner)

    assert (package_prices([group], BEFORE)[group.pk], package_prices([group], ON)[group.pk]) == (Decimal("100.00"), Decimal("103.00"))


@pytest.mark.parametrize(("also", "price"), [("", "20.00"), ("on", "20.60")])
def test_agreed_prices_of_customers_rise_when_asked(owner, dealer, washing, also, price):
    PriceAgreement.objects.create(customer=dealer, service=washing, value=20, starts_on=date(2026, 3, 1))

    raised(owner, ANSWERS | {"also_agreed": also})

    assert amount(dealer, washing, BEFORE) == Decimal("20.00")
    assert amount(dealer, washing, ON) == Decimal(price)


def test_one_customers_fixed_prices_rise_and_nobody_elses(owner, dealer, washing):
    other = CustomerFactory()
    for customer in (dealer, other):
        PriceAgreement.objects.create(customer=customer, service=washing, value=20, starts_on=date(2026, 3, 1))

    raised(owner, customer=dealer)

    assert (amount(dealer, washing, ON), amount(other, washing, ON)) == (Decimal("20.60"), Decimal("20.00"))
    assert list_prices([washing], ON)[washing.pk] == Decimal("25.00")
    assert CustomerEvent.objects.get(customer=dealer).text == "prijzen +3% per 1 januari 2028"


@pytest.mark.parametrize(("also", "price"), [("", "25.00"), ("on", "25.75")])
def test_what_a_customer_pays_the_list_price_for_rises_when_asked(owner, dealer, washing, also, price):
    raised(owner, ANSWERS | {"also_list": also}, dealer)

    assert amount(dealer, washing, ON) == Decimal(price)


def test_a_percentage_follows_the_list_price_by_itself(owner, dealer, washing):
    PriceAgreement.objects.create(customer=dealer, group=washing.group, kind="percentage", value=-10, starts_on=date(2026, 3, 1))

    raised(owner, ANSWERS | {"also_agreed": "on"})

    assert amount(dealer, washing, ON) == Decimal("23.18")


def test_an_agreement_that_ends_later_still_ends_then(owner, dealer, washing):
    PriceAgreement.objects.create(customer=dealer, service=washing, value=20, starts_on=date(2026, 3, 1), ends_on=date(2028, 6, 30))
    PriceAgreement.objects.create(customer=dealer, service=washing, value=22, starts_on=date(2028, 7, 1))

    raised(owner, customer=dealer)

    found = [amount(dealer, washing, day) for day in (BEFORE, ON, date(2028, 6, 30), date(2028, 7, 1))]
    assert found == [Decimal("20.00"), Decimal("20.60"), Decimal("20.60"), Decimal("22.00")]


def test_no_line_of_an_order_changes(owner, dealer, washing):
    line = WorkOrderLineFactory(service=washing, unit_price=Decimal("25.00"), order__customer=dealer)

    raised(owner, ANSWERS | {"also_agreed": "on"})

    line.refresh_from_db()
    assert line.unit_price == Decimal("25.00")


def test_a_second_time_on_the_same_day_is_warned_about(owner, washing):
    raised(owner)

    assertContains(owner.post(reverse("services:raise"), ANSWERS, follow=True), "misschien al gedaan")


@pytest.mark.parametrize(
    ("field", "value"),
    [("percentage", ""), ("percentage", "101"), ("percentage", "veel"), ("on", "2020-01-01"), ("on", "9999-01-01"), ("on", "x")],
)
def test_a_mistake_is_told_and_nothing_raised(owner, washing, field, value):
    assert owner.post(reverse("services:raise"), ANSWERS | {field: value}).status_code == 422
    assert not ListPrice.objects.exists()


@pytest.mark.parametrize("role", ["employee", "customer"])
def test_only_the_owner_may(request, role, dealer, washing):
    client = request.getfixturevalue(role)

    assert client.post(reverse("services:raise"), ANSWERS).status_code == 403
    assert client.post(reverse("services:raise-customer", args=[dealer.pk]), ANSWERS).status_code == 403
    assert not ListPrice.objects.exists()


def test_the_neighbours_prices_stay(owner, washing, neighbour):
    from cleanconnect.tenancy import context

    assert owner.post(reverse("services:raise-customer", args=[neighbour.row("Customer").pk]), ANSWERS).status_code == 404
    raised(owner, ANSWERS | {"also_agreed": "on"})

    with context.company(neighbour.company.pk):
        assert ListPrice.objects.count() == 1
        assert PriceAgreement.objects.count() == 1


@pytest.mark.parametrize("count", [1, 4])
def test_raising_takes_as_many_queries_for_any_number_of_prices(owner, dealer, washing, count, django_assert_num_queries):
    for _ in range(count):
        PriceAgreement.objects.create(customer=dealer, service=ServiceFactory(group=washing.group), value=20, starts_on=date(2026, 3, 1))

    with django_assert_num_queries(42):
        raised(owner, ANSWERS | {"also_agreed": "on"})


# --- what is confirmed is what was seen --------------------------------------------------------------------------------


def test_a_percentage_changed_after_the_preview_needs_another_preview(owner, washing):
    preview = owner.post(reverse("services:raise"), ANSWERS).url

    owner.post(preview, ANSWERS | {"percentage": "30"})

    assert list_prices([washing], ON)[washing.pk] == Decimal("25.75")
    assert owner.post(reverse("services:raise"), ANSWERS | {"percentage": "30"}).url != preview


def test_the_page_that_confirms_has_nothing_to_fill_in(owner, washing):
    page = owner.get(owner.post(reverse("services:raise"), ANSWERS).url)

    (form,) = [form for form in forms_on(page, "/voorbeeld/") if form.action == "/voorbeeld/"]
    assert {name for name, _value in form.fields} == {"csrfmiddlewaretoken", "formulier"}


def test_a_price_that_changed_meanwhile_is_shown_again_first(owner, washing):
    preview = owner.post(reverse("services:raise"), ANSWERS).url
    washing.price = Decimal("30.00")
    washing.save()

    response = owner.post(preview, follow=True)

    assertContains(response, "intussen iets veranderd")
    assertContains(response, "€\xa030,90")
    assert not ListPrice.objects.exists()
    owner.post(response.redirect_chain[-1][0])
    assert list_prices([washing], ON)[washing.pk] == Decimal("30.90")


def test_a_preview_is_used_once(owner, washing):
    preview = owner.post(reverse("services:raise"), ANSWERS).url
    owner.post(preview)

    response = owner.post(preview, follow=True)

    assertContains(response, "niet nog eens gedaan")
    assert PriceRise.objects.count() == 1


def test_a_preview_of_yesterday_and_of_a_colleague_is_not_there(owner, washing, company):
    preview = owner.post(reverse("services:raise"), ANSWERS).url
    colleague = Client()
    colleague.force_login(MembershipFactory(role="owner").user)
    assert colleague.post(preview).status_code == 404
    Preview.objects.update(shown_at=timezone.now() - timedelta(hours=25))

    assert owner.post(preview).status_code == 404
    assert not ListPrice.objects.exists()


def test_what_was_typed_comes_back_to_be_changed(owner, washing):
    preview = owner.post(reverse("services:raise"), ANSWERS | {"percentage": "2,5"}).url
    back = f"{reverse('services:raise')}?voorbeeld={Preview.objects.get().pk}"
    assertContains(owner.get(preview), back)

    assertContains(owner.get(back), 'value="2,5"')


def test_the_preview_can_be_checked(owner, dealer, washing):
    van = ServiceGroupFactory(name="Exterieur", vehicle_type__name="Bestelbus")
    ServiceFactory(name="Wassen", price=Decimal("400.00"), group=van)

    page = owner.post(reverse("services:raise"), ANSWERS, follow=True)

    assertContains(page, "Bestelbus · Exterieur")
    assertContains(page, "€\xa0425,00 → <strong>€\xa0437,75</strong>")
    assertContains(page, "Bestelbus, Exterieur: Wassen: €\xa0400,00 → <strong>€\xa0412,00</strong>")


# --- and can be taken back until its day -------------------------------------------------------------------------------


def undone(owner):
    return owner.post(reverse("services:raise-undo", args=[PriceRise.objects.latest("pk").pk]), follow=True)


def test_a_rise_says_who_made_it_and_is_undone_in_one_press(owner, dealer, washing):
    group = washing.group
    group.is_package, group.package_price = True, Decimal("100.00")
    group.save()
    cutting = ServiceFactory(name="Poetsen", price=Decimal("50.00"), group=group)
    ListPrice.objects.create(service=cutting, price=Decimal("55.00"), starts_on=ON)
    PriceAgreement.objects.create(customer=dealer, service=washing, value=20, starts_on=date(2026, 3, 1), ends_on=date(2028, 6, 30))
    before = prices_on(dealer, washing, cutting, group)
    response = raised(owner, ANSWERS | {"also_agreed": "on"})
    assertContains(owner.get(response.url), "Olga Eigenaar")
    assert prices_on(dealer, washing, cutting, group) != before

    response = undone(owner)

    assertContains(response, "4 prijzen zijn weer wat ze waren")
    assertContains(response, "Ongedaan gemaakt op")
    assert prices_on(dealer, washing, cutting, group) == before
    assert PriceAgreement.objects.get().ends_on == date(2028, 6, 30)
    assert [event.text for event in CustomerEvent.objects.order_by("pk")][-1] == "prijzen +3% per 1 januari 2028 ongedaan gemaakt"
    assertContains(undone(owner), "al ongedaan gemaakt")


def prices_on(customer, washing, cutting, group):
    return [
        (amount(customer, washing, day), list_prices([washing, cutting], day), package_prices([group], day))
        for day in (BEFORE, ON, date(2028, 7, 1))
    ]


def test_what_a_customer_paid_the_list_price_for_is_the_list_price_again(owner, dealer, washing):
    raised(owner, ANSWERS | {"also_list": "on"}, dealer)

    undone(owner)

    assert not PriceAgreement.objects.exists()


def test_an_agreement_of_that_day_is_what_it_was(owner, dealer, washing):
    PriceAgreement.objects.create(customer=dealer, service=washing, value=20, starts_on=ON)
    raised(owner, customer=dealer)
    assert amount(dealer, washing, ON) == Decimal("20.60")

    undone(owner)

    assert amount(dealer, washing, ON) == Decimal("20.00")


def test_a_rise_of_today_can_be_undone_today(owner, washing):
    raised(owner, ANSWERS | {"on": timezone.localdate().isoformat()})
    washing.refresh_from_db()
    assert washing.price == Decimal("25.75")

    undone(owner)

    washing.refresh_from_db()
    assert washing.price == Decimal("25.00")
    assert not ListPrice.objects.exists()


def test_a_price_that_was_set_to_something_else_since_stays(owner, washing):
    raised(owner)
    ListPrice.objects.update(price=Decimal("99.00"))

    response = undone(owner)

    assertContains(response, "1 prijs was intussen anders gezet en is zo gebleven")
    assert list_prices([washing], ON)[washing.pk] == Decimal("99.00")


def test_a_rise_that_began_stays(owner, washing):
    raised(owner)
    PriceRise.objects.update(starts_on=timezone.localdate(), made_at=timezone.now() - timedelta(days=2))

    assertNotContains(owner.get(reverse("services:raise")), "ongedaan-maken")
    assertContains(undone(owner), "al ingegaan")
    assert ListPrice.objects.exists()
