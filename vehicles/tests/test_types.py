import pytest
from django.urls import reverse

from tests.factories import ServiceGroupFactory, VehicleFactory, VehicleTypeFactory
from vehicles.models import VehicleType


def test_a_type_is_made_and_stands_in_the_overview(owner):
    response = owner.post(reverse("vehicles:type-create"), {"name": "Auto XL"}, follow=True)

    assert response.redirect_chain[-1][0] == reverse("vehicles:type-overview")
    assert "Auto XL" in response.content.decode()


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "auto xl"])
def test_a_wrong_name_is_told_on_the_page_and_stays(owner, name):
    VehicleTypeFactory(name="Auto XL")

    response = owner.post(reverse("vehicles:type-create"), {"name": name})

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"name"}
    assert response.context["form"]["name"].value() == name
    assert VehicleType.objects.count() == 1


def test_the_neighbours_names_are_free(owner, neighbour):
    theirs = neighbour.rows[VehicleType]

    assert owner.post(reverse("vehicles:type-create"), {"name": theirs.name}).status_code == 302


def test_the_name_of_an_archived_type_is_free(owner):
    VehicleTypeFactory(name="Camper", archived_at="2026-01-01T12:00Z")

    assert owner.post(reverse("vehicles:type-create"), {"name": "Camper"}).status_code == 302


def test_a_type_changes_its_name(owner):
    kind = VehicleTypeFactory(name="Camper")

    owner.post(reverse("vehicles:type-edit", args=[kind.pk]), {"name": "Camper 🚐"})

    kind.refresh_from_db()
    assert kind.name == "Camper 🚐"


def test_an_unused_type_is_deleted_after_asking(owner):
    kind = VehicleTypeFactory(name="Camper")

    page = owner.get(reverse("vehicles:type-delete", args=[kind.pk]))
    owner.post(reverse("vehicles:type-delete", args=[kind.pk]))

    assert "Camper verwijderen?" in page.content.decode()
    assert not VehicleType.objects.exists()


@pytest.mark.parametrize("make", [lambda kind: VehicleFactory(type=kind), lambda kind: ServiceGroupFactory(vehicle_type=kind)])
def test_a_type_in_use_is_archived(owner, make):
    kind = VehicleTypeFactory(name="Camper")
    make(kind)

    owner.post(reverse("vehicles:type-delete", args=[kind.pk]))

    assert VehicleType.objects.get().archived_at is not None
    assert kind not in owner.get(reverse("vehicles:type-overview")).context["object_list"]


def test_an_empty_overview_leads_to_making_the_first(owner):
    page = owner.get(reverse("vehicles:type-overview")).content.decode()

    assert "Nog geen soorten voertuigen" in page


@pytest.mark.parametrize("role", ["employee", "customer"])
@pytest.mark.parametrize("name", ["type-create", "type-overview", "type-edit", "type-delete"])
def test_only_the_owner_manages_types(request, role, name):
    client = request.getfixturevalue(role)
    args = [VehicleTypeFactory().pk] if name in {"type-edit", "type-delete"} else []

    assert client.get(reverse(f"vehicles:{name}", args=args)).status_code == 403


@pytest.mark.parametrize("name", ["type-edit", "type-delete"])
def test_the_neighbours_type_is_not_there(owner, neighbour, name):
    theirs = neighbour.rows[VehicleType]

    assert owner.post(reverse(f"vehicles:{name}", args=[theirs.pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_overview_takes_as_many_queries_for_any_number_of_types(owner, count, django_assert_num_queries):
    for _ in range(count):
        VehicleTypeFactory()
    owner.get(reverse("vehicles:type-overview"))

    with django_assert_num_queries(8):
        owner.get(reverse("vehicles:type-overview"))
