from decimal import Decimal

import pytest
from django.urls import reverse

from services.models import Service, ServiceGroup
from tests.factories import CustomerFactory, ServiceFactory, ServiceGroupFactory, VehicleTypeFactory, WorkOrderLineFactory

CREATE, OVERVIEW = "services:create", "services:overview"


@pytest.fixture
def interior(company):
    return ServiceGroupFactory(name="Interieur", vehicle_type__name="Auto standaard")


def create(client, within, **fields):
    given = {"soort": within.vehicle_type_id, "group": within.pk, "name": "Kauwgom verwijderen", "price": "12,50", "vat_rate": "21"}
    return client.post(reverse(CREATE), given | fields)


def test_a_handling_is_made_and_stands_in_its_group_in_the_overview(owner, interior):
    response = create(owner, interior)

    assert response.url == f"{reverse(OVERVIEW)}?soort={interior.vehicle_type_id}&groep={interior.pk}"
    page = owner.get(response.url).content.decode()
    assert "Kauwgom verwijderen" in page
    assert "€\xa012,50" in page
    assert "€\xa015,13" in page


def test_saving_and_one_more_keeps_the_vehicle_type_and_the_group(owner, interior):
    other = ServiceGroupFactory()

    response = create(owner, interior, nog_een="ja")
    page = owner.get(response.url)

    assert response.url.startswith(reverse(CREATE))
    assert f'<option value="{interior.vehicle_type_id}" selected>' in page.content.decode()
    assert f'<option value="{interior.pk}" selected>' in page.content.decode()
    assert other.name not in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "price"),
    [("12,50", "12.50"), ("1.250,00", "1250.00"), ("12.50", "12.50"), ("0", "0.00"), ("99.999,99", "99999.99"), ("", None)],
)
def test_a_price_is_typed_in_dutch_notation_or_left_for_later(owner, interior, typed, price):
    create(owner, interior, price=typed)

    assert Service.objects.get().price == (price and Decimal(price))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 101),
        ("name", "BESTAAT AL"),
        ("price", "-1"),
        ("price", "100.000,00"),
        ("price", "1,234"),
        ("price", "duur 🚗"),
        ("price", "NaN"),
        ("price", "9" * 400),
        ("vat_rate", "20"),
        ("vat_rate", ""),
        ("group", ""),
        ("group", "9" * 40),
    ],
)
def test_a_mistake_is_told_at_its_field_and_what_was_typed_stays(owner, interior, field, value):
    ServiceFactory(group=interior, name="Bestaat al")

    response = create(owner, interior, **{field: value})

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {field}
    assert response.context["form"][field].value() == value
    assert Service.objects.count() == 1


def test_a_group_of_another_vehicle_type_is_refused(owner, interior):
    other = ServiceGroupFactory()

    response = create(owner, interior, group=other.pk)

    assert response.status_code == 422
    assert "Kies een groep van dit soort voertuig." in response.content.decode()


def test_the_neighbours_group_is_refused(owner, interior, neighbour):
    theirs = neighbour.rows[ServiceGroup]

    response = create(owner, interior, soort=theirs.vehicle_type_id, group=theirs.pk)

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"soort", "group"}


def test_choosing_the_vehicle_type_offers_its_groups(owner, interior):
    ServiceGroupFactory(name="Van een camper")

    of_all = owner.get(reverse(CREATE)).content.decode()
    of_one = owner.get(reverse(CREATE), {"soort": interior.vehicle_type_id}, headers={"HX-Request": "true"}).content.decode()

    assert '<optgroup label="Auto standaard">' in of_all
    assert "Van een camper" in of_all
    assert 'id="div_id_group"' in of_one
    assert "Interieur" in of_one
    assert "Van een camper" not in of_one


def test_a_vehicle_type_without_groups_says_so(owner, interior):
    empty = VehicleTypeFactory()

    page = owner.get(reverse(CREATE), {"soort": empty.pk}).content.decode()

    assert "heeft nog geen groepen" in page


def test_groups_of_an_archived_vehicle_type_are_not_offered(owner, interior):
    ServiceGroupFactory(name="Van vroeger", vehicle_type__archived_at="2026-01-01T12:00Z")

    assert "Van vroeger" not in owner.get(reverse(CREATE)).content.decode()


