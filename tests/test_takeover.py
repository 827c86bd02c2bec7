"""An attacker with a free company and somebody's e-mail address, who tries to get that person's login, in every way we know of.

The person is co-owner of Glans Autopoets. Each attack goes as far as it can, over HTTP, and nothing of the person has changed.
"""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import Company, Membership, User
from accounts.tablets import set_pin
from cleanconnect.permissions import ADDRESSES_ON_A_TABLET, ON_A_TABLET, reached_on_a_tablet
from cleanconnect.tenancy import context
from notifications.models import Message
from notifications.tasks import deliver
from tests.factories import MembershipFactory, confirmed
from tests.isolation.test_urls import ALL

ADDRESS, PASSWORD = "vera@glans.example", "alleen-van-vera-7"
ATTACKERS = "boef-heeft-dit-1"

pytestmark = pytest.mark.django_db


def log_in(login, password):
    browser = Client()
    browser.post(reverse("account_login"), {"login": login, "password": password})
    return browser


def is_in(browser):
    return "_auth_user_id" in browser.session


def sign_up(email, name="Gratis Poets"):
    Client().post(reverse("account_signup"), {"company_name": name, "name": "Boef", "email": email})


def mailed_links(mailoutbox, word="/wachtwoord-instellen/"):
    """Send all that waits; the links by the address that they went to, newest last."""
    del mailoutbox[:]
    for company in context.company_ids(Company):
        with context.company(company):
            waiting = list(Message.objects.filter(state="queued").values_list("pk", flat=True))
        for pk in waiting:
            deliver(company, pk)
    return {mail.to[0].rpartition("<")[2].rstrip(">"): found for mail in mailoutbox for found in mail.body.split() if word in found}


def open_link(link, password):
    browser = Client()
    address = browser.get(link, follow=True).redirect_chain[-1][0]
    return browser.post(address, {"new_password1": password, "new_password2": password})


class Person:
    """Vera: her user as it was, and her browser, in which she is logged in."""

    def __init__(self, company, membership):
        self.company, self.user = company, membership.user
        self.before = self.row()
        self.browser = log_in(ADDRESS, PASSWORD)
        assert self.browser.get(reverse("accounts:overview")).status_code == 200

    def row(self):
        return User.objects.filter(pk=self.user.pk).values("username", "email", "password", "is_active", "must_change_password").get()

    def is_untouched(self):
        assert self.row() == self.before
        assert self.browser.get(reverse("accounts:overview")).status_code == 200, "her session goes on, in her own company"
        fresh = log_in(ADDRESS, PASSWORD)
        assert fresh.get(reverse("start"), follow=True).wsgi_request.membership.company_id == self.company.pk
        return True


@pytest.fixture(params=["confirmed", "unconfirmed"])
def vera(request, company):
    """Someone made with a typed password, who chose her own; with a mailed link opened, or never."""
    membership = MembershipFactory(role="owner", name="Vera", user__email=ADDRESS)
    membership.user.set_password(PASSWORD)
    membership.user.save()
    if request.param == "confirmed":
        confirmed(membership.user)
    return Person(company, membership)


class Attacker:
    """A stranger's company, free and made a minute ago, with its owner logged in and a paired tablet."""

    def __init__(self, mailoutbox):
        sign_up("boef@evil.example")
        open_link(mailed_links(mailoutbox)["boef@evil.example"], ATTACKERS)
        self.browser = log_in("boef@evil.example", ATTACKERS)
        self.browser.get(reverse("start"))
        self.company_id = self.browser.session["company_id"]
        self.browser.post(reverse("accounts:tablets"), {"name": "Wasbrug"})
        code = self.browser.get(reverse("accounts:tablets")).context["code"]
        self.tablet = Client()
        self.tablet.post(reverse("tablet"), {"code": code})

    def add(self, email, name="Nieuw", role="employee", **fields):
        self.browser.post(reverse("accounts:create"), {"name": name, "role": role, "email": email} | fields)
        return self.member(name)

    def member(self, name):
        with context.company(self.company_id):
            return Membership.objects.select_related("user").get(name=name)

    def members(self):
        with context.company(self.company_id):
            return Membership.objects.count()

    def enter(self, member, pin):
        return self.tablet.post(reverse("tablet-pin", args=[member.pk]), {"pin": pin})


@pytest.fixture
def attacker(mailoutbox):
    return Attacker(mailoutbox)


def test_adding_somebodys_address_changes_nothing_of_that_login(vera, attacker):
    attacker.add(ADDRESS, password=ATTACKERS)

    assert vera.is_untouched()
    assert log_in(vera.user.username, ATTACKERS).session.get("_auth_user_id") != str(vera.user.pk)


