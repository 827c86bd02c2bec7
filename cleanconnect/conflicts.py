"""Transactions that wait for each other, of which PostgreSQL ends one: that one is done once more, as a whole.

Row locks are taken in one order, so that this stays rare: the company, then customers and vehicles, orders, runs and batches,
invoices (several rows of a kind by their id), and the counter of a number last. Always `no_key=True`: no key ever changes here.
"""

from celery import Task
from django.contrib.messages.storage import default_storage
from django.db import OperationalError
from psycopg.errors import DeadlockDetected, SerializationFailure


def is_conflict(error):
    """Whether this error only says that two transactions met (SQLSTATE 40P01 or 40001), so that a second try may pass."""
    return isinstance(error, OperationalError) and isinstance(error.__cause__, DeadlockDetected | SerializationFailure)


def answer_twice(request, answer):
    """What `answer(request)`, one transaction, gives; asked a second time when it met another one and everything of it was taken back.

    Not when it began another session (a login): of that, more than the transaction has changed.
    """
    key, session = request.session.session_key, dict(request.session.items())
    try:
        return answer(request)
    except OperationalError as error:
        if not is_conflict(error) or request.session.session_key != key:
            raise
    request.is_second_try = True
    request.session.clear()
    request.session.update(session)
    request._messages = default_storage(request)
    for name in request.FILES:
        for file in request.FILES.getlist(name):
            file.seek(0)
    return answer(request)


class ConflictTask(Task):
    """A Celery task that is queued once more after a few seconds when its transaction met another one."""

    max_retries = 3

    def __call__(self, *args, **kwargs):
        try:
            return super().__call__(*args, **kwargs)
        except OperationalError as error:
            if not is_conflict(error) or self.request.called_directly:
                raise
            raise self.retry(exc=error, countdown=2 ** (self.request.retries + 1)) from error
