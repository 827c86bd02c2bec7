from decimal import Decimal

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import cleanconnect.money
import cleanconnect.tenancy.fields
import services.models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_start_guide"),
        ("customers", "0002_customer_files"),
        ("services", "0002_agreed_prices_have_a_period"),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="ListPrice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "price",
                    cleanconnect.money.PriceField(
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))], verbose_name="prijs excl. btw"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="vanaf")),
                ("company", cleanconnect.tenancy.fields.CompanyField(customer_sees="nothing")),
                (
                    "package",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="list_prices", to="services.servicegroup"
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="list_prices", to="services.service"
                    ),
                ),
            ],
            options={
                "verbose_name": "lijstprijs",
                "ordering": ["starts_on"],
            },
        ),
        migrations.AlterModelOptions(
            name="priceagreement",
            options={"ordering": ["-starts_on", "pk"], "verbose_name": "prijsafspraak", "verbose_name_plural": "prijsafspraken"},
        ),
        migrations.AddField(
            model_name="priceagreement",
            name="created_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddField(
            model_name="priceagreement",
            name="created_by",
            field=models.ForeignKey(
                editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="accounts.membership"
            ),
        ),
        migrations.AddField(
            model_name="priceagreement",
            name="ends_on",
            field=models.DateField(blank=True, null=True, verbose_name="tot en met"),
        ),
        migrations.AddField(
            model_name="priceagreement",
            name="group",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="price_agreements",
                to="services.servicegroup",
                verbose_name="hele groep",
            ),
        ),
        migrations.AddField(
            model_name="priceagreement",
            name="kind",
            field=models.CharField(
                choices=[("price", "Vaste prijs"), ("percentage", "Percentage"), ("amount", "Bedrag")],
                default="price",
                max_length=10,
                verbose_name="soort afspraak",
            ),
        ),
        migrations.AddField(
            model_name="priceagreement",
            name="starts_on",
            field=models.DateField(default=django.utils.timezone.localdate, verbose_name="vanaf"),
        ),
        migrations.AddField(
            model_name="service",
            name="is_active",
            field=models.BooleanField(
                default=True,
                help_text="Uit: blijft staan met zijn prijs, maar kan niet op een werkorder worden gezet.",
                verbose_name="actief",
            ),
        ),
        migrations.AddField(
            model_name="service",
            name="is_from_price",
            field=models.BooleanField(
                default=False, help_text="De prijs kan hoger uitvallen; getoond als ‘vanaf’.", verbose_name="vanaf-prijs"
            ),
        ),
        migrations.AddField(
            model_name="service",
            name="minutes",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, validators=[django.core.validators.MaxValueValidator(6000)], verbose_name="verwachte minuten"
            ),
        ),
        migrations.AddField(
            model_name="service",
            name="original",
            field=models.ForeignKey(
                editable=False,
                help_text="of which this one is a copy",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="copies",
                to="services.service",
            ),
        ),
        migrations.AddField(
            model_name="service",
            name="position",
            field=models.PositiveSmallIntegerField(default=0, help_text="Laagste eerst; gelijke op naam.", verbose_name="volgorde"),
        ),
        migrations.AddField(
            model_name="servicegroup",
            name="is_package",
            field=models.BooleanField(
                default=False, help_text="De hele groep wordt in één keer op een werkorder gezet.", verbose_name="standaard pakket"
            ),
        ),
        migrations.AddField(
            model_name="servicegroup",
            name="ledger_code",
            field=models.CharField(
                blank=True, help_text="Voor de boekhouder, bijvoorbeeld 8000.", max_length=20, verbose_name="grootboekrekening"
            ),
        ),
        migrations.AddField(
            model_name="servicegroup",
            name="package_price",
            field=cleanconnect.money.PriceField(
                blank=True,
                help_text="Leeg: de prijzen van de handelingen samen.",
                null=True,
                validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                verbose_name="pakketprijs excl. btw",
            ),
        ),
        migrations.AddField(
            model_name="servicegroup",
            name="position",
            field=models.PositiveSmallIntegerField(default=0, help_text="Laagste eerst; gelijke op naam.", verbose_name="volgorde"),
        ),
        migrations.AlterField(
            model_name="priceagreement",
            name="service",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="price_agreements",
                to="services.service",
                verbose_name="handeling",
            ),
        ),
        migrations.AlterField(
            model_name="priceagreement",
            name="value",
            field=cleanconnect.money.PriceField(verbose_name="waarde"),
        ),
        migrations.AddConstraint(
            model_name="priceagreement",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("service__isnull", False)),
                expressions=[
                    ("company", "="),
                    ("customer", "="),
                    ("service", "="),
                    (
                        services.models.Days(
                            "starts_on", "ends_on", django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_upper=True)
                        ),
                        "&&",
                    ),
                ],
                name="priceagreement_no_overlap_service",
                violation_error_message="In deze periode geldt al een afspraak voor deze handeling.",
            ),
        ),
        migrations.AddConstraint(
            model_name="priceagreement",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("group__isnull", False)),
                expressions=[
                    ("company", "="),
                    ("customer", "="),
                    ("group", "="),
                    (
                        services.models.Days(
                            "starts_on", "ends_on", django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_upper=True)
                        ),
                        "&&",
                    ),
                ],
                name="priceagreement_no_overlap_group",
                violation_error_message="In deze periode geldt al een afspraak voor deze groep.",
            ),
        ),
        migrations.AddConstraint(
            model_name="priceagreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("group__isnull", False), ("service", None)),
                    models.Q(("group", None), ("service__isnull", False)),
                    _connector="OR",
                ),
                name="priceagreement_of",
                violation_error_message="Kies een handeling of een hele groep.",
            ),
        ),
        migrations.AddConstraint(
            model_name="priceagreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                name="priceagreement_period",
                violation_error_message="De einddatum ligt voor de begindatum.",
            ),
        ),
        migrations.AddConstraint(
            model_name="priceagreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "price"), ("service__isnull", False), ("value__gte", 0)),
                    models.Q(("kind", "percentage"), ("value__gte", -100)),
                    ("kind", "amount"),
                    _connector="OR",
                ),
                name="priceagreement_value",
                violation_error_message="Een vaste prijs is niet negatief en geldt voor één handeling; een korting is ten hoogste honderd procent.",
            ),
        ),
        migrations.AddConstraint(
            model_name="listprice",
            constraint=models.UniqueConstraint(fields=("company", "service", "starts_on"), name="listprice_once"),
        ),
        migrations.AddConstraint(
            model_name="listprice",
            constraint=models.UniqueConstraint(fields=("company", "package", "starts_on"), name="listprice_package_once"),
        ),
        migrations.AddConstraint(
            model_name="listprice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("package__isnull", False), ("service", None)),
                    models.Q(("package", None), ("service__isnull", False)),
                    _connector="OR",
                ),
                name="listprice_of",
            ),
        ),
        migrations.AddConstraint(
            model_name="listprice",
            constraint=models.CheckConstraint(condition=models.Q(("price__gte", 0)), name="listprice_price"),
        ),
    ]
