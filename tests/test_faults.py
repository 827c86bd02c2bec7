"""What happens when a part is away: the queue, in the middle of a day's work."""

import pytest
from django.urls import reverse
from kombu.exceptions import OperationalError

from cleanconnect import jobs
from cleanconnect.jobs import Job
from notifications import tasks
from notifications.models import Message


@pytest.fixture
def queue_is_down(monkeypatch):
    def refuse(*args):
        raise OperationalError("Connection refused")

    monkeypatch.setattr(tasks.deliver, "delay", refuse)


def test_a_mail_that_cannot_be_queued_is_no_error_and_waits_for_the_sweep(
    owner, queue_is_down, monkeypatch, django_capture_on_commit_callbacks, mailoutbox
):
    with django_capture_on_commit_callbacks(execute=True):
        response = owner.post(reverse("accounts:create"), {"name": "Piet", "role": "employee", "email": "piet@glans.example"})
    message = Message.objects.get()
    waiting = message.state
    monkeypatch.setattr(tasks.deliver, "delay", tasks.deliver.run)
    Job.objects.update(nudged_at=None)
    jobs.sweep()

    message.refresh_from_db()
    assert response.status_code == 302
    assert (waiting, message.state) == ("queued", "sent")
    assert [mail.to for mail in mailoutbox] == [["Piet <piet@glans.example>"]]
