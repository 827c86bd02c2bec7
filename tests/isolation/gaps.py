"""What the database lacks to keep companies apart, table by table; the tests want nothing here."""

from django.apps import apps
from django.db import connection

from cleanconnect.tenancy.postgres.schema import company_field

ROOMS = {
    *("accounts", "notifications", "customers", "vehicles", "services", "workorders", "quality", "invoicing"),
    *("start", "imports", "exports"),
}
WITHOUT_COMPANY = {
    "User",
    "User_groups",
    "User_user_permissions",
    "Company",
}  # people exist apart from companies; a company is the tenant itself


def our_models():
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in ROOMS]


def company_models():
    return [model for model in our_models() if company_field(model)]


def _rows(sql, params=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def find_gaps():
    """Sentences, one for each thing that is missing."""
    gaps = [
        f"{model.__name__} has no company"
        for model in our_models()
        if model.__name__ not in WITHOUT_COMPANY and company_field(model) is None
    ]
    tables = _rows("SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relkind IN ('r', 'p')")
    protected = {name: (enabled, forced) for name, enabled, forced in tables}
    policies = {(table, name): kind for table, name, kind in _rows("SELECT tablename, policyname, permissive FROM pg_policies")}
    for model in [*company_models(), apps.get_model("accounts", "Company")]:
        table = model._meta.db_table
        if protected[table] != (True, True):
            gaps.append(f"{table} has no forced row-level security")
        if policies.get((table, "company")) != "PERMISSIVE":
            gaps.append(f"{table} has no policy for the company")
        if company_field(model) and policies.get((table, "customer")) != "RESTRICTIVE":
            gaps.append(f"{table} has no policy for customers")
    return gaps + _foreign_key_gaps() + _index_gaps()


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
    allowed = {"membership_user"}  # read before a company is named
    return [
        f"{name} does not start with the company"
        for table, name, first in indexes
        if table in tables and first != "company_id" and name not in allowed
    ]


def visible_rows():
    """`{table: number of rows}` that the database shows this connection now."""
    return {model._meta.db_table: _rows(f'SELECT count(*) FROM "{model._meta.db_table}"')[0][0] for model in company_models()}
