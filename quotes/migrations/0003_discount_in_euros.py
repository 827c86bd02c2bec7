from decimal import Decimal

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("quotes", "0002_links_that_end"),
    ]

    operations = [
        migrations.AddField(
            model_name="quoteline",
            name="discount_amount",
            field=models.DecimalField(
                decimal_places=2,
                default=Decimal("0"),
                help_text="on the whole line, excluding VAT",
                max_digits=7,
                verbose_name="korting in euro",
            ),
        ),
    ]
