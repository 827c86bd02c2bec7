from django.db import migrations

import cleanconnect.tenancy.fields


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0016_company_costs"),
        ("workorders", "0011_vat_kinds"),
    ]

    operations = [
        migrations.AlterField(
            model_name="savedview",
            name="company",
            field=cleanconnect.tenancy.fields.CompanyField(customer_sees="parent:membership", customer_writes="own"),
        ),
    ]
