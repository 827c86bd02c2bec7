"""The board: what is on it, what fits in a day, and planning from it."""

from datetime import date, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import Membership
from tests.factories import CustomerFactory, MembershipFactory, VehicleFactory, WorkOrderFactory, WorkOrderLineFactory
from workorders.models import Assignment, Bay, SpecialDay, WorkingDay
from workorders.planning.capacity import days, objections, public_holidays

MONDAY, CHRISTMAS = date(2026, 12, 7), date(2026, 12, 25)


@pytest.fixture
def wim(company):
    return MembershipFactory(name="Wim Werknemer")


def planned(day=MONDAY, at=None, minutes=60, people=(), **fields):
    by = Membership.objects.first() or MembershipFactory()  # whoever is there: an order brings no employee of its own
    order = WorkOrderFactory(vehicle=VehicleFactory(), planned_on=day, planned_time=at, planned_minutes=minutes, created_by=by, **fields)
    Assignment.objects.bulk_create(Assignment(order=order, membership=person) for person in people)
    return order


def against(order, day=MONDAY, starts_at=None, minutes=60, people=(), bay=None):
    return objections(order, day=day, starts_at=starts_at, minutes=minutes, people=list(people), bay=bay)


def test_a_day_is_eight_hours_for_each_employee_and_the_weekend_none(wim):
    MembershipFactory(name="Jan")
    MembershipFactory(role="owner")

    found = {day.day.isoweekday(): day.capacity for day in days(MONDAY, date(2026, 12, 13))}

    assert found == {1: 960, 2: 960, 3: 960, 4: 960, 5: 960, 6: 0, 7: 0}


def test_own_hours_go_before_those_of_the_company(wim):
    WorkingDay.objects.create(weekday=0, starts_at=time(7), ends_at=time(12), break_minutes=15)
    assert days(MONDAY, MONDAY)[0].capacity == 285

    WorkingDay.objects.create(membership=wim, weekday=0)
    assert days(MONDAY, MONDAY)[0].capacity == 0


def test_dutch_holidays_are_days_off_unless_there_is_work(wim):
    [christmas] = days(CHRISTMAS, CHRISTMAS)
    assert (christmas.holiday, christmas.capacity) == ("Eerste kerstdag", 0)

    SpecialDay.objects.create(day=CHRISTMAS, is_open=True)
    assert days(CHRISTMAS, CHRISTMAS)[0].capacity == 480


def test_all_dutch_public_holidays_of_a_year_are_known():
    assert {day.strftime("%d-%m") for day in public_holidays(date(2027, 1, 1), date(2027, 12, 31))} >= {
        "01-01",
        "28-03",
        "29-03",
        "27-04",
        "06-05",
        "16-05",
        "17-05",
        "25-12",
        "26-12",
    }


def test_a_day_off_of_one_person_is_that_persons_only(wim):
    MembershipFactory(name="Jan")
    SpecialDay.objects.create(day=MONDAY, membership=wim, reason="vakantie")

    assert days(MONDAY, MONDAY)[0].capacity == 480


def test_what_is_planned_counts_once_also_for_two(wim):
    jan = MembershipFactory(name="Jan")
    planned(minutes=120, people=[wim, jan])
    planned(minutes=30)
    planned(minutes=500, status="cancelled")

    [day] = days(MONDAY, MONDAY)

    assert dict(day.planned) == {wim.pk: 60, jan.pk: 60, None: 30}
    assert (day.minutes, day.count, day.is_over) == (150, 2, False)


def test_days_take_as_many_queries_for_any_number_of_orders(wim, django_assert_num_queries):
    for _ in range(5):
        planned(people=[wim])

    with django_assert_num_queries(5):
        days(MONDAY, date(2026, 12, 13))


def test_overload_is_said_before_it_is_saved(wim):
    planned(minutes=400, people=[wim])
    order = planned(day=None, minutes=90)

    assert against(order, people=[wim], minutes=80) == []
    assert against(order, people=[wim], minutes=90) == ["Wim Werknemer heeft maandag 7 december dan 490 minuten werk en werkt er 480."]
    assert "gepland; er wordt 480 minuten gewerkt" in against(order, minutes=90)[0]


def test_moving_within_the_day_does_not_count_twice(wim):
    order = planned(minutes=450, people=[wim])

    assert against(order, people=[wim], minutes=450) == []


def test_who_is_away_busy_or_home_by_then_is_said(wim):
    SpecialDay.objects.create(day=date(2026, 12, 8), membership=wim, reason="tandarts")
    busy = planned(at=time(9), minutes=60, people=[wim])
    order = planned(day=None)

    assert against(order, day=date(2026, 12, 8), people=[wim]) == ["Wim Werknemer werkt dinsdag 8 december niet: tandarts."]
    assert against(order, day=CHRISTMAS, people=[wim])[0].endswith("Eerste kerstdag.")
    assert against(order, starts_at=time(9, 30), people=[wim]) == [f"Wim Werknemer is dan al bezig met {busy.vehicle} (09:00)."]
    assert against(order, starts_at=time(10), people=[wim]) == []
    assert against(order, starts_at=time(16, 30), people=[wim]) == ["Wim Werknemer werkt maandag 7 december van 08:00 tot 17:00."]