def test_every_act_of_the_owner_on_that_member_leaves_the_login_alone(vera, attacker, mailoutbox):
    member = attacker.add(ADDRESS)

    for name, fields in [
        ("accounts:edit", {"name": "Nieuw", "role": "owner", "email": "boef@evil.example", "username": "boef", "is_active": "on"}),
        ("accounts:edit", {"name": "Nieuw", "role": "employee", "email": ADDRESS, "username": "gekaapt", "is_active": ""}),
        ("accounts:new-password", {"password": ATTACKERS}),
        ("accounts:resend-login", {}),
        ("accounts:card", {}),
        ("accounts:member-pin", {"pin": "4711"}),
        ("accounts:delete", {}),
    ]:
        attacker.browser.get(reverse(name, args=[member.pk]))
        attacker.browser.post(reverse(name, args=[member.pk]), fields)
        assert vera.is_untouched(), name
    assert not any(is_in(log_in(login, ATTACKERS)) for login in (ADDRESS, vera.user.username))


def test_a_pin_that_the_owner_gives_opens_nothing_of_the_person(vera, attacker):
    member = attacker.add(ADDRESS)

    given = attacker.browser.post(reverse("accounts:member-pin", args=[member.pk]), {"pin": "4711"})
    attacker.enter(member, "4711")

    assert given.status_code == 404
    assert not is_in(attacker.tablet)
    assert vera.is_untouched()


def test_a_pin_from_before_somebody_joined_another_company_opens_nothing_any_more(company, attacker):
    member = attacker.add("", name="Piet", username="piet", password=ATTACKERS)
    with context.company(attacker.company_id):
        set_pin(member, "4711")
    assert attacker.enter(member, "4711").url == reverse("start")
    attacker.tablet.post(reverse("tablet-change-person"))
    MembershipFactory(name="Piet bij Glans", user=member.user)

    answer = attacker.enter(member, "4711")

    assert answer.status_code == 422
    assert not is_in(attacker.tablet)


def arguments(converters):
    return [{"uidb64": "MQ", "token": "x-y", "event": "invoice", "language": "nl"}.get(name, 1) for name in converters]


def test_a_tablet_session_reaches_the_work_of_the_hall_and_no_other_address(company, attacker):
    member = attacker.add("", name="Piet", username="piet", password=ATTACKERS)
    with context.company(attacker.company_id):
        set_pin(member, "4711")
    attacker.enter(member, "4711")
    session = attacker.tablet.session.session_key
    closed = [(name, converters) for name, converters, view in ALL if not reached_on_a_tablet(view, name)]

    answers = {}
    for name, converters in closed:
        try:
            address = reverse(name, args=arguments(converters))
        except Exception:
            address = reverse(name, args=["x"] * len(converters))
        answers[name] = {attacker.tablet.get(address).status_code, attacker.tablet.post(address, {}).status_code}

    assert {name: answer for name, answer in answers.items() if answer != {403}} == {}
    assert attacker.tablet.session.session_key == session, "and it is a session still, so that the walk meant something"
    for name in ("own-password", "choose-company", "enter-company", "invitations", "accept-invitation", "own-pin", "login-card"):
        assert name in answers
    assert {name for name in answers if name.startswith("mfa_") or name.startswith("account_")} >= {"mfa_index", "account_reauthenticate"}


def test_what_a_tablet_reaches_is_of_the_work_and_nothing_of_the_person():
    names = {name for name, _converters, _view in ALL}
    permissions = {getattr(view, "permission", None) for _name, _converters, view in ALL}

    assert names >= ADDRESSES_ON_A_TABLET
    assert permissions >= ON_A_TABLET
    assert "own_account" not in ON_A_TABLET


def test_a_tablet_session_ends_with_its_membership_and_takes_no_other(company, attacker):
    member = attacker.add("", name="Piet", username="piet", password=ATTACKERS)
    with context.company(attacker.company_id):
        set_pin(member, "4711", is_own=True)
    MembershipFactory(name="Piet bij Glans", user=member.user)
    attacker.enter(member, "4711")
    assert is_in(attacker.tablet)

    with context.company(attacker.company_id):
        Membership.objects.filter(pk=member.pk).update(is_active=False)
    answer = attacker.tablet.get(reverse("quality:today"))

    assert answer.url == reverse("tablet")
    assert not is_in(attacker.tablet)


