import pytest
from django.core import mail
from django.urls import reverse

from cleanconnect import jobs
from cleanconnect.jobs import Job
from cleanconnect.tenancy import context
from notifications import tasks
from notifications.models import Message
from notifications.outbox import post


def write(**fields):
    message = Message.objects.create(
        **{"event": "defect", "event_key": "1", "to_name": "Karel", "to_email": "karel@example.nl", "subject": "Kras", "text": "Dag Karel"}
        | fields
    )
    if message.state == "queued":
        jobs.add(tasks.deliver, message)
    return message


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


def test_the_sweep_finds_what_lost_its_nudge_in_every_company(company, neighbour, monkeypatch):
    message = write()
    nudged = []
    monkeypatch.setattr(tasks.deliver, "delay", lambda *ids: nudged.append(ids))

    Job.objects.update(nudged_at=None)
    jobs.sweep()

    theirs = neighbour.rows[Message]
    assert sorted(nudged) == sorted([(company.pk, message.pk), (neighbour.company.pk, theirs.pk)])


def test_the_owner_resends_a_message(owner):
    message = write(state="failed", last_error="weg")

    response = owner.post(reverse("notifications:resend", args=[message.pk]), {"to_email": message.to_email})

    assert response.status_code == 302
    message.refresh_from_db()
    assert (message.state, message.last_error) == ("queued", "")
    assert Job.objects.of(tasks.deliver, message).exists()


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

    with django_assert_num_queries(9):
        page = owner.get(reverse("notifications:overview"))
    assert page.content.decode().count("karel@example.nl") == count


def test_messages_of_another_company_do_not_show(owner, neighbour):
    write(subject="Van ons")

    page = owner.get(reverse("notifications:overview")).content.decode()

    assert "Van ons" in page
    assert "Geheim" not in page
    with context.company(neighbour.company.pk):
        assert Message.objects.count() == 1
