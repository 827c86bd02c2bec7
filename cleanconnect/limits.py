"""Limits for reading what strangers made: a file, a picture. Only in a worker, which does one thing at a time.

The time is Celery's (`CELERY_TASK_ANNOTATIONS`): first it raises `SoftTimeLimitExceeded`, then it ends the process. The memory is the
system's (RLIMIT_AS): what asks for more gets a MemoryError, or the process ends; the job then counts the attempt.
"""

import fcntl
import resource
from contextlib import contextmanager

import psutil
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings

LOCK = "reading.lock"  # in VAR_DIR
EXCEEDED = (MemoryError, SoftTimeLimitExceeded)


@contextmanager
def memory_limit(size=None):
    """This process may take `size` bytes more than it has now (READ_MAX_MEMORY when left out); one over it raises a MemoryError."""
    before, most = resource.getrlimit(resource.RLIMIT_AS)
    allowed = psutil.Process().memory_info().vms + (size or settings.READ_MAX_MEMORY)
    if before != resource.RLIM_INFINITY:
        allowed = min(allowed, before)
    resource.setrlimit(resource.RLIMIT_AS, (allowed, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (before, most))


@contextmanager
def one_at_a_time():
    """Wait until no other process of this machine is in such a block; the system lets go of one that was killed."""
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    with open(settings.VAR_DIR / LOCK, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
