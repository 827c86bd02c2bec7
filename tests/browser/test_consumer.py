"""A private person's € 100,00, from the price list to the money: no cent more or less on any page of the way."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Company
from cleanconnect.tenancy import context
from invoicing.models import Invoice
from invoicing.tests.given import buyer, complete
from tests.browser.walking import Walk
from tests.factories import CustomerTypeFactory, MembershipFactory, ServiceGroupFactory
from workorders.models import WorkOrder
from workorders.status import move

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def company(site):
    made = Company.objects.found(name="Glans Autopoets", email="info@glans.example", start_guide_done_at=timezone.now())
    with context.company(made.pk):
        complete(made)
        MembershipFactory(role="owner", name="Olga", user__username="olga")
        kind = CustomerTypeFactory(name="Particulier", is_private=True, prices_include_vat=True)
        buyer(name="Karel de Vries", type=kind)
        buyer(name="Dealer Bakker")
        ServiceGroupFactory(name="Exterieur", vehicle_type__name="Auto standaard")
    return made


def test_a_hundred_euro_from_the_list_to_the_money(page, site, company):
    walk = Walk(page, site).log_in("olga", "een goed wachtwoord").go(reverse("services:create"))
    walk.choose("Soort voertuig", "Auto standaard").choose("Groep", "Exterieur").fill(handeling="Polijsten", prijs="100")
    page.get_by_label("Prijs is inclusief btw").check()
    walk.save()
    row = page.get_by_role("row", name="Polijsten")
    expect(row).to_contain_text("€ 82,64")
    expect(row).to_contain_text("€ 100,00")

    walk.go(reverse("workorders:create"))
    page.get_by_label("Kenteken", exact=True).fill("gb-001-k")
    walk.choose("Soort voertuig", "Auto standaard").choose("Naam van de klant", "Dealer Bakker")
    page.get_by_role("checkbox", name="Polijsten").check()
    expect(page.locator("#total")).to_contain_text("€ 82,64")
    walk.choose("Soort klant", "Particulier").choose("Naam van de klant", "Karel de Vries")
    expect(page.get_by_text("prijzen inclusief btw")).to_be_visible()
    expect(page.locator("#total .gross")).to_contain_text("€ 100,00")
    walk.save()
    expect(page.get_by_text("is opgeslagen").first).to_be_visible()
    with context.company(company.pk):
        order = WorkOrder.objects.get()
        move(order, WorkOrder.Status.COMPLETED, by=order.created_by)

    walk.go(reverse("workorders:detail", args=[order.pk]))
    expect(page.get_by_role("row", name="Totaal incl. btw")).to_contain_text("€ 100,00")
    page.get_by_role("button", name="Afleveren en factureren").click()
    expect(page.get_by_role("columnheader", name="Prijs incl. btw")).to_be_visible()
    expect(page.get_by_role("row", name="Polijsten")).to_contain_text("€ 100,00")
    expect(page.get_by_label("Bedrag")).to_have_value("100,00")
    page.get_by_role("button", name="Betaling noteren").click()
    expect(page.get_by_text("is betaald.")).to_be_visible()

    with context.company(company.pk):
        invoice = Invoice.objects.get()
        assert (invoice.gross_total, invoice.open_total) == (Decimal("100.00"), 0)
