import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from cleanconnect.tenancy import context
from notifications import delivery, tasks
from notifications.models import Message
from notifications.outbox import post


def write(**fields):
    return Message.objects.create(
        **{"event": "defect", "event_key": "1", "to_name": "Karel", "to_email": "karel@example.nl", "subject": "Kras", "text": "Dag Karel"}
        | fields
    )


class Server:
    """A mail server that fails where it is told to."""

    def __init__(self, open_error=None, send_error=None):
        self.open_error, self.send_error, self.sent = open_error, send_error, []

    def open(self):
        if self.open_error:
            raise self.open_error

    def send_messages(self, messages):
        if self.send_error:
            raise self.send_error
        self.sent += messages

    def close(self):
        pass


@pytest.fixture
def server(monkeypatch):
    def install(**errors):
        made = Server(**errors)
        monkeypatch.setattr(delivery, "get_connection", lambda: made)
        return made

    return install


def test_one_event_gives_one_message_however_often_it_is_posted(company, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as nudges:
        for _ in range(2):
            post(
                event="invitation",
                key="7",
                words={"naam": "Karel", "bedrijf": company.name},
                to_email="karel@example.nl",
                to_name="Karel",
            )

    assert Message.objects.count() == 1
    assert len(nudges) == 1


def test_a_message_goes_out_once_from_the_company_with_its_reply_address(company):
    message = write()

    tasks.deliver(company.pk, message.pk)
    tasks.deliver(company.pk, message.pk)

    assert len(mail.outbox) == 1
    assert mail.outbox[0].from_email.startswith("Glans Autopoets <")
    assert mail.outbox[0].reply_to == ["Glans Autopoets <info@glans.example>"]
    message.refresh_from_db()
    assert message.state == "sent"
    assert message.sent_at is not None


def test_html_in_a_text_stays_text(company):
    message = write(text="<script>alert(1)</script>")

    tasks.deliver(company.pk, message.pk)

    html = mail.outbox[0].alternatives[0].content
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_server_that_is_away_is_tried_again_later_and_later(company, server):
    server(open_error=ConnectionRefusedError("weg"))
    message = write()

    tasks.deliver(company.pk, message.pk)
    first = Message.objects.get()
    Message.objects.update(next_attempt_at=timezone.now())
    tasks.deliver(company.pk, message.pk)
    second = Message.objects.get()

    assert (first.state, first.attempts, first.last_error) == ("queued", 1, "weg")
    assert second.next_attempt_at - timezone.now() > timedelta(seconds=90)


def test_it_stops_trying_and_says_so(company, server):
    server(open_error=ConnectionRefusedError("weg"))
    message = write(attempts=delivery.MAX_ATTEMPTS - 1)

    tasks.deliver(company.pk, message.pk)

    assert Message.objects.get().state == "failed"


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"karel@example.nl": (550, b"onbekend")}), "failed"),
        (smtplib.SMTPDataError(451, b"later"), "queued"),
        (smtplib.SMTPDataError(554, b"nee"), "failed"),
        (smtplib.SMTPServerDisconnected("weg"), "failed"),
    ],
)
def test_an_answer_of_the_server_decides_whether_it_is_tried_again(company, server, error, state):
    server(send_error=error)
    message = write()

    tasks.deliver(company.pk, message.pk)

    assert Message.objects.get().state == state


def test_a_worker_that_died_while_sending_leaves_the_decision_to_the_owner(company):
    write(state="sending", next_attempt_at=timezone.now() - timedelta(minutes=11))

    delivery.give_up_stuck()

    message = Message.objects.get()
    assert message.state == "failed"
    assert "mogelijk" in message.last_error


def test_the_sweep_finds_what_lost_its_nudge_in_every_company(company, neighbour, monkeypatch):
    message = write()
    nudged = []
    monkeypatch.setattr(tasks.deliver, "delay", lambda *ids: nudged.append(ids))

    tasks.sweep()

    theirs = neighbour.rows[Message]
    assert sorted(nudged) == sorted([(company.pk, message.pk), (neighbour.company.pk, theirs.pk)])


def test_the_owner_resends_a_message(owner):
    message = write(state="failed", attempts=6, last_error="weg")

    response = owner.post(reverse("notifications:resend", args=[message.pk]), {"to_email": message.to_email})

    assert response.status_code == 302
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("queued", 0)


def test_a_waiting_message_is_not_queued_twice(owner, django_capture_on_commit_callbacks):
    message = write()

    with django_capture_on_commit_callbacks() as nudges:
        owner.post(reverse("notifications:resend", args=[message.pk]))

    assert nudges == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_overview_takes_as_many_queries_for_any_number_of_messages(owner, count, django_assert_num_queries):
    for number in range(count):
        write(event_key=number)
    owner.get(reverse("notifications:overview"))

    with django_assert_num_queries(11):
        page = owner.get(reverse("notifications:overview"))
    assert page.content.decode().count("karel@example.nl") == count


def test_messages_of_another_company_do_not_show(owner, neighbour):
    write(subject="Van ons")

    page = owner.get(reverse("notifications:overview")).content.decode()

    assert "Van ons" in page
    assert "Geheim" not in page
    with context.company(neighbour.company.pk):
        assert Message.objects.count() == 1
