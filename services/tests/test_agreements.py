"""Prijsafspraken with a period: history stays, two never overlap."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from customers.models import CustomerEvent
from services.models import PriceAgreement
from tests.factories import CustomerFactory, ServiceFactory, ServiceGroupFactory


@pytest.fixture
def dealer(company):
    return CustomerFactory(name="Dealer De Vries")


@pytest.fixture
def washing(company):
    return ServiceFactory(name="Wassen", price=Decimal("25.00"), group=ServiceGroupFactory(name="Exterieur"))


@pytest.fixture
def fields(washing):
    return {"service": washing.pk, "group": "", "kind": "percentage", "value": "-10", "starts_on": "2027-01-01", "ends_on": ""}


def make(owner, dealer, washing, fields):
    address = reverse("services:agreement-create", args=[dealer.pk])
    return owner.post(f"{address}?soort={washing.group.vehicle_type_id}", fields, follow=True)


def periods():
    return list(PriceAgreement.objects.order_by("starts_on").values_list("starts_on", "ends_on"))


def test_an_agreement_is_made_shown_and_remembered(owner, dealer, washing, fields):
    response = make(owner, dealer, washing, fields)

    assertContains(response, "Exterieur: Wassen")
    assertContains(response, "Gaat nog in")
    agreement = PriceAgreement.objects.get()
    assert (agreement.customer, agreement.value, agreement.created_by) == (dealer, Decimal(-10), owner.membership)
    assert "−10%" in CustomerEvent.objects.get(customer=dealer).text


def test_a_whole_group_can_be_agreed(owner, dealer, washing, fields):
    make(owner, dealer, washing, fields | {"service": "", "group": washing.group_id})

    assert PriceAgreement.objects.get().group == washing.group


def test_what_held_until_then_ends_the_day_before(owner, dealer, washing, fields):
    PriceAgreement.objects.create(customer=dealer, service=washing, value=20, starts_on=date(2026, 3, 1))

    make(owner, dealer, washing, fields)

    assert periods() == [(date(2026, 3, 1), date(2026, 12, 31)), (date(2027, 1, 1), None)]


@pytest.mark.parametrize("fields_of_the_other", [{"starts_on": date(2027, 1, 1)}, {"starts_on": date(2027, 5, 1)}])
def test_an_overlap_is_told_at_the_date_and_nothing_changes(owner, dealer, washing, fields, fields_of_the_other):
    PriceAgreement.objects.create(customer=dealer, service=washing, value=20, **fields_of_the_other)

    response = make(owner, dealer, washing, fields)

    assertContains(response, "In deze periode geldt al een afspraak", status_code=422)
    assertContains(response, 'value="2027-01-01"', status_code=422)
    assert PriceAgreement.objects.count() == 1


def test_the_database_itself_refuses_an_overlap(dealer, washing):
    PriceAgreement.objects.create(customer=dealer, service=washing, value=20, starts_on=date(2026, 3, 1), ends_on=date(2026, 6, 30))
    PriceAgreement.objects.create(customer=dealer, service=washing, value=20, starts_on=date(2026, 7, 1))

    with pytest.raises(IntegrityError), transaction.atomic():
        PriceAgreement.objects.create(customer=dealer, service=washing, value=19, starts_on=date(2026, 6, 30), ends_on=date(2026, 6, 30))
    with pytest.raises(IntegrityError), transaction.atomic():
        PriceAgreement.objects.create(customer=dealer, service=washing, value=19, starts_on=date(2030, 1, 1))


@pytest.mark.parametrize(
    "wrong",
    [
        {"service": ""},
        {"value": "-101"},
        {"value": "veel"},
        {"kind": "price", "value": "-1"},
        {"ends_on": "2026-12-31"},
        {"starts_on": "gisteren"},
        {"kind": "onzin"},
        {"service": "999999"},
    ],
)
def test_a_mistake_is_told_and_nothing_agreed(owner, dealer, washing, fields, wrong):
    assert make(owner, dealer, washing, fields | wrong).status_code == 422
    assert not PriceAgreement.objects.exists()


def test_ending_keeps_history_and_takes_away_what_has_not_begun(owner, dealer, washing):
    today = timezone.localdate()
    held = PriceAgreement.objects.create(customer=dealer, service=washing, value=20, starts_on=today - timedelta(days=9), ends_on=today)
    later = PriceAgreement.objects.create(customer=dealer, service=washing, value=21, starts_on=today + timedelta(days=9))

    for agreement in (held, later):
        owner.post(reverse("services:agreement-end", args=[dealer.pk, agreement.pk]))

    assert periods() == [(today - timedelta(days=9), today - timedelta(days=1))]


def test_changing_an_own_price_keeps_what_was_agreed_before(owner, dealer, washing):
    began = timezone.localdate() - timedelta(days=9)
    PriceAgreement.objects.create(customer=dealer, service=washing, value=20, starts_on=began)

    owner.post(
        f"{reverse('services:price-agreements', args=[dealer.pk])}?soort={washing.group.vehicle_type_id}", {f"prijs_{washing.pk}": "18"}
    )

    assert periods() == [(began, timezone.localdate() - timedelta(days=1)), (timezone.localdate(), None)]


@pytest.mark.parametrize("role", ["employee", "customer"])
def test_only_the_owner_may(request, role, dealer, washing, fields):
    client = request.getfixturevalue(role)

    assert make(client, dealer, washing, fields).status_code == 403
    assert client.get(reverse("services:agreements", args=[dealer.pk])).status_code == 403


def test_the_neighbours_agreements_are_out_of_reach(owner, dealer, washing, fields, neighbour):
    theirs = neighbour.row("PriceAgreement")

    assert owner.get(reverse("services:agreements", args=[theirs.customer_id])).status_code == 404
    assert owner.post(reverse("services:agreement-end", args=[dealer.pk, theirs.pk])).status_code == 404
    assert make(owner, dealer, washing, fields | {"service": theirs.service_id}).status_code == 422
    assertNotContains(owner.get(reverse("services:agreements", args=[dealer.pk])), "Geheime handeling")


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_any_number_of_agreements(owner, dealer, washing, count, django_assert_num_queries):
    for _ in range(count):
        PriceAgreement.objects.create(customer=dealer, service=ServiceFactory(), value=20)

    with django_assert_num_queries(15):
        owner.get(reverse("services:agreements", args=[dealer.pk]))
