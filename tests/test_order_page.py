"""The page of an order: every room tells its part of it, and what two parts show is read once."""

import re
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from invoicing.models import Invoice, InvoiceLine
from quality.checking import answer
from quality.models import Approval, CheckPhoto, Defect
from tests.factories import ChecklistItemFactory, ServiceFactory, VehicleFactory, WorkOrderFactory, WorkOrderLineFactory
from workorders.models import Assignment, DamageMark, OrderChange, OrderPhoto
from workorders.working import start


def happen(order, owner, wim, times):
    """Let everything happen to an order that its page tells of."""
    for _ in range(times):
        item, line = ChecklistItemFactory(), WorkOrderLineFactory(order=order)
        answer(order, item, passed=False, by=wim)
        CheckPhoto.objects.create(order=order, item=item, photo="x.webp", taken_by=wim)
        OrderPhoto.objects.create(order=order, photo="x.webp", added_by=wim)
        DamageMark.objects.create(order=order, place="bonnet", kind="dent", marked_by=wim)
        OrderChange.objects.create(order=order, version=2, text="Notitie: a → b", by=owner)
        defect = Defect.objects.create(order=order, item=item, description="Ster in de voorruit", found_by=wim)
        Approval.objects.create(
            order=order,
            defect=defect,
            service=ServiceFactory(),
            name="Uitdeuken",
            unit_price=1,
            vat_rate="21",
            decided_at="2026-11-02T10:00Z",
            decided_by=owner,
            expires_at="2026-12-01T00:00Z",
        )
        invoice = Invoice.objects.create(
            number=f"2026-{line.pk}",
            customer=order.customer,
            issued_on="2026-11-01",
            due_on="2026-11-15",
            seller={},
            buyer={},
            net_total=25,
            vat_total=5,
            gross_total=30,
            created_by=owner,
        )
        for order_line in (line, None):
            InvoiceLine.objects.create(
                invoice=invoice,
                order=order,
                order_line=order_line,
                performed_on="2026-11-01",
                vehicle="G",
                description="Wassen",
                quantity=1,
                unit_price=1,
                vat_rate="21",
                net=1,
            )


@pytest.fixture
def order(owner, employee, customer):
    order = WorkOrderFactory(customer=customer.membership.customer, vehicle=VehicleFactory(), created_by=owner.membership)
    Assignment.objects.bulk_create(Assignment(order=order, membership=one.membership) for one in (owner, employee))
    start(order, by=employee.membership)
    happen(order, owner.membership, employee.membership, 1)
    return order


def queries_of(client, order):
    address = reverse("workorders:detail", args=[order.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    before = ("django_", "accounts_user", "accounts_membership", "accounts_company")  # what every page asks: who looks
    return [query["sql"] for query in queries if tables_of(query["sql"]) and not tables_of(query["sql"])[0].startswith(before)]


def tables_of(sql):
    """The tables that a query reads itself; those of a sub-select have an alias."""
    return re.findall(r' FROM "(\w+)"(?! [UVW]\d)', sql)


@pytest.mark.parametrize(("role", "count"), [("owner", 16), ("employee", 15), ("customer", 10)])
def test_the_page_asks_as_much_for_an_order_with_much_as_for_one_with_little(request, owner, employee, order, role, count):
    client = request.getfixturevalue(role)
    assert len(queries_of(client, order)) == count

    happen(order, owner.membership, employee.membership, 3)

    assert len(queries_of(client, order)) == count


@pytest.mark.parametrize("role", ["owner", "employee", "customer"])
def test_no_table_is_read_twice(request, order, role):
    queries = queries_of(request.getfixturevalue(role), order)

    tables = Counter(table for sql in queries for table in tables_of(sql))
    assert tables["quality_defect"] == tables["quality_approval"] == tables["workorders_orderphoto"] == 1
    assert {table: count for table, count in tables.items() if count > 1} == {}
