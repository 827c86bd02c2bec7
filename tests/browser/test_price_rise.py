"""A price rise for one dealer: few fields, few clicks, and in half a minute."""

import time
from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from accounts.models import Company
from cleanconnect.tenancy import context
from services.models import PriceAgreement
from services.pricing import prices_for
from tests.browser.test_every_page import faults
from tests.browser.walking import Walk
from tests.factories import CustomerFactory, MembershipFactory, ServiceFactory, ServiceGroupFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def dealer(site):
    from django.utils import timezone

    company = Company.objects.found(name="Glans", start_guide_done_at=timezone.now())
    with context.company(company.pk):
        MembershipFactory(role="owner", user__username="olga")
        group = ServiceGroupFactory(name="Exterieur")
        dealer = CustomerFactory(name="Dealer De Vries")
        services = [ServiceFactory(name=f"Handeling {n}", group=group, price=Decimal(40)) for n in range(30)]
        PriceAgreement.objects.bulk_create(
            PriceAgreement(customer=dealer, service=service, value=Decimal(20), starts_on=date(2026, 1, 1)) for service in services
        )
    dealer.services = services
    return dealer


def test_a_dealers_prices_rise_by_three_percent(page, site, dealer):
    walk = Walk(page, site).log_in("olga", "een goed wachtwoord")
    began, fields, clicks = time.monotonic(), 0, 0

    walk.menu("Klantenbeheer")
    page.get_by_role("link", name="Dealer De Vries bewerken").click()
    page.get_by_role("link", name="Prijsbeheer").click()
    page.get_by_role("link", name="Prijzen verhogen").click()
    page.get_by_label("Verhoging in procent").fill("3")
    page.get_by_role("button", name="Bekijk wat er verandert").click()
    expect(page.get_by_role("heading", name="30 prijzen veranderen")).to_be_visible()
    expect(page.get_by_text("€\xa020,60").first).to_be_visible()
    page.get_by_role("button", name="Prijzen verhogen").click()
    expect(page.get_by_text("30 prijzen veranderen: +3% per 1 januari").first).to_be_visible()
    fields, clicks, seconds = fields + 1, clicks + 6, time.monotonic() - began

    assert (fields, clicks) == (1, 6)
    assert seconds <= 30
    with context.company(dealer.company_id):
        new_year = PriceAgreement.objects.latest("starts_on").starts_on
        amounts = {price.amount for price in prices_for(dealer, dealer.services, new_year).values()}
    assert amounts == {Decimal("20.60")}
    assert (new_year.month, new_year.day) == (1, 1)


def test_what_is_shown_before_and_after_a_rise_looks_right(page, site, dealer):
    Walk(page, site).log_in("olga", "een goed wachtwoord").go("/werkzaamheden/prijzen-verhogen/")

    page.get_by_label("Verhoging in procent").fill("3")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="30 prijzen veranderen")).to_be_visible()
    assert list(faults(page, page.url, dark=False)) == []
    page.get_by_role("button", name="Prijzen verhogen").click()
    expect(page.get_by_role("button", name="Ongedaan maken")).to_be_visible()
    assert list(faults(page, page.url, dark=False)) == []

    page.get_by_role("button", name="Ongedaan maken").click()
    expect(page.get_by_text("30 prijzen zijn weer wat ze waren.").first).to_be_visible()
