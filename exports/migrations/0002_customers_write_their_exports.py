from django.db import migrations

import cleanconnect.tenancy.fields


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0016_company_costs"),
        ("exports", "0001_exports"),
    ]

    operations = [
        migrations.AlterField(
            model_name="export",
            name="company",
            field=cleanconnect.tenancy.fields.CompanyField(customer_sees="own", customer_writes="own"),
        ),
    ]
