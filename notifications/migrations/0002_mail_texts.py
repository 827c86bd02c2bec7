from django.db import migrations, models

import cleanconnect.tenancy.fields


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_start_guide"),
        ("notifications", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="MailText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "event",
                    models.CharField(
                        choices=[
                            ("invitation", "Inloggegevens"),
                            ("password_reset", "Wachtwoord vergeten"),
                            ("defect", "Mankement"),
                            ("invoice", "Factuur"),
                        ],
                        max_length=20,
                        verbose_name="soort",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("nl", "Nederlands"), ("en", "Engels"), ("de", "Duits")], default="nl", max_length=2, verbose_name="taal"
                    ),
                ),
                ("subject", models.CharField(max_length=150, verbose_name="onderwerp")),
                ("body", models.TextField(max_length=5000, verbose_name="tekst")),
                ("company", cleanconnect.tenancy.fields.CompanyField(customer_sees="nothing")),
            ],
            options={
                "verbose_name": "mailtekst",
                "verbose_name_plural": "mailteksten",
                "ordering": ["event", "language"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("company", "event", "language"),
                        name="mailtext_once",
                        violation_error_message="Voor deze mail is er al een tekst in deze taal.",
                    )
                ],
            },
        ),
    ]