def test_a_bay_holds_one_car_at_a_time(wim):
    bay = Bay.objects.create(name="Wasbrug")
    there = planned(at=time(9), minutes=60, bay=bay)
    order = planned(day=None)

    assert against(order, starts_at=time(9, 59), bay=bay) == [f"Op Wasbrug staat dan {there.vehicle} (09:00)."]
    assert against(order, starts_at=time(10), bay=bay) == []


def plan(client, order, **typed):
    sent = {"version": order.version, "planned_on": MONDAY.isoformat(), **typed}
    return client.post(reverse("workorders:plan", args=[order.pk]), sent, headers={"HX-Request": "true"})


def test_an_order_is_planned_and_written_down(owner, wim):
    order = planned(day=None, minutes=None)

    response = plan(owner, order, planned_time="10:15", planned_minutes="45", assigned=[wim.pk])

    assert (response.status_code, response["HX-Trigger"]) == (204, "planned")
    order.refresh_from_db()
    assert (order.planned_on, order.planned_time, order.planned_minutes, order.version) == (MONDAY, time(10, 15), 45, 2)
    assert [person.name for person in order.assigned] == ["Wim Werknemer"]
    assert "Werknemers: – → Wim Werknemer" in [change.text for change in order.changes.all()]


def test_what_speaks_against_it_asks_for_a_second_press(owner, wim):
    order = planned(day=None)

    response = plan(owner, order, planned_minutes="600", assigned=[wim.pk])

    assertContains(response, "Dit past niet helemaal", status_code=422)
    order.refresh_from_db()
    assert order.planned_on is None
    sent = {"planned_minutes": "600", "assigned": [wim.pk], "confirmed": response.context["seen"]}
    assert plan(owner, order, **sent).status_code == 204


@pytest.mark.parametrize("changed", [{"planned_minutes": "900"}, {"planned_time": "06:00"}, {"confirmed": "ja"}])
def test_what_was_changed_after_that_is_looked_at_again(owner, wim, changed):
    order = planned(day=None)
    seen = plan(owner, order, planned_minutes="600", assigned=[wim.pk]).context["seen"]

    response = plan(owner, order, **({"planned_minutes": "600", "assigned": [wim.pk], "confirmed": seen} | changed))

    assertContains(response, "Dit past niet helemaal", status_code=422)
    order.refresh_from_db()
    assert order.planned_on is None


def test_a_board_that_was_old_is_told_what_happened(owner, wim):
    order = planned(day=None)
    plan(owner, order, planned_time="09:00")

    response = plan(owner, order, planned_time="14:00")

    assertContains(response, "Begintijd: – → 09:00", status_code=422)
    again = plan(owner, order, planned_time="14:00", version=response.context["form"]["version"].value())
    assert again.status_code == 204


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"planned_on": "", "planned_time": "09:00"}, "planned_on"),
        ({"planned_time": "25:00"}, "planned_time"),
        ({"planned_minutes": "1"}, "planned_minutes"),
    ],
)
def test_a_plan_that_cannot_be_is_told_at_its_field(owner, company, typed, field):
    response = plan(owner, planned(day=None), **typed)

    assert response.status_code == 422
    assert field in response.context["form"].errors


def test_without_htmx_planning_is_a_page(owner, wim):
    order = planned(day=None)
    address = reverse("workorders:plan", args=[order.pk])

    assertContains(owner.get(address), "<html")
    assert owner.post(address, {"version": 1, "planned_on": MONDAY.isoformat()}).url == reverse("workorders:planning")


def events(client, **query):
    response = client.get(reverse("workorders:planning-events"), {"van": "2026-12-07", "tot": "2026-12-14", **query})
    return response.json() if response.status_code == 200 else response.status_code


def test_the_board_shows_orders_by_person_and_by_bay(owner, employee, wim):
    bay = Bay.objects.create(name="Wasbrug")
    order = planned(at=time(9), minutes=90, people=[wim], bay=bay, customer=CustomerFactory(name="Dealer"))
    planned(day=date(2026, 12, 14))

    [found] = events(owner)
    assert (found["start"], found["end"], found["allDay"]) == ("2026-12-07T09:00:00", "2026-12-07T10:30:00", False)
    assert (found["resourceIds"], found["editable"]) == ([str(wim.pk)], True)
    [by_bay] = events(owner, per="bays", dagen="1")
    assert (by_bay["resourceIds"], by_bay["allDay"], by_bay["extendedProps"]["time"]) == ([str(bay.pk)], True, "09:00")
    [for_employee] = events(employee)
    assert for_employee["editable"] is False
    assert order.lines.count() == 0


