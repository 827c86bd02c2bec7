from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0027_company_approved_at"),
    ]

    operations = [
        migrations.AddField(
            model_name="company",
            name="prices_include_vat",
            field=models.BooleanField(
                default=False,
                help_text="Voor klanten waarvan het type niets anders zegt, en om mee te beginnen bij nieuwe handelingen.",
                verbose_name="prijzen inclusief btw",
            ),
        ),
    ]
