import logging
import select
from contextlib import contextmanager

from django.db import InternalError, OperationalError
from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus
from psycopg.types.json import Jsonb, JsonbDumper
from psycopg.types.string import StrDumper, StrDumperUnknown

from cleanconnect.texts import clean, clean_all

from .schema import DatabaseSchemaEditor

logger = logging.getLogger(__name__)


class CleanText(StrDumperUnknown):
    """A text on its way to the database, without what no person can read or a file cannot hold (see `cleanconnect/texts.py`)."""

    def dump(self, obj):
        return super().dump(clean(obj))


class CleanTextInArray(StrDumper):
    def dump(self, obj):
        return super().dump(clean(obj))


class CleanJson(JsonbDumper):
    def dump(self, obj):
        return super().dump(Jsonb(clean_all(obj.obj), obj.dumps) if isinstance(obj, Jsonb) else clean_all(obj))


class DatabaseOperations(base.DatabaseOperations):
    def last_executed_query(self, cursor, sql, params):
        """psycopg does not tell the text of a statement that the server has prepared."""
        return super().last_executed_query(cursor, sql, params) or sql


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL, with tables that protect themselves (see `schema.py`), clean texts, an `on_rollback` beside `on_commit`, and
    fewer round trips."""

    SchemaEditorClass = DatabaseSchemaEditor
    ops_class = DatabaseOperations

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._undos = []  # pairs (savepoints, function), as Django's `run_on_commit`

    def get_new_connection(self, conn_params):
        connection = super().get_new_connection(conn_params)
        for kind, dumper in ((str, CleanTextInArray), (str, CleanText), (Jsonb, CleanJson)):  # the last one of a kind is the usual one
            connection.adapters.register_dumper(kind, dumper)
        return connection

    def is_usable(self):
        """Whether the server still holds this connection. Django asks it at the start of each request, a round trip; but a server that
        goes, or has something to say, is heard, so only then it is asked."""
        if self.connection is None or self.connection.closed:
            return False
        heard = select.poll()
        heard.register(self.connection.fileno(), select.POLLIN)
        return super().is_usable() if heard.poll(0) else True

    @contextmanager
    def together(self):
        """What is asked in the block goes to the server in one journey; its rows are read after it."""
        with self.wrap_database_errors, self.connection.pipeline():
            yield

    def binding_cursor(self):
        """A cursor that leaves the values to the server, which then may keep a plan; all others write them into the statement."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            return self._prepare_cursor(base.ServerBindingCursor(self.connection))

    def on_rollback(self, undo):
        """Call this function when what the running transaction (or savepoint) does is taken back; outside a transaction never."""
        if self.in_atomic_block:
            self._undos.append((set(self.savepoint_ids), undo))

    def commit(self):
        if self.connection is not None and self.connection.info.transaction_status == TransactionStatus.INERROR:
            raise InternalError("PostgreSQL gave this transaction up at an error that somebody swallowed: nothing of it can be committed.")
        undos, self._undos = self._undos, []
        try:
            super().commit()
        except OperationalError:  # the connection broke: perhaps all is committed
            raise
        except Exception:
            self._undos = undos  # it is not, and the rollback follows
            raise

    def rollback(self):
        try:
            super().rollback()
        finally:
            self._undo(lambda _savepoints: True)

    def savepoint_rollback(self, sid):
        try:
            super().savepoint_rollback(sid)
        finally:
            self._undo(lambda savepoints: sid in savepoints)

    def close(self):
        super().close()
        self._undo(lambda _savepoints: True)

    def _undo(self, is_taken_back):
        undos, self._undos = self._undos, []
        for savepoints, undo in reversed(undos):
            if not is_taken_back(savepoints):
                self._undos.insert(0, (savepoints, undo))
                continue
            try:
                undo()
            except Exception:  # the storage may be what is away; `strayfiles` finds the rest
                logger.exception("What was written in a transaction that failed could not be taken back.")
