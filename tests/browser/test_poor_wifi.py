"""The tablet in the hall loses its connection for a moment."""

from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Company
from cleanconnect.tenancy import context
from quality.models import Check
from tests.browser.walking import Walk
from tests.factories import ChecklistItemFactory, MembershipFactory, WorkOrderFactory


def test_an_answer_waits_for_the_connection_and_is_sent_by_itself(site, page, transactional_db):
    company = Company.objects.found(name="Glans Autopoets")
    with context.company(company.pk):
        MembershipFactory(user__username="wim")
        ChecklistItemFactory(name="Velgen schoon")
        order = WorkOrderFactory()
    walk = Walk(page, site)
    walk.log_in("wim", "een goed wachtwoord")
    walk.go(reverse("quality:check", args=[order.pk]))
    ja = page.get_by_role("button", name="Ja")

    page.context.set_offline(True)
    ja.click()
    expect(ja).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#shift")).to_contain_text("1 nog te versturen")
    page.context.set_offline(False)
    expect(page.locator("#shift")).to_be_hidden(timeout=20_000)
    expect(ja).to_have_attribute("aria-pressed", "true")

    with context.company(company.pk):
        assert Check.objects.get().passed is True
