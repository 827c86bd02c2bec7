"""`make screenshots`: the pictures of the README, of the demo company at the address given, or else of one started for it."""

import io
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from cleanconnect.demo_logins import LOGINS, PASSWORD

FOLDER = Path(__file__).parent / "screenshots"
USERS = dict(LOGINS)


@contextmanager
def demo():
    """The whole stack in a folder that is thrown away; gives its address."""
    with tempfile.TemporaryDirectory(prefix="cleanconnect-pictures-") as folder:
        run = subprocess.Popen(
            [sys.executable, "-m", "cleanconnect.run"], env=os.environ | {"VAR_DIR": folder}, stdout=subprocess.PIPE, text=True
        )
        try:
            yield next(line.split()[-1] for line in run.stdout if "CleanConnect: http" in line)
        finally:
            run.terminate()
            run.communicate()


def save(page, name, width, height):
    """A picture of what is on the screen, with few colours: small enough for a repository."""
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(160, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)


def log_in(page, site, role):
    page.context.clear_cookies()
    page.goto(f"{site}/klantlogin/")
    page.get_by_label("Gebruikersnaam of e-mailadres").fill(USERS[role])
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Inloggen").click()
    page.wait_for_load_state()


def fill_in_an_order(page, site):
    page.goto(f"{site}/werkorders/aanmaken/")
    for field, index in (("#id_customer_type", 1), ("#id_customer", 1), ("#id_vehicle_type", 1)):
        page.locator(field).select_option(index=index)
        page.wait_for_load_state("networkidle")
    page.locator("#id_plate").fill("GB-001-K")
    page.locator("input[name=services]").first.wait_for()
    for box in page.locator("input[name=services]").all()[:3]:
        box.check()
    page.wait_for_timeout(1000)  # the total is counted a moment after the last tick


def take(site):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--lang=nl"],
            env=os.environ | {"LANGUAGE": "nl"},  # a date field is in the browser's own language: Debian's chromium-l10n has Dutch
        )
        page = browser.new_page(locale="nl-NL")
        log_in(page, site, "Eigenaar")
        save(page, "werkorders", 1280, 800)
        fill_in_an_order(page, site)
        save(page, "werkorder-aanmaken", 1280, 1150)
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{site}/werkorders/planning/")
        page.locator(".ec-event").first.wait_for()
        save(page, "planning", 1280, 900)
        page.goto(f"{site}/werkorders/kosten/?per=klant")
        save(page, "kosten", 1280, 900)
        page.goto(f"{site}/facturen/overzicht/")
        page.get_by_role("main").locator("tbody a").first.click()
        save(page, "factuur", 1280, 800)
        page.goto(f"{site}/kwaliteitscheck/mankementen/")
        page.locator("a[href*='/voertuigen/']").nth(1).click()
        save(page, "voertuig", 1280, 800)
        page.goto(f"{site}/werkzaamheden/prijzen/")
        save(page, "prijzen", 1280, 800)
        page.goto(f"{site}/klantenbeheer/overzicht/?zoek=Merwede")
        page.get_by_role("main").locator("tbody a").first.click()
        save(page, "klant", 1280, 900)
        log_in(page, site, "Werknemer")
        save(page, "vandaag", 1024, 768)
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        take(sys.argv[1].rstrip("/"))
    else:
        with demo() as site:
            take(site)
