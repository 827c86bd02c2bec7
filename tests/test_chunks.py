"""Long tables are read a part at a time, short ones in one round trip."""

import re

import pytest
from django.conf import settings
from django.db import connection, transaction

from cleanconnect.chunks import chunks
from cleanconnect.rooms import rooms
from customers.models import Customer, CustomerType
from tests.factories import CustomerFactory, CustomerTypeFactory

ITERATOR = re.compile(r"\.iterator\(")


@pytest.fixture
def customers(company):
    kind = CustomerTypeFactory()
    return [CustomerFactory(type=kind, name=name) for name in ("Zuid", "Noord", "Oost", "West", "Midden")]


@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_all_rows_come_in_their_order_a_part_at_a_time(customers, size):
    parts = [list(part) for part in chunks(Customer.objects.order_by("name"), size)]

    assert [customer.name for part in parts for customer in part] == ["Midden", "Noord", "Oost", "West", "Zuid"]
    assert max(len(part) for part in parts) == min(size, 5)


def test_values_of_rows_come_too_and_of_no_rows_nothing(customers):
    assert [list(part) for part in chunks(Customer.objects.order_by("-pk").values_list("name"), 3)] == [
        [("Midden",), ("West",), ("Oost",)],
        [("Noord",), ("Zuid",)],
    ]
    assert list(chunks(Customer.objects.filter(name="Nergens"))) == []


def test_what_changes_meanwhile_breaks_nothing(customers):
    parts = chunks(Customer.objects.order_by("name"), 2)

    names = [customer.name for customer in next(parts)]
    Customer.objects.filter(name="West").delete()
    CustomerFactory(type=CustomerType.objects.get(), name="Aan het begin")

    assert names + [customer.name for part in parts for customer in part] == ["Midden", "Noord", "Oost", "Zuid"]


def test_a_list_of_choices_opens_no_cursor(customers):
    with transaction.atomic(), connection.cursor() as cursor:
        rows = Customer.objects.iterator(chunk_size=2)
        next(rows)
        cursor.execute("SELECT count(*) FROM pg_cursors WHERE name LIKE '\\_django%%'")

        assert cursor.fetchone() == (0,)


def test_no_code_of_ours_reads_a_long_table_at_once():
    """Without server-side cursors `iterator()` holds the whole answer."""
    sources = [path for room in rooms() for path in (settings.BASE_DIR / room.path).rglob("*.py")]
    reading = [str(path) for path in sources if "migrations" not in path.parts and ITERATOR.search(path.read_text())]

    assert len(sources) > 200
    assert ITERATOR.search("for user in User.objects.iterator():")
    assert reading == []
