from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0011_countries_of_the_union"),
    ]

    operations = [
        migrations.AddField(
            model_name="customertype",
            name="prices_include_vat",
            field=models.BooleanField(
                blank=True,
                choices=[(None, "zoals bij Bedrijfsgegevens"), (True, "inclusief btw"), (False, "exclusief btw")],
                help_text="Zo worden ze getypt, getoond, aangeboden en gefactureerd; bij inclusief is wat u typt precies wat de klant betaalt.",
                null=True,
                verbose_name="prijzen",
            ),
        ),
    ]
