"""Every page that can be reached by links, for each role, with the demo company: nothing sticks out, and axe-core finds nothing wrong."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.urls import Resolver404, resolve

from cleanconnect.demo_logins import LOGINS, PASSWORD
from tests.browser.walking import Walk

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = (1280, 1000, 768, 360)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}  # all that the dark has otherwise


def links(page):
    """`(name of the view, address)` of every link on the page that stays in the product."""
    for href in page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)"):
        try:
            yield resolve(urlsplit(href).path).view_name, href.partition("#")[0]
        except Resolver404:
            continue


def is_page(page, address):
    return "text/html" in page.request.get(address).headers.get("content-type", "")


def faults(page, address, dark):
    """What is wrong with the page as it stands: it is wider than the screen, or axe-core has a complaint."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") > 0:
            yield f"{address} is wider than {width} px"
    if page.locator(".ec").count():  # the planning board turns into a list when it becomes narrow, and asks for the orders anew
        page.wait_for_load_state("networkidle")
    yield from complaints(page, f"{address}{' (dark)' if dark else ''}", RULES)


def complaints(page, where, rules):
    for violation in Axe().run(page, options=rules).response["violations"]:
        yield f"{where}: {violation['id']}: {violation['nodes'][0]['html'][:120]}"


def walk_everywhere(page, start):
    """Follow all links, and look at each kind of page once, in the light and in the dark."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    seen, waiting, found = set(), [("start", start)], []
    while waiting:
        name, address = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        if is_page(page, address):
            response = page.goto(address)
            assert response.status in {200, 202}, f"{address} answers {response.status}"
            waiting += [link for link in links(page) if link[0] not in seen]
            found += faults(page, address, dark=False)
            page.emulate_media(color_scheme="dark")
            found += complaints(page, f"{address} (dark)", COLOURS)
            page.emulate_media(color_scheme="light")
    return seen, found


@pytest.fixture
def demo(site):
    call_command("demo")
    return site


def test_the_public_pages(page, site):
    seen, found = walk_everywhere(page, site + "/")

    assert not found, "\n".join(found)
    assert seen >= {"home", "account_login", "account_signup", "account_reset_password"}


def test_every_page_of_every_role(page, demo):
    found, reached = [], {}
    for role, username in LOGINS:
        page.context.clear_cookies()
        Walk(page, demo).log_in(username, PASSWORD)
        reached[role], faults_of_role = walk_everywhere(page, page.url)
        found += [f"{role}: {fault}" for fault in faults_of_role]

    assert not found, "\n".join(found)
    assert reached["Eigenaar"] >= {"workorders:edit", "services:price-agreements", "quality:check", "invoicing:detail", "vehicle-page"}
    assert reached["Werknemer"] >= {"quality:today", "quality:check", "quality:defect-create", "vehicle-page"}
    assert reached["Boekhouder"] >= {"invoicing:detail", "invoicing:vat", "bookkeeping:overview"}
    assert reached["Klant"] >= {"workorders:detail", "invoicing:detail", "vehicle-page"}
