from django.db import migrations, models

import cleanconnect.money


class Migration(migrations.Migration):
    dependencies = [
        ("quality", "0008_links_that_end"),
    ]

    operations = [
        migrations.AddField(
            model_name="approval",
            name="price_includes_vat",
            field=models.BooleanField(default=False, help_text="as prices on its order do", verbose_name="inclusief btw"),
        ),
        migrations.AlterField(
            model_name="approval",
            name="unit_price",
            field=cleanconnect.money.PriceField(verbose_name="prijs"),
        ),
    ]
