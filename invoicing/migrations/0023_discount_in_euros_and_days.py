from decimal import Decimal

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0022_paying_back")]

    operations = [
        migrations.AddField(
            model_name="invoiceline",
            name="discount_amount",
            field=models.DecimalField(
                decimal_places=2,
                default=Decimal("0"),
                help_text="on the whole line, excluding VAT",
                max_digits=9,
                verbose_name="korting in euro",
            ),
        ),
        migrations.AddField(
            model_name="invoiceline",
            name="performed_until",
            field=models.DateField(help_text="the last day, when it took more than one", null=True, verbose_name="uitgevoerd t/m"),
        ),
    ]
