"""The orders on the planning board, as the calendar in the browser is told of them."""

from datetime import date, datetime, time

import pytest
from django.db import connection
from django.db.models.query import QuerySet
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import CustomerFactory, MembershipFactory, VehicleFactory, WorkOrderFactory, WorkOrderLineFactory
from workorders.models import Assignment, Bay

MONDAY = date(2026, 12, 7)
LONG_AGO, LATER = (timezone.make_aware(datetime(year, 12, 7, hour, minute)) for year, hour, minute in ((2020, 8, 5), (2099, 16, 30)))


@pytest.fixture
def people(company):
    """Two who are not in the order of their names."""
    return MembershipFactory(name="Wim"), MembershipFactory(name="Anna")


def events(client, **query):
    return client.get(reverse("workorders:planning-events"), {"van": "2026-12-07", "tot": "2026-12-14", **query})


@pytest.fixture
def week(people):
    """An order with all there is to know of one, one that only has a day, and three that look different."""
    bay, (wim, anna) = Bay.objects.create(name="Wasbrug"), people
    common = {"created_by": wim, "customer": CustomerFactory(name="Garage Zuid & Zn")}
    volvo = VehicleFactory(plate="GB001K", plate_shown="GB-001-K")
    full = WorkOrderFactory(
        **common,
        vehicle=volvo,
        planned_on=MONDAY,
        planned_time=time(9),
        planned_minutes=90,
        bay=bay,
        promised_at=LATER,
        version=4,
    )
    Assignment.objects.bulk_create(Assignment(order=full, membership=person) for person in people)
    for description in ("Pakket: Interieur: Stoelen", "Kauwgom verwijderen"):
        WorkOrderLineFactory(order=full, description=description, minutes=20)
    nameless = VehicleFactory(plate="", plate_shown="", vin="WVWZZZ1JZXW000001", make="", model="")
    bare = WorkOrderFactory(**common, vehicle=nameless, planned_on=MONDAY)
    late = WorkOrderFactory(
        **common, vehicle=volvo, planned_on=date(2026, 12, 8), planned_time=time(14, 15), status="in_progress", promised_at=LONG_AGO
    )
    for minutes, quantity in ((25, "1.5"), (10, "2")):
        WorkOrderLineFactory(order=late, description="Velgen", minutes=minutes, quantity=quantity)
    delivered = WorkOrderFactory(
        **common,
        vehicle=volvo,
        planned_on=date(2026, 12, 13),
        status="delivered",
        completed_at=timezone.now(),
        completed_by=anna,
        promised_at=LONG_AGO,
    )
    Assignment.objects.create(order=delivered, membership=anna)
    WorkOrderFactory(**common, vehicle=volvo, planned_on=MONDAY, status="cancelled")
    WorkOrderFactory(**common, vehicle=volvo, planned_on=MONDAY, archived_at=timezone.now())
    WorkOrderFactory(**common, vehicle=volvo, planned_on=date(2026, 12, 14))
    return full, bare, late, delivered, bay


def event(order, **told):
    """What the calendar hears of an order of which nothing is known but its day."""
    day = order.planned_on
    usual = {
        "id": str(order.pk),
        "start": f"{day}T00:00:00",
        "end": f"2026-12-{day.day + 1:02}T00:00:00",
        "allDay": True,
        "resourceIds": ["0"],
        "title": "GB-001-K",
        "editable": True,
        "startEditable": True,
        "durationEditable": True,
        "classNames": ["event-planned"],
    }
    more = {
        "make": "Volvo V60",
        "customer": "Garage Zuid & Zn",
        "work": "",
        "status": "Ingepland",
        "promised": None,
        "minutes": 60,
        "time": None,
        "planned_minutes": None,
        "version": 1,
        "bay": None,
        "assigned": [],
        "url": reverse("workorders:detail", args=[order.pk]),
        "plan": reverse("workorders:plan", args=[order.pk]),
    }
    return (usual | {name: value for name, value in told.items() if name in usual}) | {
        "extendedProps": more | {name: value for name, value in told.items() if name in more}
    }


def test_the_calendar_is_told_all_of_each_order(owner, week, people):
    full, bare, late, delivered, bay = week
    wim, anna = (str(person.pk) for person in people)

    orders = events(owner).json()

    shut = {"editable": False, "startEditable": False, "durationEditable": False}
    expected = [
        event(
            full,
            start="2026-12-07T09:00:00",
            end="2026-12-07T10:30:00",
            allDay=False,
            resourceIds=[anna, wim],
            classNames=["event-planned", "event-in-time"],
            work="Stoelen, Kauwgom verwijderen",
            promised="16:30",
            minutes=90,
            time="09:00",
            planned_minutes=90,
            version=4,
            bay=bay.pk,
            assigned=[anna, wim],
        ),
        event(bare, title="WVWZZZ1JZXW000001", make=""),
        event(
            late,
            start="2026-12-08T14:15:00",
            end="2026-12-08T15:13:00",
            allDay=False,
            classNames=["event-in_progress", "event-late"],
            work="Velgen, Velgen",
            status="In behandeling",
            promised="08:05",
            minutes=58,
            time="14:15",
        ),
        event(
            delivered,
            resourceIds=[anna],
            classNames=["event-delivered"],
            status="Afgeleverd",
            promised="08:05",
            assigned=[anna],
            **shut,
        ),
    ]
    assert sorted(orders, key=lambda order: int(order["id"])) == expected


def test_by_bay_and_by_day_the_same_orders_stand_elsewhere(owner, week):
    full, bare, late, delivered, bay = week

    orders = {order["id"]: order for order in events(owner, per="bays", dagen="1").json()}

    assert orders[str(full.pk)]["resourceIds"] == [str(bay.pk)]
    assert {orders[str(order.pk)]["resourceIds"][0] for order in (bare, late, delivered)} == {"0"}
    assert all(order["allDay"] for order in orders.values())
    assert (orders[str(full.pk)]["start"], orders[str(full.pk)]["end"]) == ("2026-12-07T00:00:00", "2026-12-08T00:00:00")


def test_orders_without_a_time_come_after_those_that_have_one(owner, week):
    full, bare, late, delivered, _bay = week

    assert [order["id"] for order in events(owner).json()] == [str(order.pk) for order in (full, late, bare, delivered)]


def test_any_number_of_orders_is_asked_for_in_three_queries(owner, people, monkeypatch):
    def queries_and_querysets():
        querysets = []
        made = QuerySet.__init__
        monkeypatch.setattr(QuerySet, "__init__", lambda self, *args, **kwargs: (querysets.append(1), made(self, *args, **kwargs))[1])
        with CaptureQueriesContext(connection) as captured:
            response = events(owner)
        monkeypatch.setattr(QuerySet, "__init__", made)
        tables = ("workorders_workorder", "workorders_workorderline", "workorders_assignment")
        froms = [query["sql"] for query in captured if any(f'FROM "{table}" ' in query["sql"] for table in tables)]
        return len(response.json()), len(captured), len(froms), len(querysets)

    def planned():
        order = WorkOrderFactory(vehicle=VehicleFactory(), planned_on=MONDAY, created_by=people[0])
        Assignment.objects.bulk_create(Assignment(order=order, membership=person) for person in people)
        WorkOrderLineFactory(order=order)

    planned()
    queries_and_querysets()
    _one, queries, of_orders, querysets = queries_and_querysets()
    for _ in range(29):
        planned()

    assert queries_and_querysets() == (30, queries, of_orders, querysets)
    assert of_orders == 3
