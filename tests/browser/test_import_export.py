"""A file of LibreOffice comes in and goes out again, with a real worker and the bar in between."""

import csv
import io
import zipfile

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Company
from cleanconnect.tenancy import context
from imports.tests.given import DATA
from tests.browser.walking import Walk
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def walk(page, site, worker):
    company = Company.objects.found(name="Glans", start_guide_done_at=timezone.now())
    with context.company(company.pk):
        MembershipFactory(role="owner", user__username="olga")
    return Walk(page, site).log_in("olga", "een goed wachtwoord")


def saved(page, button):
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).click()
    return download.value.path().read_bytes()


def test_customers_come_in_from_a_file_and_go_out_in_one(page, walk):
    walk.menu("Import en export")
    page.get_by_label("Bestand").set_input_files(DATA / "klanten-libreoffice.xlsx")
    page.get_by_role("button", name="Uploaden en kolommen kiezen").click()
    expect(page.get_by_role("heading", name="Kolommen kiezen")).to_be_visible()
    page.get_by_role("button", name="Controleren").click()
    expect(page.get_by_role("heading", name="Dit gaat er veranderen")).to_be_visible()
    page.get_by_role("button", name="Alle rijen importeren (3)").click()
    expect(page.get_by_role("heading", name="De import is klaar")).to_be_visible()

    walk.menu("Klantenbeheer")
    expect(page.get_by_role("link", name="Café ’t Hoekje", exact=True)).to_be_visible()
    page.get_by_placeholder("Naam, nummer, plaats").fill("hoekje")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1–1 van 1")).to_be_visible()
    rows = list(csv.reader(io.StringIO(saved(page, "CSV").decode("utf-8-sig")), delimiter=";"))
    assert [row[1] for row in rows] == ["Naam", "Café ’t Hoekje"]
    assert saved(page, "Excel").startswith(b"PK")

    walk.menu("Import en export").tab("Exporteren")
    expect(page.get_by_role("link", name="Klanten", exact=True)).to_have_count(2)
    page.get_by_role("button", name="Alles exporteren").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Downloaden").click()
    assert "tabellen/customers-customer.csv" in zipfile.ZipFile(download.value.path()).namelist()
