from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("invoicing", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="invoiceline",
            name="reference",
            field=models.CharField(blank=True, max_length=250, verbose_name="kenmerk van de klant"),
        ),
    ]
