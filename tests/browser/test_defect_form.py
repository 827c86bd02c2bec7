"""Reporting a defect: spoken where the browser can listen, and a photo that is none is named."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Company
from cleanconnect.tenancy import context
from quality.models import Defect
from tests.browser.walking import Walk, eventually
from tests.factories import MembershipFactory, VehicleFactory, WorkOrderFactory

pytestmark = pytest.mark.django_db(transaction=True)
EAR = """globalThis.SpeechRecognition = class {
  start() { globalThis.ear = this; globalThis.heardIn = this.lang; }
  stop() { this.onend(); }
};"""
HEARS = "text => globalThis.ear.onresult({ resultIndex: 0, results: [[{ transcript: text }]] })"


@pytest.fixture
def company(site):
    company = Company.objects.found(name="Glans", start_guide_done_at=timezone.now())
    with context.company(company.pk):
        wim = MembershipFactory(user__username="wim", name="Wim", language="pl")
        WorkOrderFactory(number=9000, vehicle=VehicleFactory(plate="GB001B"), created_by=wim, planned_on=timezone.localdate())
    return company


def form(page, site):
    Walk(page, site).log_in("wim", "een goed wachtwoord")
    page.locator(".car a").click()
    page.get_by_role("link", name="Zgłoś usterkę").first.click()
    expect(page.get_by_role("heading", name="Zgłoś usterkę")).to_be_visible()


def test_the_text_is_spoken_in_the_language_of_who_speaks(page, site, company):
    page.add_init_script(EAR)
    form(page, site)
    page.get_by_label("Opis").fill("Z przodu:")

    page.get_by_role("button", name="Dyktuj").click()
    page.evaluate(HEARS, "rysa na masce")

    expect(page.get_by_label("Opis")).to_have_value("Z przodu: rysa na masce")
    assert page.evaluate("heardIn") == "pl"
    page.get_by_role("button", name="Dyktuj").click()
    expect(page.get_by_role("button", name="Dyktuj")).to_have_attribute("aria-pressed", "false")


def test_where_the_browser_cannot_listen_there_is_no_button(page, site, company):
    page.add_init_script("delete globalThis.SpeechRecognition; delete globalThis.webkitSpeechRecognition;")
    form(page, site)

    expect(page.get_by_role("button", name="Dyktuj")).to_be_hidden()


def test_a_photo_that_is_none_is_named_and_the_defect_stays(page, site, company):
    form(page, site)
    page.locator("label", has_text="Wgniecenie").click()
    page.get_by_label("Zdjęcie", exact=True).set_input_files({"name": "deuk.jpg", "mimeType": "image/jpeg", "buffer": b"geen foto"})

    page.get_by_role("button", name="Zgłoś").click()

    expect(page.get_by_role("alert")).to_contain_text("deuk.jpg")
    with context.company(company.pk):
        defect = eventually(lambda: Defect.objects.filter(photo_uid=None).first())
        assert (defect.description, defect.photo.name) == ("Deuk", "")


def test_a_photo_that_is_too_large_is_refused_at_once(page, site, company):
    form(page, site)
    page.evaluate("document.getElementById('shift').dataset.photoMax = '3'")
    page.locator("label", has_text="Wgniecenie").click()
    page.get_by_label("Zdjęcie", exact=True).set_input_files({"name": "deuk.jpg", "mimeType": "image/jpeg", "buffer": b"12345"})

    page.get_by_role("button", name="Zgłoś").click()

    expect(page.get_by_role("alert")).to_contain_text("deuk.jpg: Zdjęcie jest za duże")
    with context.company(company.pk):
        assert not Defect.objects.exists()
