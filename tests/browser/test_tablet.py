"""The tablet of the hall in a real browser: paired by a code, opened by a name and four digits."""

import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Company
from accounts.tablets import set_pin
from cleanconnect.tenancy import context
from tests.browser.walking import Walk
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_paired_once_then_a_name_and_four_taps_within_three_seconds(page, browser, browser_context_args, site):
    company = Company.objects.found(name="Glans", start_guide_done_at=timezone.now())
    with context.company(company.pk):
        MembershipFactory(role="owner", user__username="olga")
        for name in ("Jan", "Wim"):
            set_pin(MembershipFactory(name=name), "4711")
    walk = Walk(page, site).log_in("olga", "een goed wachtwoord").menu("Gebruikers").tab("Tablets")
    walk.fill(naam_van_de_tablet="Wasbrug")
    page.get_by_role("button", name="Code maken").click()
    code = page.locator(".pair-code").inner_text()

    hall = browser.new_context(**browser_context_args | {"has_touch": True, "viewport": {"width": 768, "height": 1024}})
    tablet = hall.new_page()
    tablet.goto(f"{site}/tablet/")
    tablet.get_by_label("Code").fill(code)
    tablet.get_by_role("button", name="Koppelen").click()
    expect(tablet.get_by_role("heading", name="Wie bent u?")).to_be_visible()
    assert Axe().run(tablet).response["violations"] == []
    began = time.monotonic()
    tablet.get_by_role("link", name="Wim").tap()
    for digit in "4711":
        tablet.get_by_role("button", name=digit, exact=True).tap()
    expect(tablet.get_by_role("heading", name="Vandaag", exact=True)).to_be_visible()
    assert time.monotonic() - began < 3

    tablet.get_by_role("button", name="Wissel").tap()
    tablet.get_by_role("link", name="Jan").tap()
    expect(tablet.get_by_role("heading", name="Jan")).to_be_visible()
    assert Axe().run(tablet).response["violations"] == []
    assert min(key.bounding_box()["height"] for key in tablet.locator("[data-digit]").all()) >= 56
    tablet.get_by_label("Pincode").press_sequentially("4711")
    tablet.keyboard.press("Enter")
    expect(tablet.get_by_role("button", name="Mijn account")).to_contain_text("Jan")
    hall.close()
