"""Work that is a row first: one worker at a time, tried again later and later, found by one question, and given up with a reason."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import Company
from cleanconnect import jobs
from cleanconnect.jobs import Job
from cleanconnect.tenancy import context
from cleanconnect.tenancy.roles import as_owner
from exports import tasks
from exports.models import Export
from tests.factories import MembershipFactory


class Broken(Exception):
    pass


@pytest.fixture
def nudges(monkeypatch):
    sent = []
    monkeypatch.setattr(tasks.make, "delay", lambda *args: sent.append(args))
    return sent


def waiting_export(**fields):
    by = MembershipFactory(role="owner")
    export = Export.objects.create(
        **{"name": "Klanten", "format": "csv", "address": "/klantenbeheer/overzicht/", "created_by": by} | fields
    )
    jobs.add(tasks.make, export)
    return export


def job_of(export):
    return Job.objects.of(tasks.make, export).get()


def breaks(monkeypatch, error):
    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr("exports.making.make", fail)


def test_a_job_is_gone_once_it_is_done(company):
    export = waiting_export()

    tasks.make(company.pk, export.pk)

    export.refresh_from_db()
    assert export.state == "done"
    assert not Job.objects.exists()


def test_it_is_nudged_after_the_commit_and_asking_twice_makes_one_job(company, nudges, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        export = waiting_export()
        jobs.add(tasks.make, export)
        assert nudges == []

    assert nudges == [(company.pk, export.pk)] * 2
    assert Job.objects.count() == 1


def test_waits_double_up_to_an_hour():
    minutes = [jobs.wait(attempts) / timedelta(minutes=1) for attempts in range(1, 10)]

    assert minutes == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert jobs.attempts_in(timedelta(minutes=7)) == 4
    assert jobs.attempts_in(timedelta(days=3)) == 77


def test_work_that_breaks_waits_and_leaves_nothing_and_gives_up_with_a_reason(company, monkeypatch):
    export = waiting_export()
    breaks(monkeypatch, Broken)

    waits = []
    for _attempt in range(3):
        Job.objects.update(due_at=Now())
        with pytest.raises(Broken):
            tasks.make(company.pk, export.pk)
        waits += [round((job.due_at - timezone.now()) / timedelta(minutes=1)) for job in Job.objects.all()]

    export.refresh_from_db()
    assert waits == [1, 2]
    assert (export.state, export.failure) == ("failed", "Het maken is een paar keer afgebroken. Probeer het nog eens.")
    assert not Job.objects.exists()


def test_what_it_wrote_to_disk_goes_when_it_breaks(company, monkeypatch, tmp_path):
    export, file = waiting_export(), tmp_path / "half"

    def write_and_fail(export, undo):
        file.write_text("half")
        undo.callback(file.unlink)
        raise Broken

    monkeypatch.setattr("exports.making.make", write_and_fail)
    with suppress(Broken):
        tasks.make(company.pk, export.pk)

    assert not file.exists()


def test_what_will_never_succeed_says_why_at_once(company):
    export = waiting_export(address="/bestaat-niet/")

    tasks.make(company.pk, export.pk)

    export.refresh_from_db()
    assert (export.state, export.failure) == ("failed", "Deze lijst bestaat niet meer, of u mag hem niet meer zien.")


def test_a_job_whose_row_is_gone_is_dropped(company):
    export = waiting_export()
    pk = export.pk
    export.delete()

    tasks.make(company.pk, pk)

    assert not Job.objects.exists()


def test_a_job_that_is_not_due_is_left_alone(company):
    export = waiting_export()
    Job.objects.update(due_at=Now() + timedelta(seconds=30))

    tasks.make(company.pk, export.pk)

    export.refresh_from_db()
    assert export.state == "waiting"
    assert job_of(export).attempts == 0


def test_the_clock_that_counts_is_that_of_the_database(company, monkeypatch):
    two_hours_ahead = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr("django.utils.timezone.now", lambda: two_hours_ahead)
    export = waiting_export()

    tasks.make(company.pk, export.pk)

    export.refresh_from_db()
    assert export.state == "done"


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_has_the_job():
    company = Company.objects.found(name="Glans")
    with context.company(company.pk):
        export = waiting_export()

    with context.company(company.pk):
        Job.objects.free().get()
        other = connection.copy()
        with other.cursor() as cursor, transaction.atomic():
            cursor.execute("SELECT set_config('app.company_id', %s, false)", [str(company.pk)])
            cursor.execute("SELECT count(*) FROM (SELECT 1 FROM cleanconnect_job FOR NO KEY UPDATE SKIP LOCKED) AS free")
            free = cursor.fetchone()
        other.close()

    assert free == (0,)
    with context.company(company.pk):
        assert jobs.claim(tasks.make.name, export.pk)
        assert jobs.claim(tasks.make.name, export.pk) is None


def test_fifty_that_wait_and_three_sweeps_are_fifty_tasks(company, nudges):
    for _number in range(50):
        waiting_export()
    Job.objects.update(nudged_at=None)

    for _sweep in range(3):
        jobs.sweep()

    assert len(nudges) == len(set(nudges)) == 50


def test_a_nudge_that_an_empty_queue_has_lost_is_given_again(company, nudges, monkeypatch):
    waiting_export()
    Job.objects.update(nudged_at=Now() - timedelta(minutes=2))
    monkeypatch.setattr(jobs, "_length", lambda queue: 7)
    jobs.sweep()
    of_a_busy_queue = len(nudges)

    monkeypatch.setattr(jobs, "_length", lambda queue: 0)
    jobs.sweep()

    assert (of_a_busy_queue, len(nudges)) == (0, 1)


def test_a_sweep_leaves_the_work_to_one_that_is_on_already(company, nudges):
    waiting_export()
    Job.objects.update(nudged_at=None)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [jobs.SWEEP_LOCK])

    jobs.sweep()
    other.close()

    assert nudges == []


def test_what_is_kept_waiting_is_not_put_off_by_another(company):
    export = waiting_export()
    due_at = job_of(export).due_at

    jobs.keep(tasks.make, export.pk, after=timedelta(days=1))

    assert job_of(export).due_at == due_at


@pytest.fixture
def companies(transactional_db):
    """The numbers of a thousand of them."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_company NO FORCE ROW LEVEL SECURITY")
        Company.objects.bulk_create(Company(name=f"Bedrijf {number}") for number in range(1000))
        cursor.execute("ALTER TABLE accounts_company FORCE ROW LEVEL SECURITY")
    return context.company_ids(Company)


