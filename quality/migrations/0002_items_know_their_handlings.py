import django.db.models.deletion
from django.db import migrations, models

import cleanconnect.tenancy.fields


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_start_guide"),
        ("quality", "0001_initial"),
        ("services", "0003_minutes_packages_and_dated_prices"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChecklistSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("company", cleanconnect.tenancy.fields.CompanyField(customer_sees="nothing")),
                (
                    "item",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="sources", to="quality.checklistitem"),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="services.service", verbose_name="handeling"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("company", "item", "service"), name="checklistsource_once")],
            },
        ),
    ]