def test_an_old_message_gives_no_link_for_a_login_that_has_another_address_now(company, attacker, mailoutbox):
    member = attacker.add("boef2@evil.example", name="Lokaas")
    mailed_links(mailoutbox)
    attacker.browser.post(
        reverse("accounts:edit", args=[member.pk]), {"name": "Lokaas", "role": "employee", "email": ADDRESS, "is_active": "on"}
    )
    mailed_links(mailoutbox)
    MembershipFactory(role="owner", name="Olga")
    owner = Client()
    owner.force_login(Membership.objects.get(name="Olga").user)
    owner.post(reverse("accounts:create"), {"name": "Vera", "role": "owner", "email": ADDRESS})
    link = mailed_links(mailoutbox)[ADDRESS]
    open_link(link, PASSWORD)
    vera = log_in(ADDRESS, PASSWORD)
    assert vera.get(reverse("start"), follow=True).wsgi_request.membership.company_id == company.pk

    with context.company(attacker.company_id):
        old = list(Message.objects.values_list("pk", flat=True))
    for pk in old:
        attacker.browser.post(reverse("notifications:resend", args=[pk]), {"to_email": "boef2@evil.example"})
    links = mailed_links(mailoutbox)

    assert "boef2@evil.example" not in links
    assert log_in(ADDRESS, PASSWORD).get(reverse("accounts:overview")).status_code == 200


def test_a_stranger_who_signs_up_with_somebodys_address_changes_nothing(vera, mailoutbox):
    for number in range(3):
        sign_up(ADDRESS, name=f"Spookbedrijf {number}")

    assert vera.is_untouched()
    owner = vera.browser.get(reverse("accounts:edit", args=[Membership.objects.get(name="Vera").pk]))
    assert owner.status_code == 200
    assert "ander bedrijf" not in owner.content.decode(), "her own company sees nothing of it either"


def test_who_confirmed_the_address_is_asked_and_comes_in_only_after_accepting(company, attacker, mailoutbox):
    user = confirmed(MembershipFactory(role="owner", name="Vera", user__email=ADDRESS).user)
    attacker.add(ADDRESS, role="owner")
    vera = Client()
    vera.force_login(user)
    link = mailed_links(mailoutbox, "/uitnodigingen/")[ADDRESS]

    assert vera.post(reverse("enter-company", args=[attacker.company_id])).status_code == 404
    page = vera.get(link).content.decode()
    assert "Gratis Poets" in page
    assert vera.post(reverse("accept-invitation", args=[attacker.company_id])).url == reverse("start")

    assert vera.get(reverse("start"), follow=True).wsgi_request.membership.company_id == attacker.company_id
    assert vera.post(reverse("enter-company", args=[company.pk])).status_code == 302


def test_nobody_accepts_for_somebody_else(company, attacker):
    confirmed(MembershipFactory(role="owner", name="Vera", user__email=ADDRESS).user)
    attacker.add(ADDRESS, role="owner")
    stranger = Client()
    stranger.force_login(MembershipFactory(name="Ander").user)

    for browser in (stranger, attacker.browser):
        for name in ("accept-invitation", "decline-invitation"):
            assert browser.post(reverse(name, args=[attacker.company_id])).status_code == 404

    assert attacker.member("Nieuw").is_pending


def test_an_invitation_is_refused_or_taken_back_and_nothing_is_left_of_it(company, attacker):
    user = confirmed(MembershipFactory(role="owner", name="Vera", user__email=ADDRESS).user)
    vera = Client()
    vera.force_login(user)
    attacker.add(ADDRESS)
    before = attacker.members()

    vera.post(reverse("decline-invitation", args=[attacker.company_id]))
    assert attacker.members() == before - 1
    member = attacker.add(ADDRESS, name="Opnieuw")
    attacker.browser.post(reverse("accounts:delete", args=[member.pk]))

    assert attacker.members() == before - 1
    assert "Gratis Poets" not in vera.get(reverse("invitations")).content.decode()
    user.refresh_from_db()
    assert user.is_active
    assert user.email == ADDRESS


def test_a_company_that_a_stranger_signed_up_goes_when_its_only_owner_refuses(company, mailoutbox):
    user = confirmed(MembershipFactory(role="owner", name="Vera", user__email=ADDRESS).user)
    vera = Client()
    vera.force_login(user)
    sign_up(ADDRESS, name="Spookbedrijf")
    with context.person(user.pk):
        ghost = Membership.objects.get(is_pending=True).company_id

    vera.post(reverse("decline-invitation", args=[ghost]))

    with context.company(ghost):
        assert not Company.objects.filter(pk=ghost).exists()


def test_a_login_that_somebody_prepared_never_catches_the_holder(company, attacker, mailoutbox):
    """The attacker makes a login with her address and his authenticator app, and waits until a real company invites her."""
    prepared = attacker.add(ADDRESS, name="Lokaas", username="lokaas", password=ATTACKERS).user
    TOTP.activate(prepared, "JBSWY3DPEHPK3PXP")
    mailed_links(mailoutbox)
    owner = Client()
    owner.force_login(MembershipFactory(role="owner", name="Olga").user)

    owner.post(reverse("accounts:create"), {"name": "Vera", "role": "owner", "email": ADDRESS})
    open_link(mailed_links(mailoutbox)[ADDRESS], PASSWORD)
    vera = log_in(ADDRESS, PASSWORD)

    membership = vera.get(reverse("start"), follow=True).wsgi_request.membership
    assert (membership.company_id, membership.name) == (company.pk, "Vera")
    assert membership.user_id != prepared.pk
    with context.person(prepared.pk):
        assert {one.company_id for one in Membership.objects.all()} == {attacker.company_id}