def test_without_groups_the_page_leads_to_making_one(owner):
    VehicleTypeFactory()

    page = owner.get(reverse(CREATE)).content.decode()

    assert "Eerst een groep" in page


def test_a_handling_is_edited_and_its_price_shown_in_dutch_notation(owner):
    service = ServiceFactory(price=Decimal("1250.5"))
    address = reverse("services:edit", args=[service.pk])

    page = owner.get(address).content.decode()
    fields = {"soort": service.group.vehicle_type_id, "group": service.group_id, "name": "Polijsten", "price": "1.300,00", "vat_rate": "9"}
    owner.post(address, fields)

    assert 'value="1250,50"' in page
    service.refresh_from_db()
    assert (service.name, service.price, service.vat_rate) == ("Polijsten", Decimal(1300), "9")


def test_an_unused_handling_is_deleted_and_one_on_an_order_archived(owner):
    unused, used = ServiceFactory(), WorkOrderLineFactory().service

    for service in (unused, used):
        owner.post(reverse("services:delete", args=[service.pk]))

    assert list(Service.objects.all()) == [used]
    assert list(Service.objects.active()) == []


def test_only_the_group_that_is_loaded_shows_its_handlings(owner, interior):
    ServiceFactory(group=interior, name="Kauwgom verwijderen")
    ServiceFactory(group=interior, name="Archief", archived_at="2026-01-01T12:00Z")
    other = ServiceFactory(group__vehicle_type=interior.vehicle_type, name="Wassen").group
    address = reverse(OVERVIEW)

    closed = owner.get(address, {"soort": interior.vehicle_type_id}).content.decode()
    loaded = owner.get(address, {"soort": interior.vehicle_type_id, "groep": interior.pk}).content.decode()

    assert closed.count("Groep laden") == 2
    assert "Kauwgom" not in closed
    assert "Kauwgom" in loaded
    assert "Wassen" not in loaded
    assert "Archief" not in loaded
    assert f'id="groep-{other.pk}"' in loaded


def test_htmx_gets_the_groups_without_the_page_around_them(owner, interior):
    part = owner.get(reverse(OVERVIEW), {"soort": interior.vehicle_type_id, "groep": interior.pk}, headers={"HX-Request": "true"})

    assert f'id="groep-{interior.pk}"' in part.content.decode()
    assert "<html" not in part.content.decode()


@pytest.mark.parametrize("group", ["x", "9" * 40, "-1", "\x00"])
def test_nonsense_loads_no_group(owner, interior, group):
    page = owner.get(reverse(OVERVIEW), {"soort": interior.vehicle_type_id, "groep": group})

    assert page.status_code == 200
    assert page.context["loaded"] is None


def test_the_neighbours_handlings_are_not_shown(owner, neighbour, interior):
    theirs = neighbour.rows[ServiceGroup]

    page = owner.get(reverse(OVERVIEW), {"soort": theirs.vehicle_type_id, "groep": theirs.pk})

    assert "Geheime handeling" not in page.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_overview_takes_as_many_queries_for_any_number_of_handlings(owner, interior, count, django_assert_num_queries):
    for _ in range(count):
        ServiceFactory(group=interior)
        ServiceFactory(group__vehicle_type=interior.vehicle_type)
    query = {"soort": interior.vehicle_type_id, "groep": interior.pk}
    owner.get(reverse(OVERVIEW), query)

    with django_assert_num_queries(10):
        owner.get(reverse(OVERVIEW), query)


def test_a_small_business_shows_no_vat_that_it_does_not_charge(owner, company):
    service = ServiceFactory(price=Decimal("100.00"))
    company.is_small_business = True
    company.save()

    page = owner.get(reverse(OVERVIEW), {"soort": service.group.vehicle_type_id, "groep": service.group_id}).content.decode()
    agreed = owner.get(reverse("services:price-agreements", args=[CustomerFactory().pk]), {"soort": service.group.vehicle_type_id})

    assert "vrijgesteld" in page
    assert "121,00" not in page + agreed.content.decode()
