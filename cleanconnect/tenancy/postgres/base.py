from django.db.backends.postgresql import base

from .schema import DatabaseSchemaEditor


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL, with tables that protect themselves (see `schema.py`)."""

    SchemaEditorClass = DatabaseSchemaEditor
