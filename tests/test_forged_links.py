"""Links that open a page without a login cannot be tried without end, and one that is right always opens."""

from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains

from accounts.tablets import hashed
from tests.factories import MembershipFactory
from workorders.models import CalendarFeed

HOME, ELSEWHERE = "192.0.2.10", "198.51.100.20"
FORGED = [("defect-page", [1, "vals"]), ("approval", [1, "vals"]), ("quote-page", [1, "vals"]), ("calendar-feed", ["vals"])]
FORGED += [("pay-online", [1, "vals"])]


def test_who_tries_forged_links_waits_and_a_right_one_opens_all_the_same(company, settings):
    settings.SITE_URL = "http://testserver"
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"forged_link": "3/m/ip"}
    member = MembershipFactory()
    right = f"/agenda/{company.pk}/goed.ics"
    CalendarFeed.objects.create(membership=member, created_by=member, key_hash=hashed("goed"))
    guesser, elsewhere = Client(REMOTE_ADDR=ELSEWHERE), Client(REMOTE_ADDR=HOME)
    for _ in range(5):
        assert guesser.get(right).status_code == 200

    forged = [reverse(name, args=[company.pk, *arguments]) for name, arguments in FORGED]
    answers = [guesser.get(address) for address in forged]

    assert [answer.status_code for answer in answers] == [404] * 3 + [429] * (len(forged) - 3)
    assertContains(answers[-1], "Te vaak geprobeerd", status_code=429)
    assert guesser.get(right).status_code == 200
    assert elsewhere.get(forged[0]).status_code == 404
