"""A link that ended, on the telephone and the desk of who has it: readable, and with a telephone number to press."""

import pytest
from playwright.sync_api import expect

from accounts.models import Company
from cleanconnect.tenancy import context
from quotes.models import Quote
from tests.browser.test_every_page import faults
from tests.factories import CustomerFactory, MembershipFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def link(site):
    """Of a quote that was taken back."""
    company = Company.objects.found(name="Autopoetsbedrijf Schitterend Glanzend", phone="030 123 45 67", email="info@schitterend.example")
    with context.company(company.pk):
        owner = MembershipFactory(role="owner")
        customer = CustomerFactory(name="Garage Bakker")
        quote = Quote.objects.create(number="O-1", customer=customer, subject="Beurt", valid_until="2099-01-01", created_by=owner)
        return quote.link


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_reads_well_and_leads_to_the_company(page, link, dark):
    page.emulate_media(color_scheme="dark" if dark else "light")

    response = page.goto(link)

    assert response.status == 410
    expect(page.get_by_role("link", name="030 123 45 67")).to_have_attribute("href", "tel:030 123 45 67")
    assert list(faults(page, page.url, dark)) == []
