"""The price matrix: type, look at what changes, save."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from services.models import ListPrice, Service, ServiceGroup
from services.pricing import list_prices
from tests.factories import ServiceFactory, ServiceGroupFactory, VehicleTypeFactory

URL = "services:matrix"


@pytest.fixture
def car(company):
    return VehicleTypeFactory(name="Auto")


@pytest.fixture
def camper(company):
    return VehicleTypeFactory(name="Camper")


@pytest.fixture
def washing(car):
    return ServiceFactory(name="Wassen", price=Decimal("25.00"), minutes=30, group=ServiceGroupFactory(name="Exterieur", vehicle_type=car))


def hidden(response, name):
    return re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())[1]


def cell(service, kind):
    return f"prijs_{service.pk}_{kind.pk}"


def typed(owner, **cells):
    """What the browser sends: the page as it was loaded, with these cells typed over."""
    page = owner.get(reverse(URL))
    return {"seen": hidden(page, "seen")} | cells


def confirm(owner, changes):
    """Press *Opslaan* on the list of changes."""
    fields = {name: hidden(changes, name) for name in re.findall(r'name="(prijs_\d+_\d+)"', changes.content.decode())}
    return owner.post(reverse(URL), fields | {"seen": hidden(changes, "seen"), "bevestigd": "ja"}, follow=True)


def test_a_changed_price_is_shown_first_and_saved_after(owner, washing, car):
    changes = owner.post(reverse(URL), typed(owner, **{cell(washing, car): "1.030,50"}))

    assertContains(changes, "€\xa025,00")
    assertContains(changes, "€\xa01.030,50")
    washing.refresh_from_db()
    assert washing.price == Decimal("25.00")

    assertContains(confirm(owner, changes), "1 prijs is opgeslagen.")
    washing.refresh_from_db()
    assert washing.price == Decimal("1030.50")


def test_a_price_in_an_empty_cell_makes_the_handling_for_that_vehicle_type(owner, washing, camper):
    changes = owner.post(reverse(URL), typed(owner, **{cell(washing, camper): "60"}))
    assertContains(changes, "Nieuwe handeling")

    confirm(owner, changes)

    made = Service.objects.get(group__vehicle_type=camper)
    assert (made.name, made.group.name, made.price, made.minutes, made.original) == ("Wassen", "Exterieur", Decimal(60), 30, washing)


def test_an_emptied_cell_takes_the_price_away_and_not_the_handling(owner, washing, car):
    confirm(owner, owner.post(reverse(URL), typed(owner, **{cell(washing, car): ""})))

    washing.refresh_from_db()
    assert washing.price is None


def test_what_stays_the_same_is_no_change(owner, washing, car):
    response = owner.post(reverse(URL), typed(owner, **{cell(washing, car): "25,00"}), follow=True)

    assertContains(response, "Er is niets veranderd.")


@pytest.mark.parametrize("value", ["-1", "duur", "1,234", "100.000,00", "NaN", "🚗"])
def test_a_mistake_is_told_with_its_cell_and_what_was_typed_stays(owner, washing, car, camper, value):
    response = owner.post(reverse(URL), typed(owner, **{cell(washing, car): value, cell(washing, camper): "60"}))

    assertContains(response, "Wassen, Auto:", status_code=422)
    assertContains(response, 'value="60"', status_code=422)
    assert Service.objects.count() == 1


def test_what_someone_else_changed_meanwhile_is_said_before_it_is_overwritten(owner, washing, car):
    fields = typed(owner, **{cell(washing, car): "30"})
    Service.objects.filter(pk=washing.pk).update(price=Decimal("27.00"))

    changes = owner.post(reverse(URL), fields)

    assertContains(changes, "Intussen door iemand anders gewijzigd")
    assertContains(changes, "€\xa027,00")


def test_a_change_between_the_list_and_saving_is_shown_again(owner, washing, car):
    changes = owner.post(reverse(URL), typed(owner, **{cell(washing, car): "30"}))
    Service.objects.filter(pk=washing.pk).update(price=Decimal("27.00"))

    again = confirm(owner, changes)

    assertContains(again, "Intussen door iemand anders gewijzigd")
    washing.refresh_from_db()
    assert washing.price == Decimal("27.00")


def test_a_cell_that_was_not_touched_does_not_undo_what_someone_else_did(owner, washing, car):
    fields = typed(owner, **{cell(washing, car): "25,00"})
    Service.objects.filter(pk=washing.pk).update(price=Decimal("27.00"))

    assertContains(owner.post(reverse(URL), fields, follow=True), "Er is niets veranderd.")


def test_a_handling_with_dated_prices_gets_another_and_keeps_those_of_before(owner, washing, car):
    yesterday = timezone.localdate() - timedelta(days=1)
    ListPrice.objects.create(service=washing, price=Decimal("28.00"), starts_on=yesterday)

    confirm(owner, owner.post(reverse(URL), typed(owner, **{cell(washing, car): "30"})))

    assert list_prices([washing])[washing.pk] == Decimal("30.00")
    assert list_prices([washing], yesterday)[washing.pk] == Decimal("28.00")


def test_the_groups_of_one_name_are_shown_at_a_time(owner, washing):
    ServiceFactory(name="Stofzuigen", group=ServiceGroupFactory(name="Interieur", vehicle_type=washing.group.vehicle_type))

    assertNotContains(owner.get(reverse(URL)), "Stofzuigen")
    assertContains(owner.get(reverse(URL), {"groep": "interieur"}), "Stofzuigen")
    assert owner.get(reverse(URL), {"groep": "\x00 bestaat niet"}).status_code == 200


@pytest.mark.parametrize("seen", ["", "onzin", "a:b:c"])
def test_a_page_that_was_tampered_with_saves_nothing_unseen(owner, washing, car, seen):
    response = owner.post(reverse(URL), {"seen": seen, cell(washing, car): "30", "bevestigd": "ja"})

    assert response.status_code in {200, 302}


@pytest.mark.parametrize("role", ["employee", "customer"])
def test_only_the_owner_may(request, role, washing, car):
    client = request.getfixturevalue(role)

    assert client.get(reverse(URL)).status_code == 403
    assert client.post(reverse(URL), {cell(washing, car): "1"}).status_code == 403


def test_the_neighbours_cells_are_not_there(owner, washing, car, neighbour):
    theirs = neighbour.row("Service")

    owner.post(reverse(URL), typed(owner, **{cell(theirs, neighbour.row("VehicleType")): "1", "bevestigd": "ja"}))

    assertNotContains(owner.get(reverse(URL)), "Geheime handeling")
    assert ServiceGroup.objects.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_any_number_of_handlings(owner, washing, count, django_assert_num_queries):
    for n in range(count):
        ServiceFactory(name=f"Handeling {n}", group=washing.group)

    with django_assert_num_queries(16):
        owner.get(reverse(URL))
