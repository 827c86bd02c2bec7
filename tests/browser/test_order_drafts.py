"""What is typed in a new order survives a closed tab and an expired login; and the form with lines of one's own."""

from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Company
from cleanconnect.tenancy import context
from tests.browser.walking import Walk, eventually
from tests.factories import CustomerFactory, MembershipFactory, ServiceFactory, VehicleTypeFactory, WorkOrderFactory
from workorders.models import OrderDraft, WorkOrder

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def company(site):
    company = Company.objects.found(name="Glans", start_guide_done_at=timezone.now())
    with context.company(company.pk):
        MembershipFactory(role="owner", user__username="olga")
        ServiceFactory(name="Wassen", price=Decimal(45), minutes=40, group__vehicle_type=VehicleTypeFactory(name="Auto standaard"))
        CustomerFactory(name="Dealer De Vries", type__name="Zakelijk")
    return company


def kept(company, text):
    """Whether the draft in the database has this text already."""

    def found():
        with context.company(company.pk):
            return any(text in str(draft.typed) for draft in OrderDraft.objects.all())

    return eventually(found)


def test_a_closed_tab_loses_nothing(page, site, company):
    walk = Walk(page, site).log_in("olga", "een goed wachtwoord").go("/werkorders/aanmaken/")
    page.get_by_label("Kenteken", exact=True).fill("GB-002-B")
    page.keyboard.press("Tab")
    walk.choose("Soort voertuig", "Auto standaard")
    page.get_by_role("checkbox", name="Wassen").check()
    page.get_by_label("Notitie voor de werknemer").fill("Let op de spiegel")
    kept(company, "Let op de spiegel")

    tab = page.context.new_page()
    page.close()
    tab.goto(f"{site}/werkorders/aanmaken/")
    tab.get_by_role("link", name="Ga verder GB-002-B").click()

    expect(tab.get_by_label("Notitie voor de werknemer")).to_have_value("Let op de spiegel")
    expect(tab.get_by_role("checkbox", name="Wassen")).to_be_checked()
    expect(tab.get_by_label("Kenteken", exact=True)).to_have_value("GB-002-B")


def test_an_expired_login_loses_nothing_not_even_what_was_typed_after_it(page, site, company):
    walk = Walk(page, site).log_in("olga", "een goed wachtwoord").go("/werkorders/aanmaken/")
    page.get_by_label("Kenteken", exact=True).fill("GB-002-B")
    page.keyboard.press("Tab")
    walk.choose("Soort voertuig", "Auto standaard").choose("Soort klant", "Zakelijk").choose("Naam van de klant", "Dealer De Vries")
    kept(company, "GB-002-B")

    page.context.clear_cookies(name="sessionid")
    page.get_by_label("Notitie voor de werknemer").fill("Getypt na het uitloggen")
    page.get_by_role("main").get_by_role("button", name="Opslaan", exact=True).click()
    page.get_by_label("Gebruikersnaam of e-mailadres").fill("olga")
    page.locator("input[type=password]").fill("een goed wachtwoord")
    page.get_by_role("main").get_by_role("button", name="Inloggen").click()

    expect(page.get_by_label("Notitie voor de werknemer")).to_have_value("Getypt na het uitloggen")
    expect(page.get_by_label("Kenteken", exact=True)).to_have_value("GB-002-B")
    page.get_by_role("checkbox", name="Wassen").check()
    walk.save()
    expect(page.get_by_text("is opgeslagen").first).to_be_visible()
    with context.company(company.pk):
        assert WorkOrder.objects.get().note == "Getypt na het uitloggen"
    walk.go("/werkorders/aanmaken/")
    expect(page.get_by_text("Nog niet opgeslagen")).to_have_count(0)
    expect(page.get_by_label("Notitie voor de werknemer")).to_have_value("")


def test_quantity_discount_and_a_line_of_ones_own_change_the_total_while_typing(page, site, company):
    walk = Walk(page, site).log_in("olga", "een goed wachtwoord").go("/werkorders/aanmaken/")
    walk.choose("Soort voertuig", "Auto standaard")
    page.get_by_role("checkbox", name="Wassen").check()
    total = page.locator("#total")
    expect(total).to_contain_text("€\u00a045,00")

    page.get_by_text("Aantal, prijs en korting").click()
    page.locator(".how-much").get_by_label("Aantal").fill("2")
    page.locator(".how-much").get_by_label("Korting in %").fill("10")
    page.locator(".how-much").get_by_label("Reden van de korting").fill("Vaste klant")
    page.keyboard.press("Tab")
    expect(total).to_contain_text("€\u00a081,00")
    expect(total).to_contain_text("1 u 20")
    line = page.get_by_role("group", name="Regel 1")
    line.get_by_label("Omschrijving").fill("Kinderstoel")
    line.get_by_label("Prijs excl. btw").fill("9,50")
    page.keyboard.press("Tab")
    expect(total).to_contain_text("€\u00a090,50")
    page.get_by_role("button", name="Nog een regel").click()
    expect(page.get_by_role("group", name="Regel 2")).to_be_visible()
    expect(line.get_by_label("Omschrijving")).to_have_value("Kinderstoel")


TOO_WIDE = """() => [...document.querySelectorAll(".how-much > div > div, .free-line > div")]
    .filter(field => field.scrollWidth > field.clientWidth + 1).map(field => field.innerText)"""


def test_a_price_of_its_own_is_seen_beside_the_handling_and_all_fields_fit_at_each_width(page, site, company):
    walk = Walk(page, site).log_in("olga", "een goed wachtwoord").go("/werkorders/aanmaken/")
    walk.choose("Soort voertuig", "Auto standaard")
    page.get_by_role("checkbox", name="Wassen").check()
    page.get_by_text("Aantal, prijs en korting").click()

    page.get_by_label("Andere prijs excl. btw").fill("40")
    page.get_by_label("Waarom deze prijs").fill("Afgesproken aan de telefoon")
    page.keyboard.press("Tab")

    expect(page.locator("#total")).to_contain_text("€\u00a040,00")
    expect(page.locator("label").filter(has_text="Wassen")).to_contain_text("Afgesproken aan de telefoon€\u00a040,00")
    for width in (1366, 1280, 1279, 1100, 992, 768, 767, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(TOO_WIDE) == [], width


def test_damage_is_marked_by_pressing_the_drawing(page, site, company):
    with context.company(company.pk):
        order = WorkOrderFactory(number=9000)
    Walk(page, site).log_in("olga", "een goed wachtwoord").go(f"/werkorders/overzicht/{order.pk}/staat/")

    page.locator(".drawing [data-place=left_front_door]").click()
    expect(page.get_by_label("Plaats op de auto")).to_have_value("left_front_door")
    page.get_by_label("Soort schade").select_option(label="Deuk")
    page.get_by_role("button", name="Schade vastleggen").click()

    expect(page.locator("ol.rows")).to_contain_text("linkervoorportier")
    expect(page.locator(".drawing .mark")).to_have_count(1)
