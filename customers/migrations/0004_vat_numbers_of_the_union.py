from django.db import migrations, models

import cleanconnect.validators


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0003_customer_numbers"),
    ]

    operations = [
        migrations.AlterField(
            model_name="customer",
            name="vat_number",
            field=models.CharField(
                blank=True, max_length=14, validators=[cleanconnect.validators.validate_eu_vat_number], verbose_name="btw-id"
            ),
        ),
    ]
