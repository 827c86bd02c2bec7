"""A visitor's request, seen whole: what was answered, what was written, and everything undone afterwards."""

import io
import re
import sys
import traceback
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.signals import got_request_exception, request_finished
from django.db import close_old_connections, connection, transaction
from django.test import RequestFactory

from cleanconnect.once import KEYS
from cleanconnect.tenancy import context

from .gaps import guarded_models
from .sides import SPAN, marks_in

# What differs from one answer to the next by itself: keys, and what is signed with the time.
RANDOM = "|".join(f'name="{name}" value="' for name in ("csrfmiddlewaretoken", *KEYS))
TOKEN = re.compile(rf'({RANDOM}|data-actor="|data-made="|csrf": "|X-CSRFToken": "|sessionid=|csrftoken=)[^";]+')
FIELD = re.compile(r'<(?:input|select|textarea|button)\b[^>]*\sname="([^"]+)"')
CHANGES = "n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables WHERE schemaname = 'public'"


@dataclass
class Answer:
    """What came back: the status, and all that can be read in the headers and the body, files in a zip too."""

    status: int
    text: str
    error: str = ""
    tables: set = field(default_factory=set)  # of companies, that were written to

    @property
    def marks(self):
        """Letters of the sides whose texts can be read in it."""
        return marks_in(self.text)

    def numbers(self, side):
        """The numbers of this side's rows that can be read in it."""
        return set(re.findall(rf"(?<!\d){side.number // SPAN}\d{{4}}(?!\d)", self.text))

    @property
    def fields(self):
        """Names of the fields of its forms."""
        return set(FIELD.findall(self.text)) - {"csrfmiddlewaretoken", *KEYS}

    def differs_from(self, other):
        """Whether a stranger could tell the one answer from the other."""
        return (self.status, self.text) != (other.status, other.text)


class Walker:
    """Makes requests without a server, and counts what they write."""

    def __init__(self):
        self.handler = BaseHandler()
        self.handler.load_middleware()
        self.tables = {model._meta.db_table for model in guarded_models()}
        self.counted, self.total = self._changes(), self._total()
        self.requests = 0

    def _changes(self):
        """How often each table was written to in this transaction, by the database's own count, which no rollback turns back."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT relname, {CHANGES}")
            return dict(cursor.fetchall())

    def _total(self):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT sum(changes) FROM (SELECT {CHANGES}) AS counts (changes)")
            return cursor.fetchone()[0]

    def _written(self):
        """The tables of companies that were written to since this was asked last."""
        before, self.total = self.total, self._total()
        if self.total == before:
            return set()
        earlier, self.counted = self.counted, self._changes()
        return {table for table, number in self.counted.items() if number != earlier.get(table)} & self.tables

    def ask(self, session, method, path, data=None):
        """The `Answer` to one request; what it wrote is still there."""
        self.requests += 1
        factory = RequestFactory()
        if session:
            factory.cookies[settings.SESSION_COOKIE_NAME] = session
        request = getattr(factory, method.lower())(path, data or {})
        request._dont_enforce_csrf_checks = True
        errors = []

        def note(sender, **kwargs):
            errors.append(where(sys.exc_info()[1]))

        got_request_exception.connect(note)
        request_finished.disconnect(close_old_connections)  # it would end the transaction that all of this is in
        try:
            response = self.handler.get_response(request)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            response.close()
        finally:
            request_finished.connect(close_old_connections)
            got_request_exception.disconnect(note)
        headers = "\n".join(f"{name}: {value}" for name, value in response.items() if name != "Expires")
        text = TOKEN.sub(r"\1", f"{headers}\n\n{readable(body)}").replace(path, "PATH")
        return Answer(response.status_code, text, " ".join(errors), self._written())


@contextmanager
def undone():
    """Take back all that the block writes."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        connection.needs_rollback = False
        transaction.savepoint_rollback(point)


def where(error):
    """What went wrong, and in which line of ours."""
    lines = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    ours = [line for line in lines if "site-packages" not in line]
    return f"{type(error).__name__} at {(ours or lines)[-1]}"


def readable(body):
    """The text of an answer; a zip (an Excel file is one) is opened, with all that is in it."""
    if body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return "\n".join(f"{name}\n{readable(archive.read(name))}" for name in archive.namelist())
    return body.decode("utf-8", "replace")


def fingerprint(table, *, company_id, customer_id=None):
    """A hash of all rows of a table that a company has, or a customer of it sees."""
    with context.company(company_id):
        context.narrow(company_id=company_id, customer_id=customer_id)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t.id), '')) FROM \"{table}\" AS t")
            return cursor.fetchone()[0]
