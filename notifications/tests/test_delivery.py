"""From row to mail server, with a real conversation: what is temporary is tried again, and what is said of a mail is true."""

import logging
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db.models.functions import Now
from django.utils import timezone

from cleanconnect import jobs
from cleanconnect.jobs import Job
from cleanconnect.tenancy import context
from notifications import delivery, tasks
from notifications.models import Message
from tests.smtp_server import Postbox, postbox


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    delivery.pause.end()
    with postbox() as running:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running
    delivery.pause.end()


def write(number=1, **fields):
    message = Message.objects.create(
        **{
            "event": "defect",
            "event_key": number,
            "to_name": "Karel",
            "to_email": "karel@example.nl",
            "subject": "Kras",
            "text": "Dag Karel",
        }
        | fields
    )
    jobs.add(tasks.deliver, message)
    return message


def sent(message, *, times=1):
    """The message after so many attempts to deliver it."""
    for _time in range(times):
        Job.objects.update(due_at=Now())
        tasks.deliver(message.company_id, message.pk)
    message.refresh_from_db()
    return message


def job_of(message):
    return Job.objects.of(tasks.deliver, message).first()


def minutes_to_wait(message):
    return round((job_of(message).due_at - timezone.now()) / timedelta(minutes=1))


def test_a_mail_is_taken_and_its_job_is_gone(company, server):
    message = sent(write(text="Dag Karel\n.\n.verborgen punt"))

    assert message.state == "sent"
    assert message.handed_over_at <= message.sent_at
    assert job_of(message) is None
    [letter] = server.letters
    assert b"\r\n.\r\n.verborgen punt" in letter
    assert letter.endswith(b"\r\n")


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "TEXT"])
def test_a_server_that_says_later_is_asked_again_for_three_days(company, server, command):
    server.answers[command] = "450 4.7.1 Greylisted, try again later"
    message = sent(write())
    first = (message.state, message.handed_over_at, minutes_to_wait(message))
    sent(message, times=8)
    later = (message.state, minutes_to_wait(message))

    del server.answers[command]
    sent(message)

    assert first == ("queued", None, 1)
    assert later == ("queued", 60)
    assert message.state == "sent"
    assert len(server.letters) == 1


def test_after_three_days_it_is_given_up_with_what_the_server_says(company, server):
    server.answers["RCPT"] = "450 4.7.1 Greylisted"
    message = write()
    Job.objects.update(attempts=delivery.MAX_ATTEMPTS - 1)

    sent(message)

    assert (message.state, message.last_error) == ("failed", "450 4.7.1 Greylisted")
    assert job_of(message) is None
    assert sum((jobs.wait(attempts) for attempts in range(1, delivery.MAX_ATTEMPTS)), timedelta()) > timedelta(days=2, hours=23)


@pytest.mark.parametrize(
    ("command", "answer"), [("RCPT", "550 5.1.1 unknown"), ("DATA", "554 5.7.1 spam"), ("TEXT", "552 too large"), ("MAIL", "552 too large")]
)
def test_a_true_no_is_final(company, server, command, answer):
    server.answers[command] = answer

    message = sent(write())

    assert (message.state, message.last_error) == ("failed", answer)
    assert server.letters == []


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_a_server_that_closes_at_one_message_is_asked_again_for_that_one(company, server, command):
    server.answers[f"{command} weg@example.nl" if command == "RCPT" else command] = "421 too busy"
    message = sent(write(to_email="weg@example.nl"))

    assert (message.state, message.last_error, job_of(message).attempts) == ("queued", "421 too busy", 1)
    assert not delivery.pause.is_on


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_vanishes_before_the_text_has_got_nothing(company, server, command):
    server.answers[command] = Postbox.VANISH
    message = sent(write())
    waiting = (message.state, message.handed_over_at)

    server.answers.clear()
    sent(message)

    assert waiting == ("queued", None)
    assert message.state == "sent"
    assert len(server.letters) == 1


def test_a_server_that_takes_the_text_and_vanishes_may_have_delivered(company, server):
    server.answers["TEXT"] = Postbox.VANISH

    message = sent(write())
    sent(message)

    assert message.state == "failed"
    assert "mogelijk is het bericht wel aangekomen" in message.last_error
    assert len(server.letters) == 1


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("GREETING", Postbox.VANISH),
        ("GREETING", "421 not now"),
        ("GREETING", "554 we know you"),
        ("EHLO", Postbox.VANISH),
        ("MAIL", "421 closing"),
        ("MAIL", "530 5.7.0 Authentication required"),
    ],
)
def test_a_server_that_refuses_us_uses_up_no_attempts_and_the_operator_is_told(company, server, caplog, command, answer):
    server.answers[command] = answer
    messages = [write(number) for number in range(3)]
    with caplog.at_level(logging.ERROR):
        for _time in range(3):
            delivery.pause.end()
            sent(messages[0])
    waiting = set(Message.objects.values_list("state", flat=True)), set(Job.objects.values_list("attempts", flat=True))

    server.answers.clear()
    delivery.pause.end()
    sent(messages[0])

    assert waiting == ({"queued"}, {0})
    assert "The mail server takes nothing from us" in caplog.text
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


