"""An order in seconds: a known car with one field and a few clicks, a new one with what the RDW says."""

import json
import time
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Company
from cleanconnect.tenancy import context
from tests.browser.test_every_page import faults
from tests.browser.walking import Walk
from tests.factories import CustomerFactory, MembershipFactory, ServiceFactory, VehicleTypeFactory, WorkOrderFactory, WorkOrderLineFactory
from tests.outside_server import outside
from vehicles.models import TypeRule
from workorders.models import WorkOrder

pytestmark = pytest.mark.django_db(transaction=True)
GOLF = {"kenteken": "GB002B", "voertuigsoort": "Personenauto", "merk": "VOLKSWAGEN", "handelsbenaming": "GOLF", "lengte": "427"}


@pytest.fixture
def company(site):
    company = Company.objects.found(name="Glans", start_guide_done_at=timezone.now())
    with context.company(company.pk):
        MembershipFactory(role="owner", user__username="olga")
        kind = VehicleTypeFactory(name="Auto standaard")
        TypeRule.objects.create(kind="Personenauto", vehicle_type=kind)
        service = ServiceFactory(name="Wassen", price=Decimal(45), group__vehicle_type=kind)
        known = WorkOrderFactory(
            number=9000,
            customer=CustomerFactory(name="Dealer De Vries", type__name="Zakelijk"),
            vehicle__type=kind,
            vehicle__plate="GB001B",
            vehicle__plate_shown="GB-001-B",
        )
        WorkOrderLineFactory(order=known, service=service, description="Wassen")
    return company


@pytest.fixture
def rdw(settings):
    with outside(lambda query: (200, json.dumps([GOLF] if query["kenteken"] == ["GB002B"] else []))) as server:
        settings.RDW_URL = server.url
        yield server


def newest(company):
    with context.company(company.pk):
        return WorkOrder.objects.select_related("vehicle__type", "customer").prefetch_related("lines__service").latest("pk")


def test_a_known_car_takes_one_field_and_two_clicks(page, site, company, rdw):
    walk = Walk(page, site).log_in("olga", "een goed wachtwoord").go("/werkorders/aanmaken/")
    began = time.monotonic()

    page.get_by_label("Kenteken", exact=True).fill("gb001b")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Zelfde als vorige keer").click()
    expect(page.get_by_role("checkbox", name="Wassen")).to_be_checked()
    walk.save()
    expect(page.get_by_text("is opgeslagen").first).to_be_visible()

    assert time.monotonic() - began < 15
    order = newest(company)
    assert (order.customer.name, order.vehicle.plate) == ("Dealer De Vries", "GB001B")
    assert [line.service.name for line in order.lines.all()] == ["Wassen"]
    assert rdw.asked == []


def test_enter_saves_the_work_that_was_ticked(page, site, company, rdw):
    with context.company(company.pk):
        kind = WorkOrder.objects.get().vehicle.type
        ServiceFactory(name="Keramische coating", price=Decimal(495), group__vehicle_type=kind)
    Walk(page, site).log_in("olga", "een goed wachtwoord").go("/werkorders/aanmaken/")
    page.get_by_label("Kenteken", exact=True).fill("gb001b")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Zelfde als vorige keer")).to_be_visible()
    page.get_by_role("checkbox", name="Keramische coating").check()
    expect(page.locator("#total")).to_contain_text("495,00")

    page.get_by_label("Sleutelnummer").fill("12")
    page.keyboard.press("Enter")
    expect(page.get_by_text("is opgeslagen").first).to_be_visible()

    order = newest(company)
    assert [(line.service.name, line.amount) for line in order.lines.all()] == [("Keramische coating", Decimal(495))]


