"""The planning board in a real browser: by mouse, by keyboard, by finger, and with a day that is too full."""

from datetime import time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Company
from cleanconnect.tenancy import context
from tests.browser.walking import Walk
from tests.factories import CustomerFactory, MembershipFactory, VehicleFactory, WorkOrderFactory
from workorders.models import Assignment, SpecialDay, WorkingDay, WorkOrder

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def company(site):
    """Two employees at work every day of the week; Wim has a car at nine, another stands unplanned."""
    company = Company.objects.found(name="Glans", start_guide_done_at=timezone.now())
    with context.company(company.pk):
        olga = MembershipFactory(role="owner", user__username="olga", name="Olga")
        jan, wim = MembershipFactory(name="Jan"), MembershipFactory(name="Wim")
        for weekday in range(7):
            WorkingDay.objects.create(weekday=weekday, starts_at=time(8), ends_at=time(17), break_minutes=60)
        SpecialDay.objects.create(day=timezone.localdate(), is_open=True)  # whatever day the test runs on
        customer = CustomerFactory(name="Dealer De Vries")
        fields = {"customer": customer, "created_by": olga, "planned_minutes": 60}
        there = WorkOrderFactory(
            number=9001,
            vehicle=VehicleFactory(plate="GB001B", plate_shown="GB-001-B"),
            planned_on=timezone.localdate(),
            planned_time=time(9),
            **fields,
        )
        Assignment.objects.create(order=there, membership=wim)
        WorkOrderFactory(number=9002, vehicle=VehicleFactory(plate="GB002B", plate_shown="GB-002-B"), **fields)
    company.jan, company.wim, company.olga, company.customer = jan, wim, olga, customer
    return company


def order(company, number):
    with context.company(company.pk):
        found = WorkOrder.objects.prefetch_related("assignments__membership").get(number=number)
        return found, [person.name for person in found.assigned]


TALL = {"width": 1280, "height": 1600}  # the whole day is on the screen: near an edge the board scrolls along with what is dragged


@pytest.fixture
def board(page, site, company):
    page.set_viewport_size(TALL)
    Walk(page, site).log_in("olga", "een goed wachtwoord").menu("Werkorders").tab("Planning")
    expect(page.get_by_role("button", name="GB-001-B")).to_be_visible()
    return page.locator("#board")


def column(page, name):
    """The middle of somebody's column, in pixels from the left."""
    box = page.locator(".ec-resource, .ec-day-head, .ec-col-head").filter(has_text=name).last.bounding_box()
    return box["x"] + box["width"] / 2


def card_of(page, plate):
    """The card of a car on the board, with its edges."""
    return page.locator("#board .ec-event", has=page.get_by_role("button", name=plate))


def box_of(card):
    """Where the card is, once the board stands still."""
    before = None
    while (now := card.bounding_box()) != before:
        before = now
        card.page.wait_for_timeout(150)
    return now


def drag(page, start, end):
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 5, start[1] + 5, steps=3)
    page.mouse.move(*end, steps=12)
    page.mouse.up()


def test_an_order_is_dragged_to_another_person_and_hour(page, company, board):
    card = card_of(page, "GB-001-B")
    box = box_of(card)
    grip = (box["x"] + 12, box["y"] + 8)
    per_hour = box["height"]

    with page.expect_response(lambda answer: "/plannen/" in answer.url) as answer:
        drag(page, grip, (column(page, "Jan"), grip[1] + 2 * per_hour))

    assert answer.value.status == 204
    moved, people = order(company, 9001)
    assert (moved.planned_time, people, moved.planned_minutes) == (time(11), ["Jan"], 60)
    expect(page.get_by_role("button", name="GB-001-B, Volvo V60, Dealer De Vries, 11:00")).to_be_visible()


