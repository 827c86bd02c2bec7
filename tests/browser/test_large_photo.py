"""A photo of a telephone's size, with a real worker: the page says that it is being made, and then shows it by itself."""

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from accounts.models import Company
from cleanconnect.tenancy import context
from tests.browser.walking import Walk
from tests.factories import MembershipFactory, WorkOrderFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_large_photo_comes_into_the_page_by_itself(page, site, worker, tmp_path):
    company = Company.objects.found(name="Glans", start_guide_done_at=timezone.now())
    with context.company(company.pk):
        MembershipFactory(user__username="olga", role="owner", name="Olga")
        order = WorkOrderFactory(number=9000)
    photo = tmp_path / "auto.jpg"
    Image.effect_noise((3000, 2000), 20).convert("RGB").save(photo)
    Walk(page, site).log_in("olga", "een goed wachtwoord")
    page.goto(site + reverse("workorders:intake", args=[order.pk]))

    page.locator("input[name=photos]").set_input_files(photo)
    page.locator("form", has=page.locator("input[name=photos]")).get_by_role("button").last.click()

    expect(page.get_by_text("1 foto is bewaard.")).to_be_visible()
    shown = page.locator(".thumbs img")
    expect(shown).to_have_count(1, timeout=60_000)
    page.wait_for_function("document.querySelector('.thumbs img').complete")
    assert page.evaluate("document.querySelector('.thumbs img').naturalWidth") > 0
