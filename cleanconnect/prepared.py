"""Querysets of which the SQL is made once for a process, for what every request asks in the same words.

Making it takes Django longer than the database takes to answer. What differs each time is an `Asked`, given by its name:

    OPEN = Prepared(lambda: WorkOrder.objects.filter(customer=Asked("customer")))
    OPEN(customer=7)

The values are bound by the server, so that it may keep the plan too (`prepare_threshold` in the settings).
"""

from functools import cached_property

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Value
from django.db.models.query import get_related_populators

from .tenancy import context


class Asked(Value):
    """A value of a `Prepared` queryset that is given with each question; it goes to the database as it is given."""

    def as_sql(self, compiler, connection):
        return "%s", [self]


class Prepared:
    """The rows of `make()`, a queryset, as objects; it is made at the first question, for nobody's scope."""

    def __init__(self, make):
        self.make = make

    @cached_property
    def _compiled(self):
        with context.of_nobody():  # a manager that names the customer would name the first one for everybody
            compiler = self.make().query.get_compiler(DEFAULT_DB_ALIAS)
            sql, values = compiler.as_sql()
        return compiler, sql, values, compiler.get_converters([column for column, _sql, _alias in compiler.select])

    @cached_property
    def _read(self):
        """A function that makes an object of a row, with what was joined to it: as Django's `ModelIterable` does."""
        compiler = self._compiled[0]
        model, positions = compiler.klass_info["model"], compiler.klass_info["select_fields"]
        own = slice(positions[0], positions[-1] + 1)
        names = [column.target.attname for column, _sql, _alias in compiler.select[own]]
        joined = get_related_populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS)
        annotations = (compiler.annotation_col_map or {}).items()

        def read(row):
            made = model.from_db(DEFAULT_DB_ALIAS, names, row[own])
            for populator in joined:
                populator.populate(row, made)
            for name, position in annotations:
                setattr(made, name, row[position])
            return made

        return read

    def __call__(self, **asked):
        """The list of rows for these values of the `Asked` ones."""
        return self.sent(**asked)()

    def sent(self, **asked):
        """Send the question; what is returned reads the rows. So several can go `together` (see `tenancy.postgres.base`)."""
        compiler, sql, values, converters = self._compiled
        cursor = connection.binding_cursor()
        cursor.execute(sql, [asked[value.value] if isinstance(value, Asked) else value for value in values])

        def rows():
            with cursor:
                found = cursor.fetchall()
            return [self._read(row) for row in (compiler.apply_converters(found, converters) if converters else found)]

        return rows
