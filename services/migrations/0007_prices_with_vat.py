from decimal import Decimal

import django.core.validators
from django.db import migrations, models

import cleanconnect.money


class Migration(migrations.Migration):
    dependencies = [
        ("services", "0006_price_rises"),
    ]

    operations = [
        migrations.AddField(
            model_name="priceagreement",
            name="price_includes_vat",
            field=models.BooleanField(default=False, editable=False, verbose_name="inclusief btw"),
        ),
        migrations.AddField(
            model_name="service",
            name="price_includes_vat",
            field=models.BooleanField(default=False, verbose_name="prijs is inclusief btw"),
        ),
        migrations.AddField(
            model_name="servicegroup",
            name="price_includes_vat",
            field=models.BooleanField(default=False, verbose_name="pakketprijs is inclusief btw"),
        ),
        migrations.AlterField(
            model_name="listprice",
            name="price",
            field=cleanconnect.money.PriceField(validators=[django.core.validators.MinValueValidator(Decimal("0"))], verbose_name="prijs"),
        ),
        migrations.AlterField(
            model_name="service",
            name="price",
            field=cleanconnect.money.PriceField(
                blank=True, null=True, validators=[django.core.validators.MinValueValidator(Decimal("0"))], verbose_name="prijs"
            ),
        ),
        migrations.AlterField(
            model_name="servicegroup",
            name="package_price",
            field=cleanconnect.money.PriceField(
                blank=True,
                help_text="Leeg: de prijzen van de handelingen samen.",
                null=True,
                validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                verbose_name="pakketprijs",
            ),
        ),
    ]
