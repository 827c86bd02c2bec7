"""What an order comes to is kept beside it by the database, whoever writes its lines."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import Company
from cleanconnect.tenancy import context
from cleanconnect.tenancy.roles import as_owner
from tests.factories import WorkOrderFactory
from workorders.models import WorkOrder, WorkOrderLine


@pytest.fixture
def order(company):
    return WorkOrderFactory()


def line(order, price="20.00", **fields):
    return WorkOrderLine(order=order, description="Wassen", unit_price=Decimal(price), vat_rate="21", **fields)


def net(order):
    return WorkOrder.objects.get(pk=order.pk).net


def test_it_follows_the_lines(order):
    assert net(order) == 0

    WorkOrderLine.objects.bulk_create([line(order), line(order, "12.35", quantity=Decimal("0.33"), discount=Decimal("33.33"))])
    assert net(order) == Decimal("22.72")

    order.lines.filter(unit_price=20).update(quantity=3)
    assert net(order) == Decimal("62.72")

    order.lines.filter(unit_price=20).delete()
    assert net(order) == Decimal("2.72")

    order.lines.all().delete()
    assert net(order) == 0


def test_a_line_that_goes_to_another_order_leaves_the_first(order):
    moved, other = line(order), WorkOrderFactory()
    moved.save()

    moved.order = other
    moved.save()

    assert (net(order), net(other)) == (0, Decimal("20.00"))


def test_an_order_read_before_its_lines_changed_does_not_put_the_old_amount_back(order):
    stale = WorkOrder.objects.get(pk=order.pk)
    line(order).save()

    stale.remark = "Graag voor vijven"
    stale.save()
    WorkOrder.objects.filter(pk=order.pk).update(net=5)

    assert net(order) == Decimal("20.00")


def test_a_new_order_begins_at_nothing_whatever_it_says(order):
    copy = WorkOrder.objects.get(pk=order.pk)
    copy.pk, copy.number, copy.net = None, copy.number + 1000, Decimal("99.00")
    copy.save()

    assert net(copy) == 0


@pytest.mark.django_db(transaction=True)
def test_the_operator_can_have_it_added_up():
    company = Company.objects.found(name="Glans Autopoets")
    with context.company(company.pk):
        order = WorkOrderFactory()
        line(order).save()
    call_command("nets", stdout=StringIO())

    with as_owner(), context.company(company.pk), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE workorders_workorder DISABLE TRIGGER keep_net")
        cursor.execute("UPDATE workorders_workorder SET net = 19")
        cursor.execute("ALTER TABLE workorders_workorder ENABLE TRIGGER keep_net")

    told = StringIO()
    with pytest.raises(CommandError, match="1 orders"):
        call_command("nets", stdout=told)
    assert f"order {order.number}: 19.00 is kept, its lines are 20.00" in told.getvalue()
