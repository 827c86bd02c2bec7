"""`/` searches from any page, with the keyboard alone."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Company
from cleanconnect.tenancy import context
from tests.browser.walking import Walk
from tests.factories import CustomerFactory, MembershipFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_customer_is_found_with_the_keyboard(page, site):
    company = Company.objects.found(name="Glans", start_guide_done_at=timezone.now())
    with context.company(company.pk):
        MembershipFactory(role="owner", user__username="olga")
        CustomerFactory(name="Dealer De Vries")
    Walk(page, site).log_in("olga", "een goed wachtwoord").go("/facturen/overzicht/")

    page.keyboard.press("/")
    page.keyboard.type("vries")
    expect(page.get_by_role("link", name="Dealer De Vries")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Dealer De Vries", level=1)).to_be_visible()

    page.keyboard.press("/")
    page.keyboard.type("niets")
    expect(page.get_by_text("Niets gevonden voor ‘niets’.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Niets gevonden")).to_be_hidden()

    page.set_viewport_size({"width": 360, "height": 800})
    page.keyboard.press("/")
    expect(page.get_by_role("heading", name="Zoeken", level=1)).to_be_visible()
