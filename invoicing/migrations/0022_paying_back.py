import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import cleanconnect.tenancy.fields
import cleanconnect.uploads
import cleanconnect.validators


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0026_numbers_go_on"),
        ("invoicing", "0021_credit_in_parts"),
    ]

    operations = [
        migrations.AddField(
            model_name="reminder",
            name="pdf",
            field=models.FileField(
                blank=True,
                help_text="the invoice with what was open of it then",
                upload_to=cleanconnect.uploads.company_path("herinneringen"),
            ),
        ),
        migrations.CreateModel(
            name="RefundBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=35, verbose_name="kenmerk")),
                ("pay_on", models.DateField(verbose_name="op")),
                ("xml", models.TextField(help_text="pain.001, as it goes to the bank")),
                ("booked_on", models.DateField(null=True, verbose_name="overgemaakt op")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="gemaakt op")),
                ("company", cleanconnect.tenancy.fields.CompanyField(customer_sees="nothing")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.membership", verbose_name="door"
                    ),
                ),
            ],
            options={
                "verbose_name": "terugbetaling",
                "verbose_name_plural": "terugbetalingen",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("holder", models.CharField(max_length=70, verbose_name="naam rekeninghouder")),
                ("iban", models.CharField(max_length=34, validators=[cleanconnect.validators.validate_iban], verbose_name="IBAN")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="bedrag")),
                ("company", cleanconnect.tenancy.fields.CompanyField(customer_sees="nothing")),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="invoicing.invoice", verbose_name="factuur"
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="refunds", to="invoicing.refundbatch"),
                ),
            ],
            options={
                "verbose_name": "terugbetaald bedrag",
                "verbose_name_plural": "terugbetaalde bedragen",
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="refundbatch",
            constraint=models.UniqueConstraint(fields=("company", "reference"), name="refundbatch_reference"),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.UniqueConstraint(fields=("company", "batch", "invoice"), name="refund_once_in_a_batch"),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="refund_of_something"),
        ),
    ]
