"""Dependent choices without JavaScript: a button refreshes them, and nothing that was typed is lost."""

import re

import pytest
from playwright.sync_api import expect

from cleanconnect.tenancy import context
from tests.browser.walking import Walk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def browser_context_args(browser_context_args):
    return browser_context_args | {"java_script_enabled": False}


@pytest.fixture
def walk(page, site):
    from accounts.models import Company, Membership
    from tests.factories import CustomerFactory, ServiceFactory, UserFactory

    company = Company.objects.found(name="Glans")
    with context.company(company.pk):
        Membership.objects.create(user=UserFactory(username="olga"), role="owner", name="Olga")
        CustomerFactory(name="Dealer De Vries", type__name="Zakelijk")
        ServiceFactory(name="Stofzuigen", group__name="Interieur", group__vehicle_type__name="Auto standaard", price="30.00")
    return Walk(page, site).log_in("olga", "een goed wachtwoord")


def choose(page, label, option):
    page.get_by_label(re.compile(rf"^\s*{label}\s*\*?\s*$")).select_option(label=option)


def test_an_order_is_taken_in(walk, page):
    walk.go("/werkorders/aanmaken/")
    choose(page, "Soort klant", "Zakelijk")
    choose(page, "Soort voertuig", "Auto standaard")
    walk.fill(kenteken="gb001k", notitie_voor_de_werknemer="Hondenharen")
    page.get_by_role("button", name="Keuzes bijwerken").click()
    choose(page, "Naam van de klant", "Dealer De Vries")
    page.get_by_label(re.compile("Stofzuigen")).check()
    page.get_by_role("button", name="Keuzes bijwerken").click()
    expect(page.locator("#total")).to_contain_text("€\xa036,30")
    expect(page.get_by_label("Notitie voor de werknemer")).to_have_value("Hondenharen")
    page.get_by_role("button", name="Opslaan", exact=True).click()

    walk.sees("GB-001-K")


def test_the_handlings_of_a_group_are_loaded(walk, page):
    walk.go("/werkzaamheden/overzicht/")
    choose(page, "Soort voertuig", "Auto standaard")
    page.locator("main form button, main noscript button").first.click()
    page.get_by_role("link", name="Groep laden").or_(page.get_by_role("button", name="Groep laden")).first.click()

    walk.sees("Stofzuigen")


def test_the_menu_is_there_on_a_telephone(walk, page):
    page.set_viewport_size({"width": 360, "height": 800})

    walk.go("/werkorders/overzicht/")

    expect(page.get_by_role("link", name="Klantenbeheer")).to_be_visible()