def test_a_login_of_ours_that_fails_is_the_servers_state(company, server, settings, caplog):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "cleanconnect", "oud"
    message = sent(write())

    assert (message.state, job_of(message).attempts) == ("queued", 0)
    assert "De mailserver neemt nu niets aan" in message.last_error


def test_a_server_that_is_away_is_left_alone_for_longer_and_longer(company, server, settings, monkeypatch):
    settings.EMAIL_PORT = 1
    clock = 1000.0
    monkeypatch.setattr("notifications.delivery.time.monotonic", lambda: clock)
    message = write()
    lengths = []

    for _time in range(6):
        sent(message)
        lengths.append((delivery.pause.until - clock) / 60)
        clock = delivery.pause.until

    assert lengths == [1, 2, 4, 8, 10, 10]
    assert job_of(message).attempts == 0


def test_the_operator_asks_how_it_is(company, server, settings, capsys):
    for number in range(2):
        write(number)
    call_command("mailserver")
    good = capsys.readouterr().out

    server.answers["GREETING"] = "554 go away"
    with pytest.raises(CommandError, match="554 go away"):
        call_command("mailserver")

    assert "2 mails are due, the first since" in good
    assert "The mail server takes our mail." in good
    assert server.letters == []


def test_during_the_pause_nothing_is_tried(company, server):
    delivery.pause.begin("weg")

    message = sent(write())

    assert message.state == "queued"
    assert server.connections == 0


def test_several_mails_go_over_one_connection(company, server):
    messages = [write(number) for number in range(5)]

    sent(messages[0])

    assert len(server.letters) == 5
    assert server.connections == 1


def test_one_companys_five_hundred_do_not_hold_up_another_companys_one(company, neighbour, server):
    ours = [write(number, to_email=f"k{number}@example.nl") for number in range(30)]
    with context.company(neighbour.company.pk):
        theirs = neighbour.rows[Message]
        Message.objects.update(attachments=[], pictures=[])
        Job.objects.update(due_at=Now())

    tasks.deliver(company.pk, ours[0].pk)

    assert theirs.to_email in server.recipients[:3]
    assert len(server.letters) == 31


def test_one_that_is_refused_does_not_stop_the_others(company, server):
    server.answers["RCPT weg@example.nl"] = "550 unknown"
    server.answers["RCPT later@example.nl"] = "450 later"
    messages = [write(number, to_email=f"{name}@example.nl") for number, name in enumerate(("een", "weg", "later", "twee"))]

    tasks.deliver(company.pk, messages[0].pk)

    assert [Message.objects.get(pk=message.pk).state for message in messages] == ["sent", "failed", "queued", "sent"]
    assert server.recipients == ["een@example.nl", "twee@example.nl"]


def test_an_attachment_that_is_away_is_waited_for(company, server):
    message = sent(write(attachments=[["1/facturen/weg.pdf", "Factuur 7.pdf"]]))
    waiting = (message.state, message.last_error, job_of(message).attempts)

    default_storage.save("1/facturen/weg.pdf", ContentFile(b"%PDF"))
    sent(message)

    assert waiting == ("queued", "De bijlage Factuur 7.pdf is niet te vinden.", 1)
    assert message.state == "sent"


def test_a_subject_of_two_lines_is_one_header(company, server):
    message = sent(write(subject="Kras\nBcc: iedereen@example.nl"))

    assert message.state == "sent"
    assert server.recipients == [message.to_email]
    assert "Subject: Kras Bcc: iedereen@example.nl" in str(server.letters[0])


@pytest.mark.parametrize("fields", [{"attachments": [["een veld te weinig"]]}, {"to_email": "a@b@c"}])
def test_what_no_mail_can_be_made_of_says_so_at_once(company, server, fields):
    message = sent(write(**fields))

    assert message.state == "failed"
    assert message.last_error.startswith("Van dit bericht kan geen e-mail worden gemaakt")
    assert server.letters == []


def test_a_worker_that_died_before_the_text_is_followed_by_another(company, server):
    message = write()
    attempts, claimed = delivery.claim(message.pk)
    untouched = sent_now(message)

    sent(message)

    assert (attempts, claimed.state, untouched) == (1, "sending", "sending")
    assert message.state == "sent"
    assert len(server.letters) == 1


def sent_now(message):
    tasks.deliver(message.company_id, message.pk)
    return Message.objects.get(pk=message.pk).state


def test_a_worker_that_died_with_the_text_on_its_way_leaves_the_decision_to_the_owner(company, server):
    message = write()
    delivery.claim(message.pk)
    Message.objects.update(handed_over_at=Now())

    sent(message)

    assert message.state == "failed"
    assert "mogelijk is het bericht wel aangekomen" in message.last_error
    assert server.letters == []
    assert job_of(message) is None


def test_a_message_that_is_gone_leaves_no_job(company, server):
    message = write()
    pk = message.pk
    message.delete()

    tasks.deliver(company.pk, pk)

    assert not Job.objects.exists()


def test_the_clock_of_this_machine_decides_nothing(company, server, monkeypatch):
    two_hours_behind = timezone.now() - timedelta(hours=2)
    monkeypatch.setattr("django.utils.timezone.now", lambda: two_hours_behind)

    message = sent(write())

    assert message.state == "sent"
    assert message.sent_at - two_hours_behind > timedelta(hours=1)
