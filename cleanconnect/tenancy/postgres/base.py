import logging

from django.db import OperationalError
from django.db.backends.postgresql import base
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


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL, with tables that protect themselves (see `schema.py`), clean texts, and an `on_rollback` beside `on_commit`."""

    SchemaEditorClass = DatabaseSchemaEditor

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._undos = []  # pairs (savepoints, function), as Django's `run_on_commit`

    def get_new_connection(self, conn_params):
        connection = super().get_new_connection(conn_params)
        for kind, dumper in ((str, CleanTextInArray), (str, CleanText), (Jsonb, CleanJson)):  # the last one of a kind is the usual one
            connection.adapters.register_dumper(kind, dumper)
        return connection

    def on_rollback(self, undo):
        """Call this function when what the running transaction (or savepoint) does is taken back; outside a transaction never."""
        if self.in_atomic_block:
            self._undos.append((set(self.savepoint_ids), undo))

    def commit(self):
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
