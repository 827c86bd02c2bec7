"""What the database lacks to keep companies apart, table by table; the tests want nothing here."""

from django.apps import apps
from django.db import connection

from cleanconnect.rooms import models
from cleanconnect.tenancy.postgres.schema import company_field

WITHOUT_COMPANY = {
    "User",
    "User_groups",
    "User_user_permissions",
    "Company",
    "PasswordRequest",
    "SentForm",
}  # people exist apart from companies; a company is the tenant itself; a form that was sent is a digest without an owner
POLICIES = {  # of each table: (name, kind) by the command that it is for
    "ALL": ("company", "PERMISSIVE"),
    "SELECT": ("customer", "RESTRICTIVE"),
    "INSERT": ("customer_insert", "RESTRICTIVE"),
    "UPDATE": ("customer_update", "RESTRICTIVE"),
    "DELETE": ("customer_delete", "RESTRICTIVE"),
}


def company_models():
    return [model for model in models() if company_field(model)]


def guarded_models():
    """Those with rows of a company, and the company itself."""
    return [*company_models(), apps.get_model("accounts", "Company")]


def _rows(sql, params=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def find_gaps():
    """Sentences, one for each thing that is missing."""
    gaps = [
        f"{model.__name__} has no company" for model in models() if model.__name__ not in WITHOUT_COMPANY and company_field(model) is None
    ]
    tables = _rows("SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relkind IN ('r', 'p')")
    protected = {name: (enabled, forced) for name, enabled, forced in tables}
    for model in guarded_models():
        table = model._meta.db_table
        if protected[table] != (True, True):
            gaps.append(f"{table} has no forced row-level security")
    return gaps + _policy_gaps() + _foreign_key_gaps() + _index_gaps()


def _policy_gaps():
    policies = _rows("SELECT tablename, policyname, permissive, cmd FROM pg_policies")
    tables = {model._meta.db_table for model in guarded_models()}
    missing = [
        f"{table} has no policy {name} ({kind}, {command})"
        for table in sorted(tables)
        for command, (name, kind) in POLICIES.items()
        if (table, name, kind, command) not in policies
    ]
    # One more permissive policy opens rows that the others keep shut: those that list what no company is named for only read.
    widening = [
        f"policy {name} of {table} lets more be written"
        for table, name, kind, command in policies
        if table in tables and kind == "PERMISSIVE" and command != "SELECT" and name != "company"
    ]
    return missing + widening


def _foreign_key_gaps():
    tables = {model._meta.db_table for model in company_models()}
    keys = _rows("""
        SELECT conrelid::regclass::text, confrelid::regclass::text, conname, cardinality(conkey)
        FROM pg_constraint WHERE contype = 'f'""")
    return [
        f"{name} of {table} could point into another company"
        for table, target, name, columns in keys
        if table in tables and target in tables and columns < 2
    ]


def _index_gaps():
    tables = {model._meta.db_table for model in company_models()}
    indexes = _rows("""
        SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid, 1, true)
        FROM pg_index i WHERE NOT i.indisprimary""")
    allowed = {"membership_user", "job_due"}  # read before a company is named
    return [
        f"{name} does not start with the company"
        for table, name, first in indexes
        if table in tables and first != "company_id" and name not in allowed
    ]


def visible_rows():
    """`{table: number of rows}` that the database shows this connection now."""
    return {model._meta.db_table: _rows(f'SELECT count(*) FROM "{model._meta.db_table}"')[0][0] for model in company_models()}
