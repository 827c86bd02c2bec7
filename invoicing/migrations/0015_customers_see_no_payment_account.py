from django.db import migrations

import cleanconnect.tenancy.fields


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0016_company_costs"),
        ("invoicing", "0014_direct_debits"),
    ]

    operations = [
        migrations.AlterField(
            model_name="paymentaccount",
            name="company",
            field=cleanconnect.tenancy.fields.CompanyField(customer_sees="nothing"),
        ),
    ]