@pytest.mark.parametrize("query", [{"van": ""}, {"van": "x"}, {"tot": "2026-12-07"}, {"tot": "2029-01-01"}, {"van": "2026-13-45"}])
def test_a_period_that_is_none_is_not_there(owner, query):
    assert events(owner, **query) == 404


def test_the_board_takes_as_many_queries_for_eighty_orders(owner, wim):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            events(owner)
        return len(captured)

    WorkOrderLineFactory(order=planned(people=[wim]))
    events(owner)
    for_one = queries()
    for n in range(79):
        WorkOrderLineFactory(order=planned(at=time(8 + n % 8), people=[wim]))

    assert len(events(owner)) == 80
    assert queries() == for_one


def test_unplanned_and_left_over_orders_stand_beside_the_board(owner, employee, wim):
    free, left = planned(day=None), planned(day=date(2026, 1, 5))
    busy = planned(day=date(2026, 1, 5), status="in_progress")

    page = owner.get(reverse("workorders:planning"))

    for order in (free, left):
        assertContains(page, f'data-plan="{reverse("workorders:plan", args=[order.pk])}"')
    assertNotContains(page, reverse("workorders:plan", args=[busy.pk]))
    assertNotContains(employee.get(reverse("workorders:planning")), "data-plan")
    assert employee.post(reverse("workorders:plan", args=[free.pk])).status_code == 403


def week(**changed):
    sent = {}
    for n in range(5):
        sent |= {f"dag-{n}-starts_at": "07:30", f"dag-{n}-ends_at": "16:00", f"dag-{n}-break_minutes": "30"}
    for n in (5, 6):
        sent |= {f"dag-{n}-starts_at": "", f"dag-{n}-ends_at": "", f"dag-{n}-break_minutes": "0"}
    return sent | changed


def test_working_hours_are_set_for_the_company_and_for_one_person(owner, wim):
    assertContains(owner.get(reverse("workorders:hours")), 'value="08:00"')
    owner.post(reverse("workorders:hours"), week())
    owner.post(f"{reverse('workorders:hours')}?wie={wim.pk}", week(**{"dag-0-starts_at": "", "dag-0-ends_at": ""}))
    assert [day.capacity for day in days(MONDAY, date(2026, 12, 8))] == [0, 480]

    owner.post(f"{reverse('workorders:hours')}?wie={wim.pk}", week(als_het_bedrijf="ja"))
    assert days(MONDAY, MONDAY)[0].capacity == 480


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"dag-0-ends_at": ""}, "Vul allebei de tijden in"),
        ({"dag-0-ends_at": "07:00"}, "De eindtijd ligt niet na de begintijd."),
        ({"dag-0-starts_at": "negen uur"}, "Voer een geldige tijd in"),
        ({"dag-0-break_minutes": "-5"}, "Zorg ervoor dat"),
    ],
)
def test_hours_that_cannot_be_are_told(owner, wim, changed, message):
    response = owner.post(reverse("workorders:hours"), week(**changed))

    assertContains(response, message, status_code=422)
    assert not WorkingDay.objects.exists()


def test_bays_and_special_days_come_and_go(owner, wim):
    owner.post(reverse("workorders:bay-create"), {"name": "Wasbrug", "position": "1"})
    owner.post(reverse("workorders:special-day-create"), {"day": "2026-12-24", "reason": "Kerstborrel"})
    page = owner.get(reverse("workorders:hours"))
    assertContains(page, "Wasbrug")
    assertContains(page, "Kerstborrel")
    double = owner.post(reverse("workorders:special-day-create"), {"day": "2026-12-24", "reason": "Nog eens"})
    assertContains(double, "Voor deze dag is al iets vastgelegd.", status_code=422)

    planned(bay=Bay.objects.get())
    owner.post(reverse("workorders:bay-delete", args=[Bay.objects.get().pk]))
    owner.post(reverse("workorders:special-day-delete", args=[SpecialDay.objects.get().pk]))

    assert Bay.objects.get().archived_at is not None
    assert not SpecialDay.objects.exists()


def test_the_hall_screen_shows_today_without_customers_names(employee, company, customer):
    order = planned(day=timezone.localdate(), customer=CustomerFactory(name="Geheime klant"), promised_at=timezone.now())
    planned(day=timezone.localdate(), status="cancelled")

    page = employee.get(reverse("workorders:hall-screen"))

    assertContains(page, order.vehicle.plate_shown)
    assertContains(page, "is-late")
    assertNotContains(page, "Geheime klant")
    assert page.content.count(b"hall-car is-") + page.content.count(b'"hall-car"') == 1
    assert customer.get(reverse("workorders:hall-screen")).status_code == 403
