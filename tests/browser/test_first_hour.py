"""From signing up to the first real order through the start guide: at most 10 minutes, 25 typed fields, no checklist item typed twice."""

import re
import time

import pytest
from playwright.sync_api import expect

from accounts.models import Company
from cleanconnect.tenancy import context
from cleanconnect.tenancy.context import company_ids
from quality.checking import Checklist
from tests.browser.test_manual import mail_to
from tests.browser.walking import Walk
from workorders.models import WorkOrder

pytestmark = pytest.mark.django_db(transaction=True)

COUNT = """
const count = () => sessionStorage.setItem("clicks", 1 + Number(sessionStorage.getItem("clicks")));
window.addEventListener("click", event => event.isTrusted && count(), true);
"""


class Typing:
    """Types into fields and counts them."""

    def __init__(self, page):
        self.page, self.fields = page, 0

    def into(self, label, text):
        self.page.get_by_role("main").get_by_label(re.compile(rf"^\s*{label}\s*\*?\s*$")).first.fill(text)
        self.fields += 1


@pytest.fixture
def walk(page, site, worker):
    return Walk(page, site)


def test_a_new_company_takes_in_its_first_order_within_the_hour(walk, page):
    page.add_init_script(COUNT)
    typing, began = Typing(page), time.monotonic()
    walk.go("/aanmelden/")
    typing.into("Bedrijfsnaam", "Poetsbedrijf Zilver")
    typing.into("Uw naam", "Zita Zilver")
    typing.into("E-mailadres", "zita@zilver.example")
    page.get_by_role("button", name="Aanmelden").click()
    page.goto(re.search(r"\S+/wachtwoord-instellen/\S+", mail_to("zita@zilver.example").body)[0])
    page.get_by_label("Nieuw wachtwoord", exact=False).first.fill("zilver-glanst-als-9")
    page.get_by_label("Nieuw wachtwoord, nog een keer").fill("zilver-glanst-als-9")
    typing.fields += 2
    page.get_by_role("button", name="Opslaan", exact=True).click()
    walk.log_in("zita@zilver.example", "zilver-glanst-als-9")
    typing.fields += 2

    expect(page.get_by_role("heading", name="Startgids")).to_be_visible()
    page.get_by_label("Campers en caravans").check()
    expect(page.locator("#expected")).to_contain_text("4 soorten voertuigen")
    page.get_by_role("button", name="Klaarzetten").click()
    expect(page.get_by_text("Klaargezet: 4 soorten voertuigen").first).to_be_visible()

    page.get_by_role("link", name="Klant aanmaken").click()
    walk.choose("Type klant", "Dealer")
    typing.into("Naam", "Garage Eerste Klant")
    walk.save()
    walk.menu("Werkorders").tab("Aanmaken").choose("Soort klant", "Dealer").choose("Naam van de klant", "Garage Eerste Klant")
    walk.choose("Soort voertuig", "Auto standaard")
    typing.into("Kenteken", "gb-001-k")
    page.get_by_label(re.compile("^Handwas en drogen")).check()
    page.get_by_label(re.compile("^Stofzuigen")).check()
    expect(page.locator("#total")).to_contain_text("50,00")
    walk.today("Datum van behandeling").save()
    walk.sees("GB-001-K")

    clicks, seconds = int(page.evaluate("Number(sessionStorage.getItem('clicks'))")), time.monotonic() - began
    assert typing.fields <= 25
    assert clicks <= 40
    assert seconds <= 600
    [only_company] = company_ids(Company)
    with context.company(only_company):
        checklist = Checklist(WorkOrder.objects.get())
        names = [question.item.name for question in checklist.questions]
    assert "Handwas en drogen" in names
    assert "Stofzuigen" in names
    assert "Sleutels en papieren compleet" in names
    assert "Waxlaag aanbrengen" not in names

    walk.go("/startgids/")
    expect(page.get_by_role("link", name="Naar uw werkplek")).to_be_visible()
