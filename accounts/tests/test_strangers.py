"""A company that a stranger signed up cannot use us to mail whom it likes, with what it likes."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from accounts.mail_events import INVITATION
from accounts.models import Company
from accounts.signing_up import sign_up
from cleanconnect.jobs import Job
from cleanconnect.tenancy import context
from notifications import delivery, wording
from notifications.models import Message
from notifications.outbox import post
from notifications.strangers import has_link

PHISHING = {"subject": "ING: uw rekening is geblokkeerd", "body": "Bevestig uw gegevens op https://ing-veilig.example/ {inloggen}"}


@pytest.fixture
def stranger(owner):
    """The company of `owner`, as one that nobody has looked at yet."""
    company = owner.membership.company
    company.approved_at = None
    company.save()
    return company


def mail(number, to="klant{}@elders.example"):
    to_email = to.format(number)
    return post(event=INVITATION, key=str(number), words={}, to_email=to_email, to_name="Iemand")


def when(message):
    return Job.objects.get(task=Message.TASK, row_id=message.pk).due_at


def test_a_company_that_signs_up_waits_for_the_host_unless_only_known_ones_can(db, settings):
    by_stranger = sign_up(company_name="ING Bank", name="Boef", email="boef@elders.example")
    settings.SIGN_UP_OPEN_TO_STRANGERS = False
    by_known = sign_up(company_name="Glans", name="Olga", email="olga@glans.example")

    assert (by_stranger.approved_at, by_stranger.sender_name) == (None, "ING Bank via CleanConnect")
    assert by_known.sender_name == "Glans"


def test_what_any_company_writes_beyond_a_days_worth_waits_and_none_is_lost(owner, settings):
    settings.MAILS_A_DAY = 3

    messages = [mail(number, to="een@elders.example") for number in range(7)]

    first = when(messages[0])
    assert [round((when(message) - first) / timedelta(days=1)) for message in messages] == [0, 0, 0, 1, 1, 1, 2]
    assertContains(owner.get(reverse("notifications:detail", args=[messages[3].pk])), "wat daarboven komt, wacht tot de volgende")
    assert not Message.objects.exclude(state="queued").exists()


def test_a_new_company_reaches_so_many_new_addresses_a_day_and_loses_no_mail(stranger, settings):
    settings.NEW_ADDRESSES_A_DAY = 3
    messages = [mail(number) for number in range(7)]

    again = post(event=INVITATION, key="nog een", words={}, to_email="klant0@elders.example", to_name="Iemand")

    first = when(messages[0])
    assert [(when(message) - first).days for message in messages] == [0, 0, 0, 1, 1, 1, 2]
    assert (when(again) - first).days == 0
    assert {message.state for message in messages} == {"queued"}


def test_what_waits_makes_no_room_for_more_the_next_day_nor_does_a_second_mail_pass_the_first(stranger, settings):
    settings.NEW_ADDRESSES_A_DAY = 3
    for number in range(7):
        mail(number)
    Message.objects.filter(to_email__in=[f"klant{number}@elders.example" for number in range(3)]).update(
        state="sent", sent_at=timezone.now() - timedelta(hours=25), created_at=timezone.now() - timedelta(hours=25)
    )
    Message.objects.filter(state="queued").update(created_at=timezone.now() - timedelta(hours=25))

    next_day, second = mail(8), post(event=INVITATION, key="tweede", words={}, to_email="KLANT6@elders.example", to_name="Iemand")

    assert round((when(next_day) - timezone.now()) / timedelta(days=1)) == 1
    assert round((when(second) - timezone.now()) / timedelta(days=1)) == 2


def test_another_address_for_an_old_mail_is_a_new_one_too(owner, stranger, settings):
    settings.NEW_ADDRESSES_A_DAY = 2
    messages = [mail(number) for number in range(2)]
    Message.objects.update(state="sent", sent_at=timezone.now() - timedelta(hours=2))
    Job.objects.all().delete()

    same = owner.post(reverse("notifications:resend", args=[messages[0].pk]), {"to_email": messages[0].to_email})
    other = owner.post(reverse("notifications:resend", args=[messages[1].pk]), {"to_email": "slachtoffer@elders.example"})

    assert same.status_code == other.status_code == 302
    assert when(messages[0]) <= timezone.now()
    assert round((when(messages[1]) - timezone.now()) / timedelta(days=1)) == 1


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("Tot morgen bij de wasstraat", False),
        ("Bel ons o.a. op 010-1234567, dhr. Jansen", False),
        ("Kijk op https://x.example", True),
        ("kijk op ing-veilig.nl/aanmelden", True),
        ("mail boef@elders.example", True),
    ],
)
def test_what_leads_somewhere(text, leads):
    assert has_link(text) == leads


def test_an_approved_company_mails_as_many_as_it_likes(owner, settings):
    settings.NEW_ADDRESSES_A_DAY = 1
    messages = [mail(number) for number in range(4)]

    assert len({when(message).date() for message in messages}) == 1


def test_the_owner_reads_why_a_mail_waits(owner, stranger, settings):
    settings.NEW_ADDRESSES_A_DAY = 1
    mail(1)

    page = owner.get(reverse("notifications:detail", args=[mail(2).pk]))

    assertContains(page, "beperkt aantal nieuwe adressen")


def test_an_own_text_with_a_link_waits_and_ours_goes(owner, stranger):
    response = owner.post(reverse("notifications:mail-text", args=["invitation", "nl"]), PHISHING, follow=True)

    assertContains(response, "zodra CleanConnect uw bedrijf heeft bekeken")
    assert wording.wording(INVITATION, "nl") == wording.ours(INVITATION, "nl")
    page = owner.get(reverse("notifications:mail-text", args=["invitation", "nl"]))
    assertContains(page, "ing-veilig.example")
    assertContains(page, "Tot dan gaat onze tekst")


def test_an_own_text_without_a_link_goes_at_once(owner, stranger):
    text = {"subject": "Welkom", "body": "Beste {naam}, zo logt u in: {inloggen}"}
    owner.post(reverse("notifications:mail-text", args=["invitation", "nl"]), text)

    assert wording.wording(INVITATION, "nl")[0] == "Welkom"


def test_the_host_lists_who_waits_and_lets_them_go(stranger, owner, settings):
    settings.NEW_ADDRESSES_A_DAY = 1
    owner.post(reverse("notifications:mail-text", args=["invitation", "nl"]), PHISHING)
    first, held = mail(1), mail(2)
    listed, said = StringIO(), StringIO()

    call_command("companies", stdout=listed)
    call_command("companies", approve=[stranger.pk], stdout=said)

    assert f"{stranger.pk}  WAITS" in listed.getvalue()
    assert "2 mails today" in listed.getvalue()
    with context.company(stranger.pk):
        assert Company.objects.get(pk=stranger.pk).sender_name == "Glans Autopoets"
        assert wording.wording(INVITATION, "nl")[0] == PHISHING["subject"]
        assert (when(held) - when(first)).days == 0
        sent = delivery.build(held, company=Company.objects.get(pk=stranger.pk))
    assert sent.extra_headers["From"].startswith("Glans Autopoets <")


def test_the_host_is_told_of_a_number_that_is_no_company(stranger):
    with pytest.raises(CommandError, match="There is no company 999999"):
        call_command("companies", approve=[stranger.pk, 999999])

    stranger.refresh_from_db()
    assert stranger.approved_at is None


def test_a_mail_is_not_sent_again_while_it_may_be_on_its_way(owner):
    message = mail(1)
    Message.objects.filter(pk=message.pk).update(state="sent", sent_at=timezone.now())

    response = owner.post(reverse("notifications:resend", args=[message.pk]), {"to_email": message.to_email}, follow=True)

    assertContains(response, "Wacht vijf minuten")
    message.refresh_from_db()
    assert message.state == "sent"
