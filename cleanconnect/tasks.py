from celery import shared_task
from django.db import transaction


@shared_task
def sweep():
    """Nudge what waits to be done and has no nudge left."""
    from . import jobs

    jobs.sweep()


def nudge(task, *args):
    """Queue a Celery task after the commit; a queue that is down is logged and no error, because a periodic task finds the row."""

    def queue():  # a function of its own and no partial: Django logs a failure by its name
        task.delay(*args)

    transaction.on_commit(queue, robust=True)


@shared_task
def forget_sent_forms():
    """What was sent long ago is not sent again."""
    from . import once

    once.forget()
