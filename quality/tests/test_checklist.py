"""The owner's set-up: groups and items of the checklist."""

import pytest
from django.urls import reverse

from quality.models import Check, ChecklistGroup, ChecklistItem
from tests.factories import CheckFactory, ChecklistGroupFactory, ChecklistItemFactory

PAGES = ["group-create", "group-overview", "group-edit", "group-delete", "item-create", "item-overview", "item-edit", "item-delete"]


def address(page, item):
    row = item.group if page.startswith("group") else item
    return reverse(f"quality:{page}", args=[row.pk] if page.endswith(("edit", "delete")) else [])


def test_a_group_is_made_and_stands_in_the_overview(owner):
    response = owner.post(reverse("quality:group-create"), {"name": "Exterieur"}, follow=True)

    assert response.redirect_chain[-1][0] == reverse("quality:group-overview")
    assert "Exterieur" in response.content.decode()


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "exterieur"])
def test_a_wrong_name_of_a_group_is_told_and_stays(owner, name):
    ChecklistGroupFactory(name="Exterieur")

    response = owner.post(reverse("quality:group-create"), {"name": name})

    assert response.status_code == 422
    assert response.context["form"].errors
    assert response.context["form"]["name"].value() == name
    assert ChecklistGroup.objects.count() == 1


def test_without_a_group_the_page_for_items_leads_to_making_one(owner):
    page = owner.get(reverse("quality:item-create")).content.decode()

    assert "Nog geen groepen" in page
    assert reverse("quality:group-create") in page


def test_an_item_is_made_and_its_group_is_shown(owner):
    group = ChecklistGroupFactory(name="Interieur")

    response = owner.post(
        reverse("quality:item-create"), {"group": group.pk, "name": "Gestofzuigd 🧹", "description": "Ook onder de stoelen"}, follow=True
    )

    assert response.redirect_chain[-1][0] == f"{reverse('quality:item-overview')}?groep={group.pk}#groep-{group.pk}"
    assert "Gestofzuigd 🧹" in response.content.decode()
    assert "Ook onder de stoelen" in response.content.decode()


def test_save_and_another_keeps_the_group_chosen(owner):
    ChecklistGroupFactory(name="Exterieur")
    group = ChecklistGroupFactory(name="Interieur")

    response = owner.post(reverse("quality:item-create"), {"group": group.pk, "name": "Gestofzuigd", "nog_een": "ja"}, follow=True)

    assert ChecklistItem.objects.get().group == group
    assert f'<option value="{group.pk}" selected>' in response.content.decode()
    assert response.context["form"]["name"].value() is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 101),
        ("name", "VELGEN SCHOON"),
        ("description", "x" * 251),
        ("group", "x"),
        ("group", ""),
    ],
)
def test_a_wrong_item_is_told_and_what_was_typed_stays(owner, item, field, value):
    typed = {"group": item.group_id, "name": "Banden zwart", "description": "Vier banden"} | {field: value}

    response = owner.post(reverse("quality:item-create"), typed)

    form = response.context["form"]
    assert response.status_code == 422
    assert form.errors
    assert {name: str(form[name].value()) for name in typed} == {name: str(typed[name]) for name in typed}
    assert ChecklistItem.objects.count() == 1


def test_an_archived_group_is_not_offered(owner, item):
    archived = ChecklistGroupFactory(archived_at="2026-01-01T12:00Z")

    response = owner.post(reverse("quality:item-create"), {"group": archived.pk, "name": "Banden zwart"})

    assert response.status_code == 422
    assert "group" in response.context["form"].errors


def test_an_item_changes_its_name_and_group(owner, item):
    interior = ChecklistGroupFactory(name="Interieur")

    owner.post(reverse("quality:item-edit", args=[item.pk]), {"group": interior.pk, "name": "<b>Asbak</b> leeg"})

    page = owner.get(reverse("quality:item-overview"), {"groep": interior.pk}).content.decode()
    assert "&lt;b&gt;Asbak&lt;/b&gt; leeg" in page


def test_load_group_shows_the_items_of_that_group_alone(owner, item):
    other = ChecklistItemFactory(name="Asbak leeg")

    closed = owner.get(reverse("quality:item-overview")).content.decode()
    page = owner.get(reverse("quality:item-overview"), {"groep": item.group_id}).content.decode()

    assert item.name not in closed
    assert closed.count("Groep laden<") == 2
    assert item.name in page
    assert other.name not in page


def test_load_group_by_htmx_answers_that_group_only(owner, item):
    ChecklistGroupFactory(name="Interieur")

    part = owner.get(reverse("quality:item-overview"), {"groep": item.group_id}, headers={"HX-Request": "true"}).content.decode()

    assert item.name in part
    assert "<h1" not in part
    assert "Interieur" not in part


@pytest.mark.parametrize("value", ["x", "999999", "9" * 40])
def test_a_group_that_is_not_there_is_not_loaded(owner, item, value):
    assert owner.get(reverse("quality:item-overview"), {"groep": value}).status_code == 404


def test_the_neighbours_group_is_not_loaded(owner, neighbour):
    theirs = neighbour.row("ChecklistGroup")

    response = owner.get(reverse("quality:item-overview"), {"groep": theirs.pk})

    assert response.status_code == 404


def test_an_item_without_answers_is_deleted_after_asking(owner, item):
    page = owner.get(reverse("quality:item-delete", args=[item.pk])).content.decode()
    owner.post(reverse("quality:item-delete", args=[item.pk]))

    assert "Velgen schoon verwijderen?" in page
    assert not ChecklistItem.objects.exists()


def test_an_item_with_answers_is_archived(owner, item):
    CheckFactory(item=item)

    owner.post(reverse("quality:item-delete", args=[item.pk]))

    assert ChecklistItem.objects.get().archived_at is not None
    assert Check.objects.count() == 1
    assert list(owner.get(reverse("quality:item-overview"), {"groep": item.group_id}).context["items"]) == []


def test_a_group_with_items_says_so_and_takes_them_off_the_checklist(owner, item):
    page = owner.get(reverse("quality:group-delete", args=[item.group_id])).content.decode()
    owner.post(reverse("quality:group-delete", args=[item.group_id]))

    assert "Deze groep heeft 1 onderdeel" in page
    assert ChecklistGroup.objects.get().archived_at is not None
    assert not ChecklistItem.objects.active().exists()


@pytest.mark.parametrize("role", ["employee", "customer"])
@pytest.mark.parametrize("page", PAGES)
def test_only_the_owner_sets_the_checklist_up(request, item, role, page):
    client = request.getfixturevalue(role)

    assert client.get(address(page, item)).status_code == 403


@pytest.mark.parametrize("page", [page for page in PAGES if page.endswith(("edit", "delete"))])
def test_the_neighbours_checklist_is_not_there(owner, neighbour, page):
    assert owner.post(address(page, neighbour.row("ChecklistItem"))).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("page", "queries"), [("group-overview", 8), ("item-overview", 8)])
def test_the_overviews_take_as_many_queries_for_any_number_of_rows(owner, item, count, page, queries, django_assert_num_queries):
    for _ in range(count - 1):
        ChecklistItemFactory()
        ChecklistItemFactory(group=item.group)
    query = {"groep": item.group_id} if page == "item-overview" else {}
    owner.get(reverse(f"quality:{page}"), query)

    with django_assert_num_queries(queries):
        owner.get(reverse(f"quality:{page}"), query)
