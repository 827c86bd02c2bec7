"""When a part we stand on is away (database, Valkey, disk, file storage): an honest 503 that is tried again, and not our mistake's 500."""

import errno
import sys

from django.db import InterfaceError, OperationalError
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from psycopg.errors import QueryCanceled

RETRY_AFTER = 10  # seconds
FULL_OR_BROKEN_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE}
NOT_SHOWN_AGAIN = ("password", "pin", "code")  # in the name of a field: what it held is in no page


class TooSlow(Exception):
    """The time that gunicorn gives a request (`--timeout`) is over."""


class TimeLimit:
    """Middleware: a request that is stopped at its time limit gets a page of ours; gunicorn's own is a bare English 500.

    gunicorn tells its worker to end by a signal, which Python raises as SystemExit wherever the request stands; the transaction is
    rolled back on its way here, and the worker ends once this request is answered.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        try:
            return self.get_response(request)
        except SystemExit as ended:
            raise TooSlow from ended


def is_outage(error):
    """Whether this error, or what caused it, says that something outside the program is away."""
    from botocore.exceptions import BotoCoreError, ClientError
    from kombu.exceptions import OperationalError as QueueError
    from redis.exceptions import ConnectionError as ValkeyError
    from redis.exceptions import TimeoutError as ValkeyTimeout

    database, queue = OperationalError | InterfaceError, ValkeyError | ValkeyTimeout | QueueError
    storage = BotoCoreError | ClientError  # S3 is away, or answers and says no
    while error is not None:
        if isinstance(error, database | queue | storage | ConnectionError | TooSlow):
            return True
        if isinstance(error, OSError) and error.errno in FULL_OR_BROKEN_DISK:
            return True
        error = error.__cause__ or error.__context__
    return False


def is_too_slow(error):
    """Whether a statement of the request was stopped at its time limit (REQUEST_STATEMENT_SECONDS), or the request at gunicorn's."""
    while error is not None:
        if isinstance(error, QueryCanceled | TooSlow):
            return True
        error = error.__cause__ or error.__context__
    return False


def server_error(request):
    """Django's `handler500`: it is called while the error is handled."""
    if not is_outage(sys.exception()):
        return render(request, "500.html", status=500)
    context = {"seconds": RETRY_AFTER, "fields": _typed(request), "is_too_slow": is_too_slow(sys.exception())}
    response = render(request, "503.html", context, status=503)
    response["Retry-After"] = RETRY_AFTER
    add_never_cache_headers(response)
    return response


def _typed(request):
    """`[(name, value), …]` of a form that was sent, to send it once more by a button; None for what can only be typed or chosen again."""
    if request.method != "POST":
        return None
    try:
        typed = [(name, value) for name, values in request.POST.lists() for value in values]
        has_files = bool(request.FILES)
    except Exception:  # it could not even be read
        return None
    is_secret = any(part in name for name, _value in typed for part in NOT_SHOWN_AGAIN)
    return None if has_files or is_secret else typed
