"""A real worker that is killed, or told to stop, in the middle of its mails: nothing lost, nothing doubled, and no untrue word.

And one that lives on when its queue is killed.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from functools import partial

import psutil
import pytest
import redis
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now

from accounts.models import Company
from cleanconnect import jobs, localstack
from cleanconnect.jobs import Job
from cleanconnect.tenancy import context
from notifications import tasks
from notifications.models import Message
from tests.smtp_server import postbox

PATIENCE = 240  # seconds, on a machine where everything runs at once
HELD = 600  # seconds, longer than any test: the mail server never answers
SERVER, _slash, NUMBER = settings.REDIS_URL.rpartition("/")
QUEUE = f"{SERVER}/{15 - int(NUMBER)}"  # of this process of the tests alone
WORKER = [sys.executable, "-m", "celery", "--app", "cleanconnect", "worker", "--queues", "mail", "--concurrency", "1"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server():
    with postbox() as running:
        yield running


@pytest.fixture
def glans():
    return Company.objects.found(name="Glans Autopoets", email="info@glans.example")


@pytest.fixture
def worker(server, tmp_path):
    """Starts a worker for mail as the unit does: a process of its own, on the database of this test and a queue of its own."""
    redis.Redis.from_url(QUEUE).flushdb()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "cleanconnect.settings",
        "DATABASE_URL": f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}",
        "EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
        "MEDIA_ROOT": settings.MEDIA_ROOT,
    }

    @contextmanager
    def start(queue=QUEUE, pool="prefork"):
        with open(tmp_path / "worker.log", "a") as log:
            process = subprocess.Popen(
                [*WORKER, "--pool", pool],
                cwd=settings.BASE_DIR,
                env=environment | {"REDIS_URL": queue},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            yield process
        finally:
            kill(process)

    start.log = tmp_path / "worker.log"
    return start


class Valkey:
    """A queue of its own, as `make run` starts it; once killed it is started again at the same port, with nothing in it."""

    def __init__(self):
        self.port = localstack.start_valkey()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    @property
    def _client(self):
        return redis.Redis(port=self.port)

    def kill(self):
        os.kill(self._client.info("server")["process_id"], signal.SIGKILL)

    def hang_up(self):
        """As a network does, or a proxy that is started anew."""
        for kind in ("normal", "pubsub"):
            self._client.client_kill_filter(_type=kind)

    def start(self):
        localstack._insist(partial(localstack.start_valkey, self.port))

    def has_all_done(self):
        """Whether every task that it was given is acknowledged."""
        return self._client.dbsize() > 0 and not self._client.exists("mail", "unacked", "unacked_index")

    def is_waited_at(self):
        """Whether a worker asks it for tasks."""
        return any(client["cmd"] == "brpop" for client in self._client.client_list())


@pytest.fixture
def valkey(monkeypatch, tmp_path):
    monkeypatch.setattr(localstack, "VAR_DIR", tmp_path)
    yield Valkey()
    localstack.stop_valkey()


def kill(process):
    """`kill -9` of a worker and what it started."""
    with suppress(psutil.NoSuchProcess):
        for child in psutil.Process(process.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                child.kill()
    process.kill()
    process.wait(PATIENCE)


def wait_until(holds, worker):
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, worker.log.read_text()
        time.sleep(0.2)


def write(company, count, first=0):
    """Mails that wait, each to an address of its own."""
    with context.company(company.pk):
        for number in range(first, first + count):
            message = Message.objects.create(
                event="invoice", event_key=number, to_name="Karel", to_email=f"k{number}@example.nl", subject="Factuur", text="Dag Karel"
            )
            jobs.add(tasks.deliver, message)


def nudge(company, queue=QUEUE):
    """What a sweep does once the time of the dead worker is up."""
    with context.company(company.pk):
        Job.objects.update(due_at=Now())
        pks = list(Job.objects.values_list("row_id", flat=True))
    with tasks.deliver.app.connection_for_write(queue) as broker:
        for pk in pks:
            tasks.deliver.apply_async((company.pk, pk), connection=broker, queue="mail")


def states(company):
    with context.company(company.pk):
        return list(Message.objects.order_by("pk").values_list("state", flat=True))


def errors(company):
    with context.company(company.pk):
        return "".join(Message.objects.values_list("last_error", flat=True))


def everybody(count):
    return [f"k{number}@example.nl" for number in range(count)]


def test_a_worker_killed_before_the_text_has_sent_nothing_and_the_next_sends_all(glans, server, worker):
    write(glans, 6)
    server.pauses["RCPT"] = HELD
    nudge(glans)
    with worker():
        wait_until(lambda: "RCPT" in server.reached, worker)
        before = states(glans)

    server.pauses.clear()
    nudge(glans)
    with worker():
        wait_until(lambda: set(states(glans)) == {"sent"}, worker)

    assert before == ["sending"] + ["queued"] * 5
    assert sorted(server.recipients) == everybody(6)
    assert errors(glans) == ""


def test_a_worker_killed_with_a_text_on_its_way_leaves_that_one_to_the_owner(glans, server, worker):
    write(glans, 6)
    server.pauses["TEXT"] = HELD
    nudge(glans)
    with worker():
        wait_until(lambda: "TEXT" in server.reached, worker)

    server.pauses.clear()
    nudge(glans)
    with worker():
        wait_until(lambda: not {"queued", "sending"} & set(states(glans)), worker)

    assert sorted(states(glans)) == ["failed"] + ["sent"] * 5
    assert "mogelijk is het bericht wel aangekomen" in errors(glans)
    assert sorted(server.recipients) == everybody(6)


def test_a_worker_that_is_told_to_stop_finishes_its_mail_first(glans, server, worker):
    write(glans, 1)
    server.pauses["TEXT"] = 5
    nudge(glans)
    with worker() as process:
        wait_until(lambda: "DATA" in server.reached, worker)

        process.send_signal(signal.SIGTERM)  # as systemd does with KillMode=mixed: to the parent only

        assert process.wait(PATIENCE) == 0, worker.log.read_text()
    assert states(glans) == ["sent"]
    assert server.recipients == everybody(1)


def test_killed_again_and_again_nothing_is_lost_or_doubled(glans, server, worker):
    write(glans, 40)
    server.pauses["RCPT"] = 0.05
    for enough in (5, 15):
        nudge(glans)
        with worker():
            wait_until(lambda enough=enough: len(server.recipients) >= enough, worker)
    server.pauses.clear()

    nudge(glans)
    with worker():
        wait_until(lambda: not {"queued", "sending"} & set(states(glans)), worker)

    arrived = server.recipients
    assert len(arrived) == len(set(arrived))
    for number, state in enumerate(states(glans)):
        assert state == "failed" or f"k{number}@example.nl" in arrived
    assert states(glans).count("failed") <= 2  # one for each kill, at most, and these say that they may have arrived


@pytest.mark.parametrize(
    ("pool", "lose"),
    [("prefork", Valkey.kill), ("prefork", Valkey.hang_up), ("solo", Valkey.kill)],  # as on a server, and as `make run` sends mail
    ids=["killed", "hung-up", "killed-solo"],
)
def test_a_queue_that_goes_under_a_task_does_not_end_its_worker(glans, server, worker, valkey, pool, lose):
    write(glans, 1)
    server.pauses["TEXT"] = HELD
    nudge(glans, valkey.url)
    with worker(valkey.url, pool) as process:
        wait_until(lambda: "TEXT" in server.reached, worker)

        lose(valkey)
        if pool == "prefork":  # the other sees it once its task is done
            wait_until(lambda: "onnection to broker lost" in worker.log.read_text(), worker)
        valkey.start()
        if pool == "prefork":
            wait_until(valkey.is_waited_at, worker)
        server.pauses.clear()
        wait_until(lambda: states(glans) == ["sent"], worker)
        write(glans, 1, first=1)
        nudge(glans, valkey.url)
        wait_until(lambda: (valkey.has_all_done() and states(glans) == ["sent", "sent"]) or process.poll() is not None, worker)

        assert process.poll() is None, worker.log.read_text()
    assert server.recipients == everybody(2)
    assert errors(glans) == ""
