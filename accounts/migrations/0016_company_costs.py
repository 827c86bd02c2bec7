from decimal import Decimal

import django.core.validators
from django.db import migrations, models

import cleanconnect.money
import cleanconnect.tenancy.fields


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0015_bookkeepers"),
    ]

    operations = [
        migrations.CreateModel(
            name="CompanyCosts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "hourly_cost",
                    cleanconnect.money.PriceField(
                        blank=True,
                        default=Decimal("0"),
                        help_text="In euro, voor de marge bij Kosten. Uw klanten zien dit nooit.",
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="kosten van een uur werk",
                    ),
                ),
                ("company", cleanconnect.tenancy.fields.CompanyField(customer_sees="nothing")),
            ],
            options={
                "verbose_name": "kosten van het bedrijf",
                "verbose_name_plural": "kosten van het bedrijf",
                "constraints": [models.UniqueConstraint(fields=("company",), name="companycosts_one")],
            },
        ),
    ]
