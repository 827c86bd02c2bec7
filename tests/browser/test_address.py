"""Typing a postcode and number brings street and place, and what someone typed stays."""

import json

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Company
from cleanconnect.tenancy import context
from tests.browser.walking import Walk
from tests.factories import CustomerTypeFactory, MembershipFactory
from tests.outside_server import outside

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pdok(settings):
    docs = {"1012JS": ("Dam", "Amsterdam"), "3401AB": ("Poetsweg", "IJsselstein")}

    def answer(query):
        postcode = next(part.partition(":")[2] for part in query["fq"] if part.startswith("postcode:"))
        found = [dict(zip(("straatnaam", "woonplaatsnaam"), docs[postcode], strict=True))] if postcode in docs else []
        return 200, json.dumps({"response": {"docs": found}})

    with outside(answer) as server:
        settings.ADDRESS_URL = server.url
        yield server


def test_street_and_place_come_by_themselves(site, page, pdok):
    company = Company.objects.found(name="Glans", start_guide_done_at=timezone.now())
    with context.company(company.pk):
        MembershipFactory(role="owner", user__username="olga")
        CustomerTypeFactory(name="Zakelijk")
    Walk(page, site).log_in("olga", "een goed wachtwoord").go("/klantenbeheer/aanmaken/")

    page.get_by_label("Postcode").fill("1012js")
    page.get_by_label("Huisnummer").fill("1")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Straat")).to_have_value("Dam")
    expect(page.get_by_label("Plaats", exact=True)).to_have_value("Amsterdam")

    page.get_by_label("Postcode").fill("3401AB")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Straat")).to_have_value("Poetsweg")

    page.get_by_label("Straat").fill("Eigen weg")
    page.get_by_label("Postcode").fill("1012JS")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Dam, Amsterdam")).to_be_visible()
    expect(page.get_by_label("Straat")).to_have_value("Eigen weg")
