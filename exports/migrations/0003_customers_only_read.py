"""The tables that there are get what new ones have from the start: a customer's login reads what is its own and writes nothing."""

from django.db import migrations

from cleanconnect.tenancy.postgres.schema import company_field


def narrow_customers(apps, schema_editor):
    for model in apps.get_models(include_auto_created=True):
        if company_field(model) is not None:
            schema_editor.narrow_customers(model)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0019_customers_change_no_company"),
        ("bookkeeping", "0001_initial"),
        ("customers", "0010_reminders"),
        ("exports", "0002_customers_write_their_exports"),
        ("imports", "0001_initial"),
        ("invoicing", "0015_customers_see_no_payment_account"),
        ("notifications", "0012_quote_answers"),
        ("quality", "0006_vat_kinds"),
        ("quotes", "0001_initial"),
        ("services", "0005_vat_code_of_a_group"),
        ("vehicles", "0003_rdw_and_rules"),
        ("workorders", "0012_customers_save_views"),
    ]

    operations = [migrations.RunPython(narrow_customers, migrations.RunPython.noop)]
