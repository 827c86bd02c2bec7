"""Walking the product as a person does: by the words on the screen."""

import re
import time

from django.utils import timezone
from playwright.sync_api import expect


def eventually(found, seconds=60):
    """What `found()` gives once it gives something; for what a worker does in its own time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if result := found():
            return result
        time.sleep(0.1)
    raise AssertionError("it did not happen")


class Walk:
    """One person at one browser."""

    def __init__(self, page, site):
        self.page, self.site = page, site

    def go(self, path):
        self.page.goto(self.site + path)
        return self

    def menu(self, name):
        self.page.get_by_role("navigation", name="Menu").get_by_role("link", name=name, exact=True).click()
        self.page.wait_for_load_state()
        return self

    def tab(self, name):
        self.page.get_by_role("navigation", name="Tabbladen").get_by_role("link", name=name, exact=True).click()
        self.page.wait_for_load_state()
        return self

    def fill(self, **fields):
        """Fill fields by their label: `naam_van_de_groep` is "Naam van de groep", `e_mailadres` is "E-mailadres"."""
        for name, text in fields.items():
            label = re.compile(r"^\s*" + name.replace("_", r"[\s-]") + r"\s*\*?\s*$", re.IGNORECASE)
            self.page.get_by_role("main").get_by_label(label).fill(text)
        return self

    def choose(self, label, option):
        field = self.page.get_by_role("main").get_by_label(re.compile(rf"^\s*{label}\s*\*?\s*$"))
        expect(field.locator("option", has_text=option).first).to_be_attached()
        field.select_option(label=option)
        expect(self.page.locator(".htmx-request")).to_have_count(0)  # what depends on it stands there now
        return self

    def today(self, label):
        self.page.get_by_label(label).fill(timezone.localdate().isoformat())
        return self

    def save(self):
        self.page.get_by_role("main").get_by_role("button", name="Opslaan", exact=True).click()
        self.page.wait_for_load_state()
        return self

    def sees(self, text):
        expect(self.page.get_by_role("main").get_by_text(text).first).to_be_visible()
        return self

    def log_out(self):
        self.page.get_by_role("button", name="Mijn account").click()
        self.page.get_by_role("button", name="Uitloggen").click()
        self.page.wait_for_load_state()
        return self

    def log_in(self, login, password):
        self.go("/klantlogin/")
        self.page.get_by_label("Gebruikersnaam of e-mailadres").fill(login)
        self.page.get_by_label(re.compile(r"^\s*Wachtwoord\s*\*?\s*$")).fill(password)
        self.page.get_by_role("main").get_by_role("button", name="Inloggen").click()
        self.page.wait_for_load_state()
        return self
