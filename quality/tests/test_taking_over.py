"""*Neem over uit werkzaamheden*: the checklist in one action."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from quality.models import ChecklistGroup, ChecklistItem, ChecklistSource
from tests.factories import ChecklistGroupFactory, ChecklistItemFactory, ServiceFactory, ServiceGroupFactory, VehicleTypeFactory

URL = "quality:take-over"


@pytest.fixture
def services(company):
    """Two vehicle types with the same two handlings in a group of the same name."""
    groups = [ServiceGroupFactory(name="Interieur", vehicle_type=VehicleTypeFactory(name=name)) for name in ("Auto", "Camper")]
    return [ServiceFactory(name=name, group=group) for group in groups for name in ("Stofzuigen", "Dashboard")]


def names():
    return sorted(ChecklistItem.objects.values_list("group__name", "name"))


def test_the_page_shows_what_would_be_made(owner, services):
    response = owner.get(reverse(URL))

    assertContains(response, "Auto, Camper")
    assertContains(response, "2 nog niet op de checklist")
    assertContains(response, "nieuw onderdeel", 2)


def test_one_item_is_made_of_same_named_handlings_and_remembers_them_all(owner, services):
    owner.post(reverse(URL), {"groups": ["interieur"]})

    assert names() == [("Interieur", "Dashboard"), ("Interieur", "Stofzuigen")]
    item = ChecklistItem.objects.get(name="Stofzuigen")
    assert set(item.sources.values_list("service_id", flat=True)) == {services[0].pk, services[2].pk}


def test_a_second_time_makes_nothing_and_says_so(owner, services):
    owner.post(reverse(URL), {"groups": ["interieur"]})

    response = owner.post(reverse(URL), {"groups": ["interieur"]}, follow=True)

    assertContains(response, "stond al op de checklist")
    assert len(names()) == 2
    assert ChecklistSource.objects.count() == 4
    assertContains(owner.get(reverse(URL)), "alles staat al op de checklist")


def test_what_was_typed_before_is_tied_and_not_doubled(owner, services):
    typed = ChecklistItemFactory(group=ChecklistGroupFactory(name="INTERIEUR"), name="stofzuigen")

    owner.post(reverse(URL), {"groups": ["interieur"]})

    assert names() == [("INTERIEUR", "Dashboard"), ("INTERIEUR", "stofzuigen")]
    assert typed.sources.count() == 2


def test_only_the_chosen_groups_are_taken(owner, services):
    ServiceFactory(name="Wassen", group=ServiceGroupFactory(name="Exterieur"))

    owner.post(reverse(URL), {"groups": ["exterieur"]})

    assert names() == [("Exterieur", "Wassen")]


@pytest.mark.parametrize("groups", [[], ["bestaat niet"], ["\x00"]])
def test_no_group_or_nonsense_is_a_clear_error(owner, services, groups):
    response = owner.post(reverse(URL), {"groups": groups})

    assert response.status_code == 422
    assert not ChecklistGroup.objects.exists()


def test_without_handlings_the_page_says_what_to_do_first(owner, company):
    assertContains(owner.get(reverse(URL)), "Nog geen werkzaamheden")


@pytest.mark.parametrize("role", ["employee", "customer"])
def test_only_the_owner_may(request, role, services):
    client = request.getfixturevalue(role)

    assert client.get(reverse(URL)).status_code == 403
    assert client.post(reverse(URL), {"groups": ["interieur"]}).status_code == 403
    assert names() == []


def test_the_neighbours_handlings_are_not_offered(owner, neighbour, services):
    assertNotContains(owner.get(reverse(URL)), "Geheime handeling")


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_any_number_of_handlings(owner, company, count, django_assert_num_queries):
    for _ in range(count):
        ServiceFactory()

    with django_assert_num_queries(14):
        owner.get(reverse(URL))


def test_the_links_of_an_item_are_shown_and_changed(owner, services):
    item = ChecklistItemFactory(name="Stof weg")
    ChecklistSource.objects.create(item=item, service=services[0])
    address = reverse("quality:item-edit", args=[item.pk])

    page = owner.get(address)
    vacuuming, dashboard = services[0], services[1]
    owner.post(address, {"group": item.group_id, "name": "Stof weg", "belongs_to": [dashboard.pk]})

    ticked = (
        f'<input class="form-check-input" type="checkbox" name="belongs_to" value="{vacuuming.pk}" id="belongs-{vacuuming.pk}" checked>'
    )
    assertContains(page, ticked, html=True)
    assert set(item.sources.values_list("service_id", flat=True)) == {services[1].pk, services[3].pk}


def test_an_item_without_handlings_is_shown_as_asked_always(owner, services):
    item = ChecklistItemFactory(name="Sleutel terug")
    tied = ChecklistItemFactory(name="Stof weg", group=item.group)
    ChecklistSource.objects.bulk_create(ChecklistSource(item=tied, service=service) for service in services[:2])

    response = owner.get(reverse("quality:item-overview"), {"groep": item.group_id})

    assertContains(response, "bij elke werkorder", 1)
    assertContains(response, "bij 2 handelingen", 1)


def test_a_neighbours_handling_cannot_be_tied(owner, services, neighbour):
    item = ChecklistItemFactory(name="Stof weg")
    theirs = neighbour.row("Service").pk

    response = owner.post(
        reverse("quality:item-edit", args=[item.pk]), {"group": item.group_id, "name": "Stof weg", "belongs_to": [theirs]}
    )

    assert response.status_code == 422
    assert not item.sources.exists()
