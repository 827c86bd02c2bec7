"""A customer signs on the tablet with a finger, and the car is delivered."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from PIL import Image, ImageStat
from playwright.sync_api import expect

from accounts.models import Company
from cleanconnect.tenancy import context
from tests.browser.walking import Walk
from tests.factories import MembershipFactory, VehicleFactory, WorkOrderFactory
from workorders.models import Handover, WorkOrder

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_signature_is_drawn_and_kept(page, site):
    company = Company.objects.found(name="Glans", start_guide_done_at=timezone.now(), asks_signature=True)
    with context.company(company.pk):
        wim = MembershipFactory(user__username="wim")
        done = {"status": "completed", "completed_at": timezone.now(), "completed_by": wim, "created_by": wim}
        order = WorkOrderFactory(number=9000, vehicle=VehicleFactory(), **done)
    page.set_viewport_size({"width": 768, "height": 1024})
    Walk(page, site).log_in("wim", "een goed wachtwoord").go(f"/werkorders/overzicht/{order.pk}/")
    page.get_by_role("link", name="Afgeleverd").click()
    expect(page.get_by_role("heading", name="Overdracht")).to_be_visible()
    assert Axe().run(page).response["violations"] == []

    page.get_by_label("Naam van wie de auto meeneemt").fill("Karel de Vries")
    page.get_by_role("button", name="Getekend en afgeleverd").click()
    expect(page.get_by_text("Laat eerst tekenen")).to_be_visible()
    canvas = page.locator("canvas").bounding_box()
    page.mouse.move(canvas["x"] + 30, canvas["y"] + 30)
    page.mouse.down()
    page.mouse.move(canvas["x"] + canvas["width"] - 30, canvas["y"] + canvas["height"] - 30, steps=10)
    page.mouse.up()
    page.get_by_role("button", name="Getekend en afgeleverd").click()

    expect(page.get_by_text("Getekend door Karel de Vries")).to_be_visible()
    with context.company(company.pk):
        signed = Handover.objects.get()
        assert WorkOrder.objects.get().status == "delivered"
        with signed.signature.open() as file:
            assert ImageStat.Stat(Image.open(file).convert("L")).extrema[0][0] < 60  # ink
