from django.db import migrations, models

# The owner of the tables sees every company's rows while row-level security is not forced on it.
KEEP = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE customers_customer NO FORCE ROW LEVEL SECURITY;
UPDATE customers_customer SET invoice_per = 'branch' WHERE invoice_per_branch;
ALTER TABLE customers_customer FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0007_vat_kinds")]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="invoice_per",
            field=models.CharField(
                choices=[
                    ("all", "Alles op één factuur"),
                    ("branch", "Een factuur per vestiging"),
                    ("centre", "Een factuur per kostenplaats"),
                    ("po", "Een factuur per inkoopnummer"),
                    ("vehicle", "Een factuur per voertuig"),
                ],
                default="all",
                max_length=7,
                verbose_name="bij week of maand",
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="invoice_line_per_vehicle",
            field=models.BooleanField(
                default=False, help_text="Anders staat op de factuur een regel per handeling.", verbose_name="een regel per auto"
            ),
        ),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="customer", name="invoice_per_branch"),
    ]