def test_no_task_of_the_clock_walks_a_thousand_companies(companies, settings):
    asked = {}
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        with CaptureQueriesContext(connection) as statements:
            import_string(entry["task"]).run()
        asked[entry["task"]] = len(statements)

    assert {name: count for name, count in asked.items() if count > 10} == {}


def test_a_thousand_companies_are_swept_with_one_question(companies, nudges, monkeypatch):
    monkeypatch.setattr(jobs, "_length", lambda queue: 0)
    some = companies[::400]
    for pk in some:
        with context.company(pk):
            waiting_export()
            Job.objects.update(nudged_at=None)

    nudges.clear()

    with CaptureQueriesContext(connection) as asked:
        jobs.sweep()
    with CaptureQueriesContext(connection) as asked_again:
        jobs.sweep()

    about_jobs = [query["sql"] for query in asked_again if "cleanconnect_job" in query["sql"]]
    assert len(about_jobs) == 1
    assert len(asked) < 30
    assert sorted(company for company, _export in nudges) == some


def test_who_names_all_companies_sees_what_is_due_and_writes_nothing(company, neighbour):
    waiting_export()
    later = waiting_export()
    Job.objects.of(tasks.make, later).update(due_at=Now() + timedelta(hours=1))

    with context.all_companies():
        seen = sorted(Job.objects.values_list("company_id", flat=True))
        changed = Job.objects.update(attempts=9), Job.objects.all().delete()[0], Job.objects.select_for_update(no_key=True).count()
        others = Export.objects.count()

    assert seen == sorted([company.pk, neighbour.company.pk])
    assert changed[:2] == (0, 0)
    assert others == 0
