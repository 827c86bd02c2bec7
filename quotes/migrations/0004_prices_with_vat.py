from decimal import Decimal

import django.core.validators
from django.db import migrations, models

import cleanconnect.money


class Migration(migrations.Migration):
    dependencies = [
        ("quotes", "0003_discount_in_euros"),
    ]

    operations = [
        migrations.AddField(
            model_name="quote",
            name="prices_include_vat",
            field=models.BooleanField(default=False, help_text="as they were for its customer", verbose_name="prijzen inclusief btw"),
        ),
        migrations.AlterField(
            model_name="quoteline",
            name="discount",
            field=models.DecimalField(
                decimal_places=2,
                default=Decimal("0"),
                max_digits=5,
                validators=[
                    django.core.validators.MinValueValidator(Decimal("0")),
                    django.core.validators.MaxValueValidator(Decimal("100")),
                ],
                verbose_name="korting in procent",
            ),
        ),
        migrations.AlterField(
            model_name="quoteline",
            name="discount_amount",
            field=models.DecimalField(
                decimal_places=2,
                default=Decimal("0"),
                help_text="on the whole line, with VAT or without as the price",
                max_digits=7,
                validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                verbose_name="korting in euro",
            ),
        ),
        migrations.AlterField(
            model_name="quoteline",
            name="quantity",
            field=models.DecimalField(
                decimal_places=2, default=Decimal("1"), help_text="below zero it is taken off", max_digits=6, verbose_name="aantal"
            ),
        ),
        migrations.AlterField(
            model_name="quoteline",
            name="unit_price",
            field=cleanconnect.money.PriceField(validators=[django.core.validators.MinValueValidator(Decimal("0"))], verbose_name="prijs"),
        ),
    ]
