"""Walked in the browser: an offer becomes work, an invoice is paid online, collected and booked, and the bookkeeper reads along."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Company, Membership
from cleanconnect.tenancy import context
from invoicing import tasks as invoicing_tasks
from invoicing.collecting import issue_invoice
from invoicing.debit import collecting
from invoicing.models import BankStatement, Debit, DebitBatch, OnlinePayment, PaymentAccount
from invoicing.tests.given import buyer, complete, finished_order
from quotes.models import Quote
from tests.browser.walking import Walk
from tests.factories import MembershipFactory, ServiceFactory
from tests.mollie_server import KEY, mollie
from workorders.models import WorkOrder

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "een goed wachtwoord"


@pytest.fixture
def given(site):
    """A company that can invoice, with its owner `olga`, a customer and a handling."""
    made = Company.objects.found(name="Glans Autopoets", email="info@glans.example", start_guide_done_at="2026-01-01T00:00Z")
    with context.company(made.pk):
        complete(made)
        owner = MembershipFactory(role="owner", name="Olga", user__username="olga")
        customer = buyer()
        service = ServiceFactory(name="Polijsten", price="100.00", group__name="Exterieur", group__vehicle_type__name="Personenauto")
    return made, owner, customer, service


def of_company(company, work):
    with context.company(company.pk):
        return work()


def test_an_offer_becomes_work(page, site, given):
    company, _owner, customer, _service = given
    walk = Walk(page, site)
    walk.log_in("olga", PASSWORD)
    page.goto(site + reverse("quotes:overview"))
    page.get_by_role("link", name="Nieuwe offerte").click()
    page.locator("#id_customer").select_option(label=customer.name)
    page.get_by_label("Onderwerp").fill("Polijsten van een bestelbus")
    page.locator("#id_plate").fill("GB-001-B")
    page.get_by_label("Soort voertuig").select_option(label="Personenauto")
    page.get_by_role("button", name="Toon handelingen").click()
    page.get_by_text("1 handeling om uit te kiezen").click()
    page.get_by_label("Exterieur: Polijsten").check()
    page.get_by_role("button", name="Zet op de offerte").click()
    expect(page.get_by_label("Prijs").first).to_have_value("100,00")
    page.get_by_role("button", name="Opslaan").click()
    page.get_by_role("button", name="Versturen").click()
    link = page.get_by_role("link", name="Zoals de klant hem ziet").get_attribute("href")

    page.context.clear_cookies()
    page.goto(site + link[link.index("/offerte/") :])
    page.get_by_role("button", name="Akkoord", exact=True).press("Enter")
    expect(page.get_by_text("U gaf akkoord")).to_be_visible()

    walk.log_in("olga", PASSWORD)
    quote = of_company(company, Quote.objects.get)
    page.goto(site + reverse("quotes:detail", args=[quote.pk]))
    page.get_by_role("button", name="Werkorder maken").click()
    expect(page.get_by_text("GB-001-B").first).to_be_visible()
    assert of_company(company, lambda: WorkOrder.objects.get().lines.get().service.name) == "Polijsten"


def test_a_customer_pays_online(page, site, given, settings):
    company, owner, customer, _service = given
    with mollie() as server:
        settings.MOLLIE_URL, settings.MOLLIE_PAGES = server.url, [server.url.removesuffix("v2/")]
        with context.company(company.pk):
            account = PaymentAccount(set_by=owner)
            account.key = KEY
            account.save()
            invoice = issue_invoice(customer, [finished_order(customer, "100.00", by=owner)], by=owner)
            address = invoice.link
        address = site + address[address.index("/betalen/") :]

        page.goto(address)
        page.get_by_role("button", name="Betaal € 121,00").click()
        expect(page.get_by_role("heading", name="Betaalpagina")).to_be_visible()

        online = of_company(company, OnlinePayment.objects.get)
        page.goto(f"{address}?betaling={online.uid}")
        expect(page.get_by_text("We wachten op bericht van uw bank")).to_be_visible()
        server.pay(online.mollie_id)
        invoicing_tasks.fetch_online_payment(company.pk, online.pk)
        expect(page.get_by_text("Deze factuur is betaald")).to_be_visible()


def test_a_mandate_is_collected_and_the_bookkeeper_reads_along(page, site, given):
    company, owner, customer, _service = given
    with context.company(company.pk):
        Company.objects.update(creditor_id="NL79ZZZ999999990000", payment_term_days=0)
        invoice = issue_invoice(customer, [finished_order(customer, "100.00", by=owner)], by=owner)
        MembershipFactory(role=Membership.Role.BOOKKEEPER, name="Bas", user__username="bas")
    walk = Walk(page, site)
    walk.log_in("olga", PASSWORD)
    page.goto(site + reverse("invoicing:debits"))
    page.get_by_role("link", name="Machtiging toevoegen").click()
    page.locator("#id_customer").select_option(label=customer.name)
    page.get_by_label("Machtigingskenmerk").fill("M-1")
    page.get_by_label("Naam rekeninghouder").fill("Garage Bakker")
    page.get_by_label("IBAN").fill("NL91 ABNA 0417 1643 00")
    page.get_by_label("Getekend op").fill("2026-01-05")
    page.get_by_role("button", name="Opslaan").click()
    page.get_by_label(f"Factuur {invoice.number}").check()
    page.get_by_role("button", name="Bestand maken").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Bestand voor de bank").click()
    assert "<InstdAmt" in download.value.path().read_text("utf-8")

    page.context.clear_cookies()
    walk.log_in("bas", PASSWORD)
    expect(page.get_by_role("link", name=invoice.number, exact=True)).to_be_visible()
    for gone in ("Te factureren", "Bank", "Incasso", "Werkorders"):
        expect(page.get_by_role("link", name=gone, exact=True)).to_have_count(0)
    page.get_by_role("link", name="Boekhouding", exact=True).click()
    expect(page.get_by_role("heading", name="Nog niets geëxporteerd")).to_be_visible()


RETURNED = """<?xml version="1.0" encoding="UTF-8"?>
<n:Document xmlns:n="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><n:BkToCstmrStmt><n:Stmt>
<n:Acct><n:Id><n:IBAN>NL91ABNA0417164300</n:IBAN></n:Id></n:Acct>
<n:Ntry><n:Amt Ccy="EUR">121.00</n:Amt><n:CdtDbtInd>DBIT</n:CdtDbtInd><n:Sts><n:Cd>BOOK</n:Cd></n:Sts>
<n:BookgDt><n:Dt>2026-11-19</n:Dt></n:BookgDt><n:NtryDtls><n:TxDtls>
<n:Refs><n:EndToEndId>{number}</n:EndToEndId><n:MndtId>M-1</n:MndtId></n:Refs>
<n:RltdPties><n:Cdtr><n:Pty><n:Nm>Garage Bakker</n:Nm></n:Pty></n:Cdtr></n:RltdPties>
<n:RtrInf><n:Rsn><n:Cd>MD06</n:Cd></n:Rsn></n:RtrInf></n:TxDtls></n:NtryDtls></n:Ntry>
</n:Stmt></n:BkToCstmrStmt></n:Document>"""


def test_a_storno_on_the_statement_is_booked_and_the_invoice_is_open_again(page, site, given, tmp_path):
    company, owner, customer, _service = given
    with context.company(company.pk):
        invoice = issue_invoice(customer, [finished_order(customer, "100.00", by=owner)], by=owner)
        mandate = customer.mandates.create(
            reference="M-1", holder="Garage Bakker", iban="NL20INGB0001234567", signed_on="2026-01-05", created_by=owner
        )
        batch = DebitBatch.objects.create(reference="INC-00001", collect_on=timezone.localdate(), xml="x", created_by=owner)
        Debit.objects.create(batch=batch, invoice=invoice, mandate=mandate, amount=invoice.gross_total)
        collecting.book(batch, by=owner)
    statement = tmp_path / "storno.xml"
    statement.write_text(RETURNED.format(number=invoice.number), encoding="utf-8")
    walk = Walk(page, site)
    walk.log_in("olga", PASSWORD)
    page.goto(site + reverse("invoicing:bank"))
    page.get_by_label("Afschrift").set_input_files(statement)
    page.get_by_role("button", name="Inlezen").click()
    expect(page.get_by_text("Het afschrift wordt gelezen")).to_be_visible()
    invoicing_tasks.read_statement(company.pk, of_company(company, BankStatement.objects.get).pk)
    expect(page.get_by_text("Teruggeboekt: teruggehaald door de klant")).to_be_visible()

    page.get_by_role("button", name="Storno boeken").click()

    expect(page.get_by_text(f"De incasso van Factuur {invoice.number} is gestorneerd.")).to_be_visible()
    with context.company(company.pk):
        invoice.refresh_from_db()
        assert (invoice.open_total, invoice.paid_on) == (invoice.gross_total, None)