def test_a_new_car_gets_make_model_and_type_from_the_rdw(page, site, company, rdw):
    walk = Walk(page, site).log_in("olga", "een goed wachtwoord").go("/werkorders/aanmaken/")

    page.get_by_label("Kenteken", exact=True).fill("gb-002-b")
    page.keyboard.press("Tab")

    expect(page.get_by_text("Voorstel: Auto standaard.")).to_be_visible()
    expect(page.get_by_label("Merk", exact=True)).to_have_value("Volkswagen")
    expect(page.get_by_label("Type", exact=True)).to_have_value("Golf")
    page.get_by_role("checkbox", name="Wassen").check()
    walk.choose("Soort klant", "Zakelijk").choose("Naam van de klant", "Dealer De Vries")
    expect(page.get_by_role("checkbox", name="Wassen")).to_be_checked()
    walk.save()
    expect(page.get_by_text("is opgeslagen").first).to_be_visible()

    order = newest(company)
    assert (order.vehicle.make, order.vehicle.model, order.vehicle.type.name) == ("Volkswagen", "Golf", "Auto standaard")


def test_without_the_rdw_the_form_goes_on(page, site, company):
    Walk(page, site).log_in("olga", "een goed wachtwoord").go("/werkorders/aanmaken/")

    page.get_by_label("Kenteken", exact=True).fill("gb-003-b")
    page.keyboard.press("Tab")

    expect(page.get_by_text("De RDW antwoordt nu niet")).to_be_visible()
    expect(page.get_by_label("Merk", exact=True)).to_be_editable()


def test_ten_cars_at_once(page, site, company):
    walk = Walk(page, site).log_in("olga", "een goed wachtwoord")
    began = time.monotonic()

    walk.menu("Werkorders").tab("Meer tegelijk")
    walk.choose("Naam van de klant", "Dealer De Vries")
    page.get_by_role("textbox", name="Kentekens").fill("\n".join(f"GB-{n:03}-K" for n in range(10)))
    page.get_by_role("checkbox", name="Wassen").check()
    walk.choose("Soort voertuig voor nieuwe kentekens", "Auto standaard")
    page.get_by_role("button", name="Bekijk wat er wordt gemaakt").click()
    expect(page.get_by_text("€\u00a0450,00")).to_be_visible()
    page.get_by_role("button", name="10 werkorders maken").click()
    expect(page.get_by_text("10 werkorders zijn opgeslagen.").first).to_be_visible()

    assert time.monotonic() - began < 60
    with context.company(company.pk):
        assert WorkOrder.objects.count() == 11


def test_what_is_shown_of_many_cars_looks_right(page, site, company):
    walk = Walk(page, site).log_in("olga", "een goed wachtwoord").go("/werkorders/meer-tegelijk/")
    walk.choose("Naam van de klant", "Dealer De Vries")
    page.get_by_role("textbox", name="Kentekens").fill("GB-001-K\n??")
    page.get_by_role("checkbox", name="Wassen").check()
    walk.choose("Soort voertuig voor nieuwe kentekens", "Auto standaard")
    page.get_by_role("button", name="Bekijk wat er wordt gemaakt").click()
    expect(page.get_by_role("button", name="1 werkorder maken")).to_be_visible()

    assert list(faults(page, page.url, dark=False)) == []

    page.get_by_role("link", name="Wijzigen").click()
    expect(page.get_by_role("textbox", name="Kentekens")).to_have_value("GB-001-K\n??")


def test_a_new_car_of_a_new_customer_on_one_screen(page, site, company, rdw):
    walk = Walk(page, site).log_in("olga", "een goed wachtwoord").go("/werkorders/aanmaken/")
    began = time.monotonic()

    page.get_by_label("Kenteken", exact=True).fill("gb002b")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Voorstel: Auto standaard.")).to_be_visible()
    walk.choose("Soort klant", "Zakelijk")
    page.get_by_text("Of meteen een nieuwe klant").click()
    page.get_by_label("Naam van de nieuwe klant").fill("Bakkerij Smit")
    page.get_by_role("checkbox", name="Wassen").check()
    walk.save()
    expect(page.get_by_text("is opgeslagen").first).to_be_visible()

    assert time.monotonic() - began < 45
    assert newest(company).customer.name == "Bakkerij Smit"
