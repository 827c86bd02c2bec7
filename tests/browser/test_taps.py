"""How much work the check is, counted: twenty points in at most 22 taps and 60 s, a defect in at most 4 taps and a photo, in 20 s."""

import time

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Company
from cleanconnect.tenancy import context
from quality.models import Check, Defect
from tests.browser.test_shift import photo
from tests.browser.walking import Walk, eventually
from tests.factories import ChecklistItemFactory, MembershipFactory, VehicleFactory, WorkOrderFactory
from workorders.models import WorkOrder

pytestmark = pytest.mark.django_db(transaction=True)
LARGE_ENOUGH = 56


class Finger:
    """Taps what is on the screen without scrolling to it, and counts."""

    def __init__(self, page):
        self.page, self.taps = page, 0

    def tap(self, target):
        """Fails when it is not there to tap: the page has to bring it."""
        self.page.wait_for_timeout(350)  # what scrolls by itself has come to rest
        box = target.bounding_box()
        height = self.page.viewport_size["height"]
        assert box["y"] >= 0, "it is above the screen"
        assert box["y"] + box["height"] <= height, "it is below the screen"
        assert box["height"] >= LARGE_ENOUGH
        self.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.taps += 1


@pytest.fixture
def hall(site, browser, browser_context_args):
    """Wim at Vandaag on a tablet, with one car of twenty points."""
    company = Company.objects.found(name="Glans", start_guide_done_at=timezone.now())
    with context.company(company.pk):
        wim = MembershipFactory(user__username="wim", name="Wim")
        for number in range(20):
            ChecklistItemFactory(name=f"Punt {number}")
        vehicle = VehicleFactory(plate="GB001B", plate_shown="GB-001-B")
        WorkOrderFactory(number=9000, vehicle=vehicle, created_by=wim, planned_on=timezone.localdate())
    return company


@pytest.fixture(params=[(768, 1024), (1280, 800)], ids=["upright", "flat"])
def page(request, browser, browser_context_args, site, hall):
    width, height = request.param
    tablet = browser.new_context(**browser_context_args | {"has_touch": True, "viewport": {"width": width, "height": height}})
    page = tablet.new_page()
    Walk(page, site).log_in("wim", "een goed wachtwoord")
    expect(page.get_by_role("heading", name="Vandaag", exact=True)).to_be_visible()
    yield page
    tablet.close()


def test_twenty_points_without_scrolling(page, hall):
    finger, began = Finger(page), time.monotonic()

    finger.tap(page.locator(".car", has_text="GB-001-B"))
    expect(page.get_by_role("button", name="Ja")).to_have_count(20)
    page.get_by_role("button", name="Ja").first.scroll_into_view_if_needed()
    for number in range(20):
        finger.tap(page.locator(".check").nth(number).get_by_role("button", name="Ja"))
    finger.tap(page.get_by_role("button", name="Gereed"))

    expect(page.get_by_role("heading", name="Vandaag", exact=True)).to_be_visible()
    assert finger.taps <= 22
    assert time.monotonic() - began < 60
    with context.company(hall.pk):
        assert eventually(lambda: WorkOrder.objects.get().status == "completed")
        assert Check.objects.filter(passed=True, answered_by__name="Wim").count() == 20


def test_a_defect_of_a_point(page, hall):
    page.get_by_role("link", name="GB-001-B").tap()
    question = page.locator(".check", has_text="Punt 0")
    question.get_by_role("button", name="Nee").tap()
    finger, began = Finger(page), time.monotonic()

    finger.tap(question.get_by_role("link", name="Mankement melden"))
    expect(page.get_by_role("heading", name="Mankement melden")).to_be_visible()
    page.get_by_label("Foto", exact=True).set_input_files(photo())
    where = page.locator('[data-place="roof"]').bounding_box()
    page.touchscreen.tap(where["x"] + where["width"] / 2, where["y"] + where["height"] / 2)
    finger.taps += 1
    finger.tap(page.locator("label", has_text="Deuk"))
    finger.tap(page.get_by_role("button", name="Melden"))

    expect(page.get_by_role("heading", name="Kwaliteitscheck")).to_be_visible()
    assert finger.taps <= 4
    assert time.monotonic() - began < 20
    with context.company(hall.pk):
        defect = eventually(lambda: Defect.objects.exclude(photo="").first())
        assert (defect.description, defect.place, defect.kind, defect.item.name) == ("Deuk, dak", "roof", "dent", "Punt 0")


def test_what_is_pressed_is_large_enough_and_a_nee_asks_what_to_do(page, hall):
    page.get_by_role("link", name="GB-001-B").tap()
    question = page.locator(".check", has_text="Punt 0")
    expect(question.get_by_role("button", name="Overdoen")).to_be_hidden()

    question.get_by_role("button", name="Nee").tap()
    question.get_by_role("button", name="Overdoen").tap()

    expect(question).to_contain_text("Wordt overgedaan")
    expect(page.locator("#progress")).to_contain_text("0 van 20 beantwoord")
    heights = {button.bounding_box()["height"] for button in page.get_by_role("main").locator(".btn").all() if button.is_visible()}
    assert min(heights) >= LARGE_ENOUGH
