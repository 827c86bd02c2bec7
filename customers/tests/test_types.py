import pytest
from django.urls import reverse

from customers.models import CustomerType
from tests.factories import CustomerFactory, CustomerTypeFactory


def test_a_type_is_made_and_stands_in_the_overview(owner):
    response = owner.post(reverse("customers:type-create"), {"name": "Zakelijk"}, follow=True)

    assert response.redirect_chain[-1][0] == reverse("customers:type-overview")
    assert "Zakelijk" in response.content.decode()
    assert not CustomerType.objects.get().is_private


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "zakelijk"])
def test_a_wrong_name_is_told_at_its_field(owner, name):
    CustomerTypeFactory(name="Zakelijk")

    response = owner.post(reverse("customers:type-create"), {"name": name})

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"name"}
    assert CustomerType.objects.count() == 1


def test_the_neighbours_names_are_free(owner, neighbour):
    theirs = neighbour.rows[CustomerType]

    response = owner.post(reverse("customers:type-create"), {"name": theirs.name})

    assert response.status_code == 302


def test_a_type_changes_its_name(owner):
    kind = CustomerTypeFactory(name="Zakelijk")

    owner.post(reverse("customers:type-edit", args=[kind.pk]), {"name": "Particulier 🚗", "is_private": "on"})

    kind.refresh_from_db()
    assert (kind.name, kind.is_private) == ("Particulier 🚗", True)


def test_a_type_without_customers_is_deleted(owner):
    kind = CustomerTypeFactory()

    page = owner.get(reverse("customers:type-delete", args=[kind.pk]))
    owner.post(reverse("customers:type-delete", args=[kind.pk]))

    assert "verwijderen?" in page.content.decode()
    assert not CustomerType.objects.exists()


def test_a_type_in_use_is_archived_and_stays_with_its_customers(owner):
    customer = CustomerFactory(type__name="Oud type")

    owner.post(reverse("customers:type-delete", args=[customer.type_id]))

    assert CustomerType.objects.get().archived_at is not None
    assert not owner.get(reverse("customers:type-overview")).context["object_list"]
    assert "Oud type" in owner.get(reverse("customers:edit", args=[customer.pk])).content.decode()


def test_types_sort_without_regard_to_case(owner):
    for name in ("zakelijk", "Bestaand", "nieuw"):
        CustomerTypeFactory(name=name)

    page = owner.get(reverse("customers:type-overview"), {"sorteren": "naam"})
    turned = owner.get(reverse("customers:type-overview"), {"sorteren": "-naam"})

    assert [kind.name for kind in page.context["object_list"]] == ["Bestaand", "nieuw", "zakelijk"]
    assert [kind.name for kind in turned.context["object_list"]] == ["zakelijk", "nieuw", "Bestaand"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_overview_takes_as_many_queries_for_any_number_of_types(owner, count, django_assert_num_queries):
    for _ in range(count):
        CustomerFactory()
    owner.get(reverse("customers:type-overview"))

    with django_assert_num_queries(8):
        owner.get(reverse("customers:type-overview"))
