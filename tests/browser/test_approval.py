"""Extra work: reported on the tablet, approved on a telephone without a login, and seen on the tablet within ten seconds."""

import re
import time
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Company
from cleanconnect.tenancy import context
from notifications.models import Message
from tests.browser.walking import Walk
from tests.factories import CustomerFactory, MembershipFactory, ServiceFactory, WorkOrderFactory, WorkOrderLineFactory
from workorders.models import WorkOrder

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def order(site):
    company = Company.objects.found(name="Glans", start_guide_done_at=timezone.now())
    with context.company(company.pk):
        MembershipFactory(user__username="wim")
        service = ServiceFactory(name="Polijsten", price=Decimal("80.00"))
        customer = CustomerFactory(name="Dealer De Vries", email="dealer@klant.example")
        order = WorkOrderFactory(number=9000, customer=customer, vehicle__type=service.group.vehicle_type, planned_on=timezone.localdate())
        WorkOrderLineFactory(order=order, unit_price=Decimal("20.00"))
    return order


def test_from_the_tablet_to_the_telephone_and_back(page, browser, browser_context_args, site, order):
    walk = Walk(page, site).log_in("wim", "een goed wachtwoord").go(f"/kwaliteitscheck/werkorder/{order.pk}/")
    page.get_by_role("link", name="Mankement melden").first.click()
    page.get_by_label(re.compile("Omschrijving")).fill("Diepe kras op de motorkap")
    page.get_by_text("Extra handeling en onderdeel").click()
    page.get_by_label("Extra handeling om het te verhelpen").select_option(label="Polijsten")
    page.get_by_role("button", name="Melden").click()
    walk.sees("Wacht op akkoord")
    with context.company(order.company_id):
        address = re.search(r"http\S+/akkoord/\S+", Message.objects.get().text)[0]

    telephone = browser.new_context(**browser_context_args | {"viewport": {"width": 360, "height": 740}})
    mobile = telephone.new_page()
    mobile.goto(address)
    expect(mobile.get_by_text("Diepe kras op de motorkap")).to_be_visible()
    assert Axe().run(mobile).response["violations"] == []
    assert mobile.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    mobile.get_by_role("button", name="Akkoord", exact=True).click()
    expect(mobile.get_by_text("U gaf akkoord")).to_be_visible()
    answered = time.monotonic()

    expect(page.get_by_text("Polijsten: akkoord")).to_be_visible(timeout=12_000)
    assert time.monotonic() - answered < 10
    with context.company(order.company_id):
        now = WorkOrder.objects.get(pk=order.pk)
        assert (now.status, now.net) == ("in_progress", Decimal("100.00"))
    telephone.close()
