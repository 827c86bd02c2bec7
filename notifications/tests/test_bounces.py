import logging
from urllib.parse import quote

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from cleanconnect import jobs
from cleanconnect.tenancy import context
from notifications import bounces, tasks
from notifications.models import Message
from tests.pop_server import PASSWORD, USER, mailbox

LETTER = """\
From: MAILER-DAEMON@mail.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="grens"

--grens
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.
.
--grens
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example
Arrival-Date: Mon, 23 Nov 2026 10:00:00 +0100 (CET)

Final-Recipient: rfc822; karel@example.nl
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}

--grens
Content-Type: text/rfc822-headers

Subject: Factuur 2026-0001

--grens--
"""


def write(**fields):
    return Message.objects.create(
        **{"event": "invoice", "event_key": "1", "to_name": "Karel", "to_email": "karel@example.nl", "subject": "Factuur", "text": "Dag"}
        | {"state": "sent", "sent_at": timezone.now()}
        | fields
    )


def letter(to, action="failed", status="5.1.1", said="550 5.1.1 <karel@example.nl>: user unknown"):
    return LETTER.format(to=to, action=action, status=status, said=said).encode()


@pytest.fixture(autouse=True)
def address(settings):
    settings.BOUNCE_ADDRESS = "retour@mail.example"


@pytest.fixture
def box(settings):
    with mailbox() as running:
        settings.BOUNCE_MAILBOX = f"pop://{USER}:{quote(PASSWORD)}@{running.address}"
        yield running


def returned_to(company, message):
    """The return address with which this message goes out."""
    Message.objects.update(state="queued")
    jobs.add(tasks.deliver, message)
    tasks.deliver(company.pk, message.pk)
    return mail.outbox[-1].from_email


def test_a_mail_is_from_the_company_and_returns_to_an_address_of_its_own(company):
    address = returned_to(company, write())

    assert mail.outbox[0].message()["From"].startswith("Glans Autopoets <noreply@")
    assert address.startswith(f"retour+{company.pk}.")
    assert address.endswith("@mail.example")
    assert len(bounces.return_address(10**9, Message(pk=10**11)).partition("@")[0]) <= 64


def test_without_an_address_for_them_a_mail_returns_to_its_sender(company, settings):
    settings.BOUNCE_ADDRESS = ""

    assert returned_to(company, write()).startswith("Glans Autopoets <noreply@")


def test_a_mail_that_came_back_is_shown_with_the_reason(company, box, owner):
    message = write()
    box.letters = [letter(returned_to(company, message))]

    tasks.collect_bounces()

    message.refresh_from_db()
    assert (message.state, message.last_error) == (
        "bounced",
        "Dit e-mailadres bestaat niet. (550 5.1.1 <karel@example.nl>: user unknown)",
    )
    assert box.letters == []
    page = owner.get(reverse("notifications:overview"), {"status": "niet_aangekomen"}).content.decode()
    assert "Teruggekomen" in page
    assert "Dit e-mailadres bestaat niet." in owner.get(reverse("notifications:detail", args=[message.pk])).content.decode()
    assert "1 e-mail over een factuur is niet aangekomen" in owner.get(reverse("invoicing:overview")).content.decode()


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("5.1.2", "Het domein"),
        ("5.2.2", "Het postvak van de ontvanger is vol."),
        ("5.2.1", "Dit postvak neemt geen e-mail aan."),
        ("4.4.7", "De mailserver van de ontvanger was dagenlang niet bereikbaar."),
        ("5.7.26", "De mailserver van de ontvanger weigert de e-mail als ongewenst."),
        ("5.0.0", "De mailserver van de ontvanger weigert de e-mail."),
        ("", "De mailserver van de ontvanger weigert de e-mail."),
    ],
)
def test_the_reason_is_in_words_of_the_owner(company, status, reason):
    message = write()

    assert bounces.mark(letter(returned_to(company, message), status=status))

    assert Message.objects.get().last_error.startswith(reason)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(b"Action: failed", b"Action: delayed"),
        lambda text: text.replace(b"message/delivery-status", b"text/plain"),
        lambda text: text.replace(b"retour+", b"retour+1"),
        lambda text: b"To: retour@mail.example\r\nSubject: Ik ben er niet\r\n\r\nTot maandag.",
        lambda text: b"",
        lambda text: b"\xff\xfe\x00 niets",
    ],
    ids=["delayed", "no report", "forged", "absence", "empty", "no mail at all"],
)
def test_a_letter_that_says_anything_else_changes_nothing_and_leaves(company, box, change):
    message = write()
    box.letters = [change(letter(returned_to(company, message)))]

    tasks.collect_bounces()

    assert Message.objects.get().state == "sent"
    assert box.letters == []


def test_what_was_sent_again_meanwhile_stays_as_it_is(company):
    message = write()
    about = returned_to(company, message)
    Message.objects.update(state="queued")

    assert not bounces.mark(letter(about))
    assert Message.objects.get().state == "queued"


def test_each_company_gets_its_own(company, neighbour):
    write()
    theirs = neighbour.rows[Message]
    with context.company(neighbour.company.pk):
        Message.objects.update(state="sent")
    about = bounces.return_address(neighbour.company.pk, theirs)

    assert bounces.mark(letter(about))

    assert Message.objects.get().state == "sent"
    with context.company(neighbour.company.pk):
        assert Message.objects.get().state == "bounced"


@pytest.mark.parametrize("command", ["PASS", "STAT", "RETR", "DELE", "QUIT"])
def test_a_connection_that_breaks_is_taken_up_the_next_time(company, box, command, caplog):
    message = write()
    box.letters = [letter(returned_to(company, message))]
    box.breaks_at = command

    with caplog.at_level(logging.WARNING):
        tasks.collect_bounces()
    assert "does not answer" in caplog.text
    assert len(box.letters) == 1

    box.breaks_at = None
    tasks.collect_bounces()
    assert Message.objects.get().state == "bounced"
    assert box.letters == []


def test_a_wrong_password_is_a_line_in_the_log(company, box, settings, caplog):
    settings.BOUNCE_MAILBOX = f"pop://{USER}:fout@{box.address}"

    tasks.collect_bounces()

    assert "authentication failed" in caplog.text


def test_the_owner_sends_it_to_another_address(owner):
    message = write(state="bounced", last_error="Dit e-mailadres bestaat niet.")
    address = reverse("notifications:resend", args=[message.pk])

    wrong = owner.post(address, {"to_email": "geen adres"})
    assert wrong.status_code == 422
    assert "geldig e-mailadres" in wrong.content.decode()
    owner.post(address, {"to_email": "kareltje@example.nl"})

    message.refresh_from_db()
    assert (message.state, message.to_email, message.last_error) == ("queued", "kareltje@example.nl", "")


def test_a_personal_link_stays_with_its_address(owner):
    message = write(state="failed", user=owner.membership.user)

    owner.post(reverse("notifications:resend", args=[message.pk]), {"to_email": "een.ander@example.nl"})

    assert Message.objects.get().to_email == "karel@example.nl"
