"""Walked in the browser: the month end, the counter, a credit note, the bank and the reminders, with a worker that makes the PDFs."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Company
from cleanconnect.tenancy import context
from invoicing.collecting import draw_up, issue_invoice, to_invoice
from invoicing.models import Invoice, Reminder
from invoicing.tests.given import buyer, complete, finished_order
from notifications.models import Message
from tests.browser.walking import Walk, eventually
from tests.factories import MembershipFactory
from workorders.models import WorkOrder

pytestmark = pytest.mark.django_db(transaction=True)
STATEMENT = Path(__file__).parents[2] / "invoicing/tests/data/camt053.xml"
CLICKS = "addEventListener('click', () => sessionStorage.setItem('clicks', 1 + Number(sessionStorage.getItem('clicks'))))"


@pytest.fixture
def company(site):
    made = Company.objects.found(name="Glans Autopoets", email="info@glans.example", start_guide_done_at=timezone.now())
    with context.company(made.pk):
        complete(made)
    return made


@pytest.fixture
def of_company(company):
    """Does a piece of work as the company: `of_company(Invoice.objects.get)`."""

    def do(work):
        with context.company(company.pk):
            return work()

    return do


@pytest.fixture
def olga(of_company):
    return of_company(lambda: MembershipFactory(role="owner", name="Olga", user__username="olga"))


@pytest.fixture
def walk(page, site, olga):
    return Walk(page, site).log_in("olga", "een goed wachtwoord")


def order_of(customer, *prices, by, days_ago=0):
    return finished_order(customer, *prices, by=by, on=(timezone.localdate() - timedelta(days=days_ago)).isoformat())


def sent(of_company, count):
    """The mails with invoices, once there are `count` that went out."""

    def mails():
        found = list(Message.objects.filter(event__in=["invoice", "credit_note"], state="sent"))
        return found if len(found) == count else None

    return eventually(lambda: of_company(mails), seconds=30)


def test_the_month_end_in_one_run(page, walk, olga, worker, of_company):
    last_month = timezone.localdate().day  # days ago, its last day

    def orders():
        bakker = buyer(invoicing_profile="month")
        for price in ("100.00", "50.00", "12.34"):
            order_of(bakker, price, by=olga, days_ago=last_month)
        order_of(buyer(name="Lease Vooruit", email="lease@example.nl"), "80.00", by=olga, days_ago=last_month)
        order_of(buyer(name="Slaat Over BV", email="over@example.nl"), "999.00", by=olga, days_ago=last_month)

    of_company(orders)
    walk.menu("Facturen").tab("Te factureren")
    expect(page.get_by_text("€ 1.241,34", exact=True)).to_be_visible()
    page.get_by_label("Werk t/m").fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="Facturatieronde").click()
    expect(page.get_by_role("heading", name="Facturatieronde t/m")).to_be_visible()
    expect(page.get_by_role("row", name="Garage Bakker")).to_contain_text("€ 162,34")
    page.get_by_label("Slaat Over BV").check()
    page.get_by_role("button", name="Akkoord, maak en verstuur").click()

    expect(page.get_by_text("2 van 2 facturen gemaakt, € 242,34 excl. btw.")).to_be_visible(timeout=30_000)
    mails = sent(of_company, 2)
    assert {mail.to_email for mail in mails} == {"bakker@garage.example", "lease@example.nl"}
    assert all(default_storage.exists(mail.attachments[0][0]) for mail in mails)
    assert of_company(lambda: sorted(invoice.net_total for invoice in Invoice.objects.all())) == [Decimal("80.00"), Decimal("162.34")]
    assert of_company(lambda: [order.customer.name for order in to_invoice()]) == ["Slaat Over BV"]


def test_at_the_counter_it_is_two_clicks_and_no_field(page, site, walk, olga, worker, of_company):
    order = of_company(lambda: order_of(buyer(), "100.00", by=olga))
    walk.menu("Werkorders")
    page.add_init_script(CLICKS)
    page.reload()

    page.locator(f'main a[href="{reverse("workorders:detail", args=[order.pk])}"]').first.click()
    page.get_by_role("button", name="Afleveren en factureren").click()

    expect(page.get_by_text("is gemaakt en wordt verstuurd")).to_be_visible()
    assert page.evaluate("Number(sessionStorage.getItem('clicks'))") == 2
    assert sent(of_company, 1)[0].to_email == "bakker@garage.example"
    assert of_company(lambda: WorkOrder.objects.get().status) == "delivered"


def test_a_line_is_credited_and_its_order_invoiced_anew(page, walk, olga, worker, of_company):
    invoice = of_company(lambda: issue_invoice(customer := buyer(), [order_of(customer, "100.00", "25.00", by=olga)], by=olga))
    walk.go(reverse("invoicing:detail", args=[invoice.pk]))
    page.get_by_role("link", name="Crediteren").click()
    for line in page.get_by_role("checkbox").all()[1:2]:
        line.uncheck()
    page.get_by_role("button", name="Creditfactuur maken").click()
    expect(page.get_by_text("Dit veld is verplicht")).to_be_visible()
    page.get_by_label("Reden").fill("Niet gepoetst")
    page.get_by_role("button", name="Creditfactuur maken").click()

    expect(page.get_by_text("is gemaakt en wordt verstuurd")).to_be_visible()
    expect(page.get_by_text("Niet gepoetst")).to_be_visible()
    note = of_company(lambda: Invoice.objects.get(kind=Invoice.Kind.CREDIT_NOTE))
    assert note.net_total == Decimal("-100.00")
    assert {mail.event for mail in sent(of_company, 2)} == {"invoice", "credit_note"}
    page.get_by_role("definition").get_by_role("link", name=f"Factuur {invoice.number}").click()
    expect(page.get_by_role("link", name=note.number, exact=True)).to_be_visible()


def test_a_statement_of_the_bank_pays_the_invoices(page, walk, olga, worker, tmp_path, of_company):
    invoice = of_company(lambda: issue_invoice(customer := buyer(), [order_of(customer, "25.00", by=olga)], by=olga))
    statement = tmp_path / "afschrift.xml"
    statement.write_bytes(STATEMENT.read_bytes().replace(b"2026-0001", f"{date.today():%Y}-0001".encode()))
    walk.menu("Facturen").tab("Bank")
    page.get_by_label("Afschrift").set_input_files(statement)
    page.get_by_role("button", name="Inlezen").click()
    expect(page.get_by_text("Van 1 regel kloppen nummer en bedrag.")).to_be_visible()
    page.get_by_role("button", name="Boek alles wat zeker is").click()
    expect(page.get_by_role("link", name=invoice.number)).to_have_count(0)

    walk.go(reverse("invoicing:detail", args=[invoice.pk]))
    expect(page.locator(".status-paid")).to_have_text("Betaald")
    walk.go(reverse("invoicing:bank") + "?status=booked")
    page.get_by_role("button", name="Losmaken").click()
    walk.go(reverse("invoicing:detail", args=[invoice.pk]))
    expect(page.locator(".status-open")).to_have_text("Open")


def test_who_pays_late_is_reminded_after_a_look(page, walk, olga, of_company):
    def late():
        on = timezone.localdate() - timedelta(days=40)
        for customer in (buyer(name="Traag BV"), buyer(name="Zonder Mail BV", email="")):
            draw_up(customer.company, customer, [order_of(customer, "100.00", by=olga)], by=olga, on=on)

    of_company(late)
    walk.menu("Facturen").tab("Openstaand")
    expect(page.get_by_role("row", name="Traag BV")).to_contain_text("€ 121,00")
    page.get_by_role("link", name="Herinneren").click()
    expect(page.get_by_role("row", name="Zonder Mail BV")).to_contain_text("geen e-mailadres")
    page.get_by_role("link", name="Voorbeeld").click()
    expect(page.get_by_text("€ 121,00").first).to_be_visible()
    assert of_company(Reminder.objects.count) == 0
    page.go_back()
    page.get_by_role("button", name="Verstuur wat aangevinkt is").click()

    expect(page.get_by_text("1 herinnering")).to_be_visible()
    assert of_company(lambda: Message.objects.get(event="reminder").to_name) is not None


def test_an_invoice_of_own_lines_is_seen_first_and_counts_in_the_vat_and_the_books(page, walk, olga, worker, of_company):
    of_company(buyer)
    walk.menu("Facturen").tab("Te factureren")
    page.get_by_role("link", name="Losse factuur").click()
    page.locator("#id_customer").select_option(label="Garage Bakker")
    first, second = page.get_by_role("group", name="Regel 1"), page.get_by_role("group", name="Regel 2")
    first.get_by_label("Omschrijving").fill("Abonnement wassen")
    first.get_by_label("Prijs").fill("1.000,00")
    second.get_by_label("Omschrijving").fill("Sleutelhangers")
    second.get_by_label("Aantal").fill("drie")
    page.get_by_role("button", name="Factureren").click()
    expect(second.get_by_text("Voer een getal in")).to_be_visible()
    second.get_by_label("Aantal").fill("3")
    second.get_by_label("Prijs").fill("2,335")
    page.get_by_role("button", name="Factureren").click()
    expect(second.get_by_text("niet meer dan 2 cijfers achter de komma")).to_be_visible()
    second.get_by_label("Prijs").fill("2,33")
    second.get_by_label("Btw", exact=True).select_option(label="9%")

    with page.context.expect_event("response", lambda answer: answer.request.method == "POST") as preview:
        page.get_by_role("button", name="Voorbeeld").click()
    assert preview.value.headers["content-type"] == "application/pdf"
    assert of_company(Invoice.objects.count) == 0
    page.get_by_role("button", name="Factureren").click()
    expect(page.get_by_text("€ 1.217,62").first).to_be_visible()

    today = timezone.localdate()
    walk.go(f"{reverse('invoicing:vat')}?kwartaal={today.year}-{(today.month + 2) // 3}")
    expect(page.get_by_role("row", name="1a")).to_contain_text("€ 210,00")
    expect(page.get_by_role("row", name="1b")).to_contain_text("€ 0,63")
    walk.tab("Boekhouding")
    page.get_by_label("Van").fill(today.replace(day=1).isoformat())
    page.get_by_label("Tot en met").fill(today.isoformat())
    page.get_by_role("button", name="Exporteren").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Bestand").click(timeout=30_000)
    booked = download.value.path().read_text("utf-8-sig")
    assert "1000,00" in booked
    assert "6,99" in booked
