from decimal import Decimal

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workorders", "0019_packages_still_whole")]

    operations = [
        migrations.AddField(
            model_name="workorder",
            name="net",
            field=models.DecimalField(
                decimal_places=2,
                default=Decimal(0),
                editable=False,
                help_text="of its lines, excluding VAT; kept by the database",
                max_digits=12,
                verbose_name="totaal excl. btw",
            ),
        ),
    ]
