"""The price matrix by keyboard alone, and a block pasted from Excel."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from accounts.models import Company
from cleanconnect.tenancy import context
from services.models import Service
from tests.browser.walking import Walk
from tests.factories import MembershipFactory, ServiceFactory, ServiceGroupFactory, VehicleTypeFactory

pytestmark = pytest.mark.django_db(transaction=True)

PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text", text);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def walk(page, site):
    from django.utils import timezone

    company = Company.objects.found(name="Glans", start_guide_done_at=timezone.now())
    with context.company(company.pk):
        MembershipFactory(role="owner", user__username="olga")
        for kind in ("Auto", "Camper"):
            group = ServiceGroupFactory(name="Exterieur", vehicle_type=VehicleTypeFactory(name=kind))
            for name in ("Drogen", "Poetsen", "Wassen"):
                ServiceFactory(name=name, group=group, price=Decimal("10.00"))
    walk = Walk(page, site).log_in("olga", "een goed wachtwoord").go("/werkzaamheden/prijzen/")
    walk.company = company
    return walk


def prices(walk):
    with context.company(walk.company.pk):
        found = Service.objects.order_by("group__vehicle_type__name", "name")
        return list(found.values_list("group__vehicle_type__name", "name", "price"))


def test_the_keyboard_alone_changes_and_saves_prices(walk, page):
    page.get_by_label("Drogen, Auto").focus()
    page.keyboard.type("11")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("12,50")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Wassen, Auto")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.type("33")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Poetsen, Camper")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_label("Poetsen, Auto")).to_be_focused()

    page.get_by_role("button", name="Bekijk wat er verandert").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Wat er verandert")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(3)
    page.get_by_role("button", name="Opslaan", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("3 prijzen zijn opgeslagen.").first).to_be_visible()

    changed = {(kind, name): price for kind, name, price in prices(walk) if price != 10}
    assert changed == {("Auto", "Drogen"): Decimal(11), ("Auto", "Poetsen"): Decimal("12.50"), ("Camper", "Wassen"): Decimal(33)}


def test_a_block_from_excel_is_pasted_down_and_to_the_right(walk, page):
    page.get_by_label("Poetsen, Auto").focus()
    page.evaluate(PASTE, "€ 1.020,00\t21\r\n30\t31,5\r\n")

    expect(page.get_by_label("Poetsen, Camper")).to_have_value("21")
    expect(page.get_by_label("Wassen, Camper")).to_have_class(re.compile("changed"))
    page.get_by_role("button", name="Bekijk wat er verandert").click()
    page.get_by_role("button", name="Opslaan", exact=True).click()
    expect(page.get_by_text("4 prijzen zijn opgeslagen.").first).to_be_visible()

    assert [price for _kind, _name, price in prices(walk)] == [
        Decimal(10), Decimal(1020), Decimal(30), Decimal(10), Decimal(21), Decimal("31.5"),
    ]  # fmt: skip
