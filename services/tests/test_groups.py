import pytest
from django.urls import reverse

from services.models import Service, ServiceGroup
from tests.factories import ServiceFactory, ServiceGroupFactory, VehicleTypeFactory, WorkOrderLineFactory
from vehicles.models import VehicleType


def create(client, **fields):
    return client.post(reverse("services:group-create"), fields)


def test_a_group_is_made_and_stands_in_the_overview_of_its_vehicle_type(owner):
    kind = VehicleTypeFactory(name="Auto standaard")

    response = create(owner, vehicle_type=kind.pk, name="Interieur")

    assert response.url == f"{reverse('services:group-overview')}?soort={kind.pk}"
    assert [group.name for group in owner.get(response.url).context["groups"]] == ["Interieur"]


def test_two_vehicle_types_may_have_a_group_of_one_name(owner):
    ServiceGroupFactory(name="Interieur")

    assert create(owner, vehicle_type=VehicleTypeFactory().pk, name="Interieur").status_code == 302


@pytest.mark.parametrize("name", ["", "x" * 61, "INTERIEUR"])
def test_a_wrong_name_is_told_at_its_field_and_stays(owner, name):
    group = ServiceGroupFactory(name="Interieur")

    response = create(owner, vehicle_type=group.vehicle_type_id, name=name)

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"name"}
    assert response.context["form"]["name"].value() == name


@pytest.mark.parametrize("kind", ["", "geen getal", "9" * 40])
def test_a_wrong_vehicle_type_is_told_at_its_field(owner, kind):
    VehicleTypeFactory()

    response = create(owner, vehicle_type=kind, name="Interieur")

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"vehicle_type"}


def test_the_neighbours_vehicle_type_is_no_choice(owner, neighbour):
    VehicleTypeFactory()

    response = create(owner, vehicle_type=neighbour.rows[VehicleType].pk, name="Interieur")

    assert response.status_code == 422
    assert not ServiceGroup.objects.exists()


def test_without_vehicle_types_the_pages_lead_to_making_one(owner):
    for page in ("group-create", "group-overview", "create", "overview"):
        assert reverse("vehicles:type-create") in owner.get(reverse(f"services:{page}")).content.decode().partition("<main")[2]


def test_a_vehicle_type_without_groups_leads_to_making_one_for_it(owner):
    kind = VehicleTypeFactory()

    page = owner.get(reverse("services:group-overview"), {"soort": kind.pk}).content.decode()

    assert f"{reverse('services:group-create')}?soort={kind.pk}" in page
    assert f'value="{kind.pk}" selected' in owner.get(reverse("services:group-create"), {"soort": kind.pk}).content.decode()


def test_a_group_is_edited(owner):
    group = ServiceGroupFactory(name="Interieur")

    owner.post(reverse("services:group-edit", args=[group.pk]), {"vehicle_type": group.vehicle_type_id, "name": "Binnenkant"})

    group.refresh_from_db()
    assert group.name == "Binnenkant"


def test_an_unused_group_is_deleted_with_its_handlings(owner):
    group = ServiceFactory().group

    page = owner.get(reverse("services:group-delete", args=[group.pk]))
    owner.post(reverse("services:group-delete", args=[group.pk]))

    assert "verwijderen?" in page.content.decode()
    assert not ServiceGroup.objects.exists()
    assert not Service.objects.exists()


def test_a_group_with_a_handling_on_an_order_is_archived_with_it(owner):
    used = WorkOrderLineFactory().service
    ServiceFactory(group=used.group)

    owner.post(reverse("services:group-delete", args=[used.group_id]))

    assert ServiceGroup.objects.get().archived_at is not None
    assert Service.objects.get().archived_at is not None


@pytest.mark.parametrize("query", [{"soort": "x"}, {"soort": "9" * 40}, {"soort": "-1"}, {"soort": "\x00"}, {}])
def test_nonsense_chooses_no_vehicle_type(owner, query):
    ServiceGroupFactory(name="Interieur")

    page = owner.get(reverse("services:group-overview"), query)

    assert page.status_code == 200
    assert "Geef hierboven aan" in page.content.decode()


def test_the_neighbours_groups_are_not_shown(owner, neighbour):
    theirs = neighbour.rows[ServiceGroup]
    VehicleTypeFactory()

    page = owner.get(reverse("services:group-overview"), {"soort": theirs.vehicle_type_id})

    assert not page.context["groups"]


@pytest.mark.parametrize("name", ["group-edit", "group-delete", "edit", "delete"])
def test_the_neighbours_rows_are_not_there(owner, neighbour, name):
    theirs = neighbour.rows[ServiceGroup if name.startswith("group") else Service]

    assert owner.post(reverse(f"services:{name}", args=[theirs.pk])).status_code == 404


@pytest.mark.parametrize("role", ["employee", "customer"])
@pytest.mark.parametrize("name", ["group-create", "group-overview", "create", "overview"])
def test_only_the_owner_manages_work(request, role, name):
    assert request.getfixturevalue(role).get(reverse(f"services:{name}")).status_code == 403


@pytest.mark.parametrize("role", ["employee", "customer"])
@pytest.mark.parametrize("name", ["group-edit", "group-delete", "edit", "delete"])
def test_only_the_owner_changes_work(request, role, name):
    client, service = request.getfixturevalue(role), ServiceFactory()
    pk = service.group_id if name.startswith("group") else service.pk

    assert client.post(reverse(f"services:{name}", args=[pk])).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_overview_takes_as_many_queries_for_any_number_of_groups(owner, count, django_assert_num_queries):
    kind = VehicleTypeFactory()
    for _ in range(count):
        ServiceFactory(group__vehicle_type=kind)
    owner.get(reverse("services:group-overview"), {"soort": kind.pk})

    with django_assert_num_queries(8):
        owner.get(reverse("services:group-overview"), {"soort": kind.pk})
