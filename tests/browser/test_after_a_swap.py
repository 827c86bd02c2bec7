"""Who is quick presses and types in what htmx has only just put there: it counts, and it stays."""

from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Company
from cleanconnect.tenancy import context
from tests.browser.walking import Walk
from tests.factories import CustomerTypeFactory, MembershipFactory, ServiceFactory, VehicleTypeFactory

pytestmark = pytest.mark.django_db(transaction=True)

# What is done once a swap has put this there, at the first moment at which a person could: in the next turn of the browser's loop.
AT_ONCE = """(part) => {
  const done = () => {
    if (!document.querySelector(part)) return;
    document.removeEventListener("htmx:afterSwap", done);
    setTimeout(() => { %s });
  };
  document.addEventListener("htmx:afterSwap", done);
}"""
TICK = AT_ONCE % 'document.querySelector("#work .form-check-input").click()'
TYPE = (
    AT_ONCE
    % """
  for (const [name, text] of [["description", "Vlek in de hemel"], ["unit_price", "10"]]) {
    const field = document.querySelector(`#work [name="regels-0-${name}"]`);
    field.value = text;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
"""
)


@pytest.fixture
def form(page, site):
    """A new order of which the work comes by a swap, once its kind of vehicle is chosen."""
    with context.company(Company.objects.found(name="Glans", start_guide_done_at=timezone.now()).pk):
        MembershipFactory(role="owner", user__username="olga")
        CustomerTypeFactory(name="Zakelijk")
        ServiceFactory(name="Wassen", price=Decimal(45), group__vehicle_type=VehicleTypeFactory(name="Auto standaard"))
    return Walk(page, site).log_in("olga", "een goed wachtwoord").go("/werkorders/aanmaken/")


def test_what_is_ticked_right_after_a_swap_is_counted(form, page):
    page.evaluate(TICK, "#work .form-check-input")
    form.choose("Soort voertuig", "Auto standaard")

    expect(page.locator("#total")).to_contain_text("45,00")
    expect(page.get_by_role("checkbox", name="Wassen")).to_be_checked()


def test_what_is_typed_right_after_a_swap_is_counted_and_stays(form, page):
    page.evaluate(TYPE, "#work [name=regels-0-unit_price]")
    form.choose("Soort voertuig", "Auto standaard")

    expect(page.locator("#total")).to_contain_text("10,00")
    expect(page.locator("#work [name=regels-0-description]")).to_have_value("Vlek in de hemel")
