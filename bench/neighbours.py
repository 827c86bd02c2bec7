"""Many companies beside the measured ones, so that plans are made in a database as large as that of a grown product.

One company is copied inside the database, table by table, each copy with ids a step higher. It is done as the superuser of the embedded
PostgreSQL, whom no policy stops, and without checking keys that a copy cannot break.
"""

import psycopg
from django.apps import apps
from django.db import connection

from accounts.models import Company, User
from cleanconnect.localstack import start_postgres
from cleanconnect.tenancy.postgres.schema import company_field

STEP = 10**9  # more ids than any table of the bench has


def settle(company, count):
    """Copy a `Company` with all its rows `count` times; the copies' members are of users that do not exist, so nobody logs in there."""
    database = connection.settings_dict["NAME"]
    with psycopg.connect(host=start_postgres(), user="postgres", dbname=database, autocommit=True) as postgres:
        postgres.execute("SET session_replication_role = replica")
        for model in filter(_is_copied, apps.get_models()):
            postgres.execute(_copy(model), {"company": company.pk, "count": count, "step": STEP})


def _is_copied(model):
    return model is Company or company_field(model) is not None


def _copy(model):
    columns = {field.column: _in_a_copy(field) for field in model._meta.local_concrete_fields if not field.generated}
    owner = "id" if model is Company else "company_id"
    return (
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {', '.join(columns.values())}"
        f" FROM {model._meta.db_table}, generate_series(1, %(count)s) AS copy WHERE {owner} = %(company)s"
    )


def _in_a_copy(field):
    """SQL of a column: another id where it names what is copied along, none that exists where it names a user; else the same."""
    named = field.related_model or (field.model if field.primary_key else None)
    if named is User:
        return f"-{field.column}"
    return f"{field.column} + copy * %(step)s::bigint" if named is not None and _is_copied(named) else field.column