def test_an_unplanned_car_is_dragged_onto_the_board(page, company, board):
    card = box_of(card_of(page, "GB-001-B"))
    place = board.bounding_box()

    with page.expect_response(lambda answer: "/plannen/" in answer.url) as answer:
        page.locator(".unplanned").drag_to(
            board, target_position={"x": column(page, "Jan") - place["x"], "y": card["y"] + card["height"] + 10 - place["y"]}
        )

    assert answer.value.status == 204
    planned, people = order(company, 9002)
    assert (planned.planned_on, planned.planned_time, people) == (timezone.localdate(), time(10), ["Jan"])
    expect(page.get_by_text("Alles is gepland.")).to_be_visible()


def test_by_keyboard_alone(page, company, board):
    card = page.get_by_role("button", name="GB-001-B")
    card.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()

    dialog.get_by_label("Begintijd").fill("13:30")
    dialog.get_by_label("Jan").check()
    dialog.get_by_label("Jan").press("Enter")

    expect(dialog).to_be_hidden()
    moved, people = order(company, 9001)
    assert (moved.planned_time, people) == (time(13, 30), ["Jan", "Wim"])


@pytest.mark.parametrize("label", ["Datum", "Begintijd", "Duur in minuten", "Wim"])
def test_enter_in_each_field_of_the_dialog_plans(page, company, board, label):
    page.get_by_role("link", name="Plannen GB-002-B").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Datum").fill(timezone.localdate().isoformat())

    dialog.get_by_label(label).press("Enter")

    expect(dialog).to_be_hidden()
    assert order(company, 9002)[0].planned_on == timezone.localdate()


@pytest.mark.parametrize("label", ["Datum", "Begintijd", "Duur in minuten", "Wim"])
def test_enter_looks_again_at_what_did_not_fit(page, company, board, label):
    page.get_by_role("link", name="Plannen GB-002-B").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Datum").fill(timezone.localdate().isoformat())
    dialog.get_by_label("Begintijd").fill("09:30")
    dialog.get_by_label("Wim").check()
    dialog.get_by_role("button", name="Plannen").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    expect(dialog.locator(".htmx-added")).to_have_count(0)  # a moment after it is shown, the form is the dialog's

    with page.expect_response(lambda answer: "/plannen/" in answer.url) as answer:
        dialog.get_by_label(label).press("Enter")

    assert answer.value.status == 422
    expect(dialog.get_by_role("alert")).to_be_visible()
    assert order(company, 9002)[0].planned_on is None


def test_what_does_not_fit_is_said_first_and_escape_leaves_it(page, company, board):
    page.get_by_role("link", name="Plannen GB-002-B").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Datum").fill(timezone.localdate().isoformat())
    dialog.get_by_label("Begintijd").fill("09:30")
    dialog.get_by_label("Wim").check()
    dialog.get_by_role("button", name="Plannen").click()

    expect(dialog.get_by_role("alert")).to_contain_text("Wim is dan al bezig met GB-001-B (09:00).")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert order(company, 9002)[0].planned_on is None

    page.get_by_role("link", name="Plannen GB-002-B").click()
    dialog.get_by_label("Datum").fill(timezone.localdate().isoformat())
    dialog.get_by_label("Begintijd").fill("09:30")
    dialog.get_by_label("Wim").check()
    dialog.get_by_role("button", name="Plannen").click()
    dialog.get_by_role("button", name="Toch zo plannen").click()
    expect(dialog).to_be_hidden()
    assert order(company, 9002)[1] == ["Wim"]


