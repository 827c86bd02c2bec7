"""Work that is a row first and done later: PDFs, imports, exports, files for the bookkeeping, runs of invoices, payments to ask after.

Whoever makes or changes such a row adds a `Job` beside it, in the same transaction, and after the commit its task is nudged:

    jobs.add(tasks.make, export)

    @job(row=Export, attempts=3, failure=_("Het maken is een paar keer afgebroken. Probeer het nog eens."))
    def make(export, undo):
        making.make(export)

The worker claims the job (one worker, one attempt counted), does the work and takes the job away in one transaction, so a kill at
any moment leaves the job to be done again. Redis may forget every nudge: `sweep` finds what is due. All times are the database's.
"""

from contextlib import ExitStack
from datetime import timedelta
from functools import wraps

from celery import current_app, shared_task
from django.db import connection, models, transaction
from django.db.models import Q, Window
from django.db.models.functions import Now, RowNumber
from django.utils.translation import gettext_lazy as _

from .conflicts import is_conflict
from .tasks import nudge
from .tenancy.context import all_companies, company, current_company_id, whole_company
from .tenancy.models import CompanyModel

AT_ONCE = timedelta(0)
NUDGE_HOLDS = timedelta(minutes=10)  # so long a nudge is not repeated while its queue is busy
NUDGE_IS_LOST = timedelta(minutes=1)  # and so long when its queue is empty, which means that Redis forgot it
SWEPT_AT_ONCE = 2000
SWEEP_LOCK = 0x50B5

NAMES = set()  # of the tasks that do jobs


class GiveUp(Exception):
    """Raised by work that will never succeed; the text is the reason, in Dutch and for the screen."""


class Later(Exception):
    """Raised by work that cannot be done now, through no fault of ours: quietly tried again later and later."""


class JobQuerySet(models.QuerySet):
    def due(self):
        return self.filter(due_at__lte=Now())

    def of(self, task, row):
        """The job of a task for a row, if it has one."""
        return self.filter(task=task.name, row_id=row.pk)

    def free(self):
        """Locked, without those that a worker has in hand."""
        return self.select_for_update(no_key=True, skip_locked=True)


class Job(CompanyModel):
    """What is still to be done for a row: by which task, and from when. It holds nothing else, and is gone once it is done."""

    task = models.CharField(max_length=80, help_text="as Celery names it")
    row_id = models.BigIntegerField(help_text="of the row, in the table that the task works on")
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0)
    nudged_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("taak")
        verbose_name_plural = _("taken")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["company", "task", "row_id"], name="job_once")]
        indexes = [models.Index(fields=["due_at"], name="job_due")]  # asked for by `sweep`, of all companies

    def __str__(self):
        return f"{self.task} {self.row_id}"


def add(task, row, *, after=AT_ONCE):
    """Have the task of a `@job` done for this row, once this transaction is committed and `after` (a timedelta) has passed.

    A job that waits already is then due anew, with all its attempts.
    """
    waiting = Job(task=task.name, row_id=row.pk, due_at=Now() + after, nudged_at=None if after else Now())
    with whole_company():  # a customer may ask for an export
        Job.objects.bulk_create(
            [waiting],
            update_conflicts=True,
            unique_fields=["company", "task", "row_id"],
            update_fields=["due_at", "attempts", "nudged_at"],
        )
    if not after:
        nudge(task, current_company_id(), row.pk)


def keep(task, row_id, *, after):
    """As `add`, but a job that waits already stays as it is: for what is done over and over, such as forgetting what is old."""
    with whole_company():
        Job.objects.bulk_create([Job(task=task.name, row_id=row_id, due_at=Now() + after)], ignore_conflicts=True)


def wait(attempts):
    """How long work waits that was tried so many times: a minute, doubling up to an hour."""
    return min(timedelta(minutes=2 ** min(attempts - 1, 6)), timedelta(hours=1))


def attempts_in(period):
    """How many attempts fit in a period, with these waits between them."""
    attempts, waited = 1, AT_ONCE
    while (waited := waited + wait(attempts)) <= period:
        attempts += 1
    return attempts


# --- doing it ------------------------------------------------------------------------------------------------------------


def job(*, row, attempts=None, failure=""):
    """Make a Celery task (with the company's and the row's number as arguments) of a function `work(row, undo)`.

    `row` is the model; the work gets the row, locked, in one transaction with the end of the job. To `undo` (an `ExitStack`) it adds
    what has to happen when that transaction fails, such as the removal of a file. It returns after how long it is to be done again (a
    timedelta), or None when it is done. What it raises is tried again later; after so many `attempts`, or when it raises `GiveUp`, the
    row gets the state FAILED with the reason as its `failure`. Without `attempts` it is tried for ever.
    """

    def decorate(work):
        name = f"{work.__module__}.{work.__name__}"

        @swept
        @shared_task(name=name)
        @wraps(work)
        def task(company_id, row_id):
            while _attempt(name, company_id, row_id, row=row, work=work, attempts=attempts, failure=failure) == AT_ONCE:
                pass

        return task

    return decorate


