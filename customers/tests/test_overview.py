import pytest
from django.urls import reverse

from tests.factories import CustomerFactory, CustomerTypeFactory

OVERVIEW = "customers:overview"


def names(client, **query):
    return [customer.name for customer in client.get(reverse(OVERVIEW), query).context["object_list"]]


def test_the_overview_is_in_order_of_name_without_regard_to_case(owner):
    for name in ("van Dijk", "De Boer", "Zwart"):
        CustomerFactory(name=name)

    assert names(owner) == ["De Boer", "van Dijk", "Zwart"]


def test_the_overview_narrows_to_a_type(owner):
    private = CustomerTypeFactory(name="Particulier")
    CustomerFactory(name="Dealer")
    CustomerFactory(name="Jansen", type=private)

    assert names(owner, type=private.pk) == ["Jansen"]


@pytest.mark.parametrize("text", ["jans", "ROTT", "j@jansen", "sjaak"])
def test_a_customer_is_found_by_name_contact_place_and_email(owner, text):
    CustomerFactory(name="Dealer", city="Delft")
    CustomerFactory(name="Garage Jansen", city="Rotterdam", email="j@jansen.example", contact_name="Sjaak")

    assert names(owner, zoek=text) == ["Garage Jansen"]


@pytest.mark.parametrize(
    ("sorting", "expected"),
    [
        ("naam", ["Ans", "bert", "Cor"]),
        ("-naam", ["Cor", "bert", "Ans"]),
        ("plaats", ["bert", "Cor", "Ans"]),
        ("type", ["Cor", "Ans", "bert"]),
    ],
)
def test_each_column_sorts(owner, sorting, expected):
    first, second = CustomerTypeFactory(name="Bestaand"), CustomerTypeFactory(name="nieuw")
    CustomerFactory(name="Ans", city="Zwolle", type=second)
    CustomerFactory(name="bert", city="Assen", type=second)
    CustomerFactory(name="Cor", city="delft", type=first)

    assert names(owner, sorteren=sorting) == expected


def test_pages_of_equal_names_never_overlap(owner):
    kind = CustomerTypeFactory()
    made = {CustomerFactory(name="Jansen", type=kind).pk for _ in range(60)}

    pages = [owner.get(reverse(OVERVIEW), {"pagina": page, "sorteren": "-naam"}).context["object_list"] for page in (1, 2, 3)]

    assert [len(page) for page in pages] == [25, 25, 10]
    assert {customer.pk for page in pages for customer in page} == made


@pytest.mark.parametrize(
    "query",
    [{"pagina": "0"}, {"pagina": "x"}, {"pagina": "9" * 40}, {"type": "x"}, {"type": "9" * 40}, {"sorteren": "drop"}, {"zoek": "\x00"}],
)
def test_an_odd_address_shows_the_list_all_the_same(owner, query):
    CustomerFactory(name="Jansen")

    assert names(owner, **query) == ["Jansen"]


def test_nothing_found_and_nothing_there_say_what_to_do(owner):
    nothing_there = owner.get(reverse(OVERVIEW)).content.decode()
    nothing_found = owner.get(reverse(OVERVIEW), {"zoek": "xyz"}).content.decode()

    assert "Nog geen klanten" in nothing_there
    assert reverse("customers:create") in nothing_there
    assert "Geen klant gevonden" in nothing_found


def test_htmx_gets_the_results_alone(owner):
    CustomerFactory(name="Jansen")

    part = owner.get(reverse(OVERVIEW), headers={"HX-Request": "true"})

    assert "Jansen" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part["Vary"]


def test_the_neighbours_customers_and_archived_ones_are_not_listed(owner, neighbour):
    CustomerFactory(name="Oud", archived_at="2026-01-01T12:00Z")
    CustomerFactory(name="Nieuw")

    assert names(owner) == ["Nieuw"]


@pytest.mark.parametrize("role", ["employee", "customer"])
def test_only_the_owner_sees_the_customers(request, role):
    assert request.getfixturevalue(role).get(reverse(OVERVIEW)).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_overview_takes_as_many_queries_for_any_number_of_customers(owner, count, django_assert_num_queries):
    for _ in range(count):
        CustomerFactory()
    owner.get(reverse(OVERVIEW))

    with django_assert_num_queries(9):
        owner.get(reverse(OVERVIEW))