def test_the_week_moves_an_order_to_another_day_and_keeps_its_hour(page, company, board):
    page.set_viewport_size(TALL | {"width": 1700})  # the whole week is on the screen
    with page.expect_response(lambda answer: "dagen=1" in answer.url):
        page.get_by_role("button", name="Week", exact=True).click()
    card = page.locator("#board .ec-timeline .ec-event", has=page.get_by_role("button", name="GB-001-B"))
    expect(card).to_be_visible()
    box = box_of(card)
    step = box["width"] + 2
    to_the_right = timezone.localdate().weekday() < 4
    target = box["x"] + box["width"] / 2 + (step if to_the_right else -step)

    with page.expect_response(lambda answer: "/plannen/" in answer.url) as answer:
        drag(page, (box["x"] + 15, box["y"] + 8), (target, box["y"] + 12))

    assert answer.value.status == 204
    moved, _people = order(company, 9001)
    assert moved.planned_on == timezone.localdate() + timedelta(days=1 if to_the_right else -1)
    assert moved.planned_time == time(9)


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (768, 1024), (1024, 768)])
def test_eighty_orders_fit_a_laptop_and_a_tablet(page, site, company, width, height):
    with context.company(company.pk):
        people = [company.jan, company.wim, *(MembershipFactory(name=f"Werknemer {n}") for n in range(6))]
        for n in range(78):
            made = WorkOrderFactory(
                number=8000 + n,
                vehicle=VehicleFactory(),
                customer=company.customer,
                created_by=company.olga,
                planned_on=timezone.localdate(),
                planned_time=time(8 + n // 8 % 9, 0 if n < 40 else 30),
                planned_minutes=30,
            )
            Assignment.objects.create(order=made, membership=people[n % 8])
    page.set_viewport_size({"width": width, "height": height})

    Walk(page, site).log_in("olga", "een goed wachtwoord").go("/werkorders/planning/")

    expect(page.locator("#board .ec-event")).to_have_count(79)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert min(box["height"] for box in [card.bounding_box() for card in page.locator("#board .ec-event").all()[:10]]) >= 24
    page.locator("#board .ec-event").last.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_a_finger_plans_by_pressing(browser, browser_context_args, site, company):
    tablet = browser.new_context(**browser_context_args | {"has_touch": True, "viewport": {"width": 768, "height": 1024}})
    page = tablet.new_page()
    Walk(page, site).log_in("olga", "een goed wachtwoord").go("/werkorders/planning/")

    page.get_by_role("link", name="Plannen GB-002-B").tap()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Datum").fill(timezone.localdate().isoformat())
    dialog.get_by_label("Jan").tap()
    dialog.get_by_role("button", name="Plannen").tap()
    expect(dialog).to_be_hidden()

    assert order(company, 9002)[1] == ["Jan"]
    tablet.close()


def test_a_finger_drags_after_a_long_press(browser, browser_context_args, site, company):
    tablet = browser.new_context(**browser_context_args | {"has_touch": True, "viewport": TALL})
    page = tablet.new_page()
    Walk(page, site).log_in("olga", "een goed wachtwoord").go("/werkorders/planning/")
    card = card_of(page, "GB-001-B")
    box = box_of(card)
    x, y = box["x"] + 12, box["y"] + 8
    finger = tablet.new_cdp_session(page)

    def touch(kind, *points):
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": at[0], "y": at[1]} for at in points]})

    touch("touchStart", (x, y))
    page.wait_for_timeout(600)
    for step in range(1, 11):
        touch("touchMove", (x, y + step * box["height"] / 10))
        page.wait_for_timeout(20)
    with page.expect_response(lambda answer: "/plannen/" in answer.url) as answer:
        touch("touchEnd")

    assert answer.value.status == 204
    assert order(company, 9001)[0].planned_time == time(10)
    tablet.close()


def test_the_hall_screen_refreshes_by_itself_and_says_when_it_is_old(page, site, company):
    page.clock.install()
    walk = Walk(page, site).log_in("olga", "een goed wachtwoord").go("/werkorders/planning/halscherm/")
    walk.sees("GB-001-B")
    with context.company(company.pk):
        WorkOrder.objects.filter(number=9001).update(status="to_check")

    page.clock.fast_forward(21_000)
    expect(page.get_by_text("Klaar voor controle")).to_be_visible()
    expect(page.get_by_role("alert")).to_be_hidden()

    page.context.set_offline(True)
    for _ in range(5):
        page.clock.fast_forward(20_000)
    expect(page.get_by_role("alert").filter(has_text="Geen verbinding")).to_be_visible()
    page.context.set_offline(False)
    page.clock.fast_forward(21_000)
    page.clock.fast_forward(3_000)
    expect(page.get_by_role("alert").filter(has_text="Geen verbinding")).to_be_hidden()