def test_a_prepared_login_that_she_takes_herself_loses_what_was_prepared(attacker, mailoutbox):
    prepared = attacker.add(ADDRESS, name="Lokaas", password=ATTACKERS).user
    TOTP.activate(prepared, "JBSWY3DPEHPK3PXP")
    attackers = Client()
    attackers.force_login(prepared)

    open_link(mailed_links(mailoutbox)[ADDRESS], PASSWORD)

    assert not Authenticator.objects.filter(user=prepared).exists()
    assert is_in(log_in(ADDRESS, PASSWORD))
    assert not is_in(log_in(ADDRESS, ATTACKERS))
    assert attackers.get(reverse("own-password")).status_code == 302, "sessions of before have ended"


def test_two_invitations_of_one_person_end_in_one_login(company, attacker, mailoutbox):
    owner = Client()
    owner.force_login(MembershipFactory(role="owner", name="Olga").user)
    owner.post(reverse("accounts:create"), {"name": "Vera", "role": "owner", "email": ADDRESS})
    ours = mailed_links(mailoutbox)[ADDRESS]
    attacker.add(ADDRESS)
    theirs = mailed_links(mailoutbox)[ADDRESS]
    open_link(ours, PASSWORD)

    browser = log_in(ADDRESS, PASSWORD)
    page = browser.get(theirs, follow=True)
    assert "U hebt al een login" in page.content.decode()
    answer = browser.post(page.redirect_chain[-1][0])

    assert answer.url == reverse("invitations")
    assert "Gratis Poets" in browser.get(answer.url).content.decode()
    assert User.objects.filter(email=ADDRESS).count() == 1


def test_the_holder_changes_the_own_address_with_the_password_and_nobody_without(company):
    user = confirmed(MembershipFactory(role="owner", name="Vera", user__email=ADDRESS).user)
    browser = Client()
    browser.force_login(user)

    def change(password):
        return browser.post(reverse("own-address"), {"email": "Vera@Nieuw.example", "old_password": password}).status_code

    assert [change("fout") for _ in range(6)] == [422] * 5 + [429]
    cache.clear()
    assert change("een goed wachtwoord") == 302

    user.refresh_from_db()
    assert user.email == "vera@nieuw.example"
    assert not user.has_confirmed_address
    assert User.objects.holder(ADDRESS) is None
    assert is_in(log_in("vera@nieuw.example", "een goed wachtwoord"))


def test_the_own_password_asks_the_old_one_even_when_there_is_none_to_know(company):
    user = MembershipFactory(name="Piet").user
    browser = Client()
    browser.force_login(user)
    user.set_unusable_password()
    user.save()
    session = browser.session
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.save()

    answer = browser.post(reverse("own-password"), {"new_password1": ATTACKERS, "new_password2": ATTACKERS})

    assert answer.status_code == 422
    user.refresh_from_db()
    assert not user.has_usable_password()


def test_the_owner_reads_nowhere_whose_address_is_known(company, attacker):
    """Two invitations, one of an address that has a login; all that the screens, the messages and the file say of them is the same."""
    confirmed(MembershipFactory(role="owner", name="Vera", user__email=ADDRESS).user)
    known, unknown = attacker.add(ADDRESS, name="Eerste persoon"), attacker.add("nooit@gehoord.example", name="Tweede persoon")

    def told(page, member, email):
        text = page.content.decode().partition('<main class="page"')[2].partition("</main>")[0]
        for own in (f"/{member.pk}/", email, member.name, f"-{member.pk}"):
            text = text.replace(own, "…")
        return [line for line in text.splitlines() if "csrf" not in line.lower()]

    def both(name):
        return [
            told(attacker.browser.get(reverse(name, args=[member.pk])), member, email)
            for member, email in ((known, ADDRESS), (unknown, "nooit@gehoord.example"))
        ]

    overview = attacker.browser.get(reverse("accounts:overview")).content.decode()
    for name in ("accounts:edit", "accounts:card", "accounts:delete"):
        first, second = both(name)
        assert first == second, name
    with context.company(attacker.company_id):
        messages = Message.objects.exclude(to_name="Boef")
        texts = {message.text.replace(message.to_email, "…").replace(message.to_name, "…") for message in messages}
    assert len(texts) == 1
    assert "wacht op Eerste persoon" in overview
    assert "wacht op Tweede persoon" in overview
