import gc
import os

from celery import Celery
from celery.signals import worker_process_init
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cleanconnect.settings")
TRANSPORT_ALIASES |= dict.fromkeys(("redis", "rediss"), "cleanconnect.broker:Transport")
app = Celery("cleanconnect", task_cls="cleanconnect.conflicts:ConflictTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def keep_what_is_loaded(**kwargs):
    """Never again look for garbage in what a worker starts with: a PDF makes so much that it would be gone through many times over."""
    gc.collect()
    gc.freeze()
