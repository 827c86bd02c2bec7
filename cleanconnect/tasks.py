from functools import partial

from django.db import transaction


def nudge(task, *args):
    """Queue a Celery task after the commit; a queue that is down is logged and no error, because a periodic task finds the row."""
    transaction.on_commit(partial(task.delay, *args), robust=True)
