"""Walked in the browser: a deposit that goes back, a credit note of a part, and the money back to the customer."""

from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Company
from cleanconnect.tenancy import context
from invoicing import payments
from invoicing.debit.collecting import first_bank_day
from invoicing.models import Invoice, RefundBatch
from invoicing.tests.given import buyer, complete
from tests.browser.walking import Walk
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_deposit_goes_back_a_part_is_credited_and_the_money_paid_back(page, site):
    company = Company.objects.found(name="Glans Autopoets", email="info@glans.example", start_guide_done_at=timezone.now())
    with context.company(company.pk):
        complete(company)
        olga = MembershipFactory(role="owner", name="Olga", user__username="olga")
        buyer(iban="NL13TEST0123456789")
    walk = Walk(page, site).log_in("olga", "een goed wachtwoord")

    walk.menu("Facturen").tab("Te factureren")
    page.get_by_role("link", name="Losse factuur").click()
    page.locator("#id_customer").select_option(label="Garage Bakker")
    first, second = page.get_by_role("group", name="Regel 1"), page.get_by_role("group", name="Regel 2")
    first.get_by_label("Omschrijving").fill("Poetsen")
    first.get_by_label("Prijs").fill("200")
    first.get_by_label("Korting").fill("€ 10")
    second.get_by_label("Omschrijving").fill("Statiegeld terug")
    second.get_by_label("Aantal").fill("-2")
    second.get_by_label("Prijs").fill("20")
    page.get_by_role("button", name="Factureren", exact=True).click()
    expect(page.get_by_role("row", name="Statiegeld terug")).to_contain_text("€ -40,00")
    with context.company(company.pk):
        invoice = Invoice.objects.get()
        assert invoice.gross_total == Decimal("181.50")
        payments.register(invoice, invoice.gross_total, on=timezone.localdate(), method="bank", by=olga)

    page.get_by_role("link", name="Crediteren").click()
    page.get_by_label("Statiegeld terug", exact=True).uncheck()
    page.get_by_label("Bedrag van Poetsen").fill("25")
    page.get_by_label("Reden").fill("Vlek bleef zitten")
    page.get_by_role("button", name="Creditfactuur maken").click()
    expect(page.get_by_role("heading", name="Creditfactuur")).to_be_visible()
    expect(page.get_by_text("Terug te betalen")).to_be_visible()

    walk.menu("Facturen").tab("Openstaand")
    page.get_by_role("link", name="Terugbetalen (1)").click()
    expect(page.get_by_role("row", name="Garage Bakker")).to_contain_text("€ 30,25")
    expect(page.get_by_label("IBAN")).to_have_value("NL13TEST0123456789")
    page.get_by_label("Overmaken op").fill(first_bank_day(timezone.localdate()).isoformat())
    page.get_by_role("button", name="Bestand maken").click()

    expect(page.get_by_role("heading", name="Terugbetaling TER-00001")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Bestand voor de bank").click()
    with context.company(company.pk):
        assert download.value.path().read_text() == RefundBatch.objects.get().xml
