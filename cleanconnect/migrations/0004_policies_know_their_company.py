"""The policies of a company compare with the setting as such, and no longer with a sub-select that the planner cannot look into."""

from django.db import migrations

SETTING = "NULLIF(current_setting('app.company_id', true), '')::bigint"


def compare_with(setting):
    def alter(apps, schema_editor):
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_policies WHERE schemaname = current_schema() AND policyname = 'company'")
            tables = [table for (table,) in cursor.fetchall()]
        for table in tables:
            column = "id" if table == "accounts_company" else "company_id"
            schema_editor.execute(f"ALTER POLICY company ON {schema_editor.quote_name(table)} USING ({column} = {setting})")

    return alter


class Migration(migrations.Migration):
    dependencies = [("cleanconnect", "0003_previews")]

    operations = [migrations.RunPython(compare_with(SETTING), compare_with(f"(SELECT {SETTING})"))]
