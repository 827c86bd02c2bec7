import shelve
from datetime import timedelta

from cleanconnect.beat import Scheduler
from cleanconnect.celery import app

SWEEP = "do-what-lost-its-nudge"


def scheduler(path):
    return Scheduler(app, schedule_filename=str(path), lazy=False)


def test_a_schedule_from_the_future_is_dropped_and_one_of_the_past_is_kept(tmp_path):
    path = tmp_path / "schedule"
    first = scheduler(path)
    now = app.now()
    for name, entry in first.schedule.items():
        entry.last_run_at = now + timedelta(hours=3) if name == SWEEP else now - timedelta(hours=3)
    first.close()
    with shelve.open(str(path)) as stored:
        assert stored["entries"][SWEEP].last_run_at > now

    again = scheduler(path)

    _is_due, seconds = again.schedule[SWEEP].is_due()
    other = next(entry for name, entry in again.schedule.items() if name != SWEEP)
    assert seconds <= 60
    assert other.last_run_at == now - timedelta(hours=3)
    again.close()