def swept(task):
    """Marks a task that does jobs in a way of its own, by `claim` and `in_turn`."""
    NAMES.add(task.name)
    return task


def claim(name, row_id, *, lease=None):
    """The job when it is due and nobody has it: an attempt is counted, and others leave it alone for `lease` (or the next waiting time)."""
    with transaction.atomic():
        claimed = Job.objects.due().free().filter(task=name, row_id=row_id).first()
        if claimed:
            claimed.attempts += 1
            Job.objects.filter(pk=claimed.pk).update(
                attempts=claimed.attempts, due_at=Now() + (lease or wait(claimed.attempts)), nudged_at=None
            )
    return claimed


def in_turn(name, limit):
    """`[(company id, row id), …]` of what is due of a task: the oldest of each company, then the second of each, and so on."""
    turn = Window(RowNumber(), partition_by="company_id", order_by=["due_at", "pk"])
    with all_companies():
        due = Job.objects.due().filter(task=name).annotate(turn=turn).order_by("turn", "due_at", "pk")
        return list(due.values_list("company_id", "row_id")[:limit])


def _attempt(name, company_id, row_id, *, row, work, attempts, failure):
    """Try once; returns after how long it is to be done again, or None."""
    with company(company_id):
        claimed = claim(name, row_id)
    if claimed is None:
        return None
    is_last = attempts is not None and claimed.attempts >= attempts
    if is_last and claimed.attempts > attempts:  # the last attempt took its worker along
        return _fail(claimed, row, failure)
    try:
        with ExitStack() as undo:
            again = _work(claimed, row, work, undo)
            undo.pop_all()  # committed: the files stay
        return again
    except GiveUp as reason:
        return _fail(claimed, row, str(reason))
    except Later:
        return _fail(claimed, row, failure) if is_last else None
    except Exception as error:
        if is_conflict(error):  # then the task is queued again by itself
            with company(company_id):
                Job.objects.filter(pk=claimed.pk).update(due_at=Now())
        elif is_last:
            _fail(claimed, row, failure)
        raise


def _work(claimed, row, work, undo):
    with company(claimed.company_id):
        subject = row.objects.select_for_update(no_key=True, of=("self",)).filter(pk=claimed.row_id).first()
        if not Job.objects.free().filter(pk=claimed.pk).exists():  # after the row, as `add` does: one order of locks
            return None
        again = None
        if subject is not None:
            with company(claimed.company_id):  # the work may narrow what it sees
                again = work(subject, undo)
        if again is None:
            Job.objects.filter(pk=claimed.pk).delete()
        else:
            Job.objects.filter(pk=claimed.pk).update(due_at=Now() + again, attempts=0, nudged_at=None)
    return again


def _fail(claimed, row, reason):
    reason = str(reason)[: row._meta.get_field("failure").max_length]
    with company(claimed.company_id):
        failed = {"state": row.State.FAILED} if hasattr(row, "State") else {}
        row.objects.filter(pk=claimed.row_id).update(failure=reason, **failed)
        Job.objects.filter(pk=claimed.pk).delete()


# --- finding what lost its nudge -----------------------------------------------------------------------------------------


def sweep():
    """Nudge what is due and has no nudge on its way; one question for all companies, and one sweep at a time."""
    nudges = []
    with all_companies():
        if not _has_the_sweep():
            return
        due = Job.objects.due().filter(_without_nudge()).order_by("due_at", "pk")
        of_company = {}
        for company_id, pk in due.values_list("company_id", "pk")[:SWEPT_AT_ONCE]:
            of_company.setdefault(company_id, []).append(pk)
        for company_id, pks in of_company.items():
            with company(company_id):
                free = list(Job.objects.free().filter(pk__in=pks))
                Job.objects.filter(pk__in=[one.pk for one in free]).update(nudged_at=Now())
            nudges += free
    for one in nudges:
        current_app.tasks[one.task].delay(one.company_id, one.row_id)


def _has_the_sweep():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SWEEP_LOCK])
        return cursor.fetchone()[0]


def _without_nudge():
    queues = {name: current_app.amqp.router.route({}, name)["queue"].name for name in NAMES}
    empty = {queue for queue in set(queues.values()) if _length(queue) == 0}
    lost = [name for name, queue in queues.items() if queue in empty]
    return Q(nudged_at=None) | Q(nudged_at__lt=Now() - NUDGE_HOLDS) | Q(nudged_at__lt=Now() - NUDGE_IS_LOST, task__in=lost)


def _length(queue):
    with current_app.connection_for_read() as broker:
        return broker.default_channel.queue_declare(queue).message_count
