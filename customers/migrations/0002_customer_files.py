from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models

import cleanconnect.money
import cleanconnect.tenancy.fields
import cleanconnect.validators


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_start_guide"),
        ("customers", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Branch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("archived_at", models.DateTimeField(editable=False, null=True, verbose_name="gearchiveerd op")),
                ("postcode", models.CharField(blank=True, max_length=12, verbose_name="postcode")),
                ("house_number", models.CharField(blank=True, max_length=12, verbose_name="huisnummer")),
                ("street", models.CharField(blank=True, max_length=120, verbose_name="straat")),
                ("city", models.CharField(blank=True, max_length=80, verbose_name="plaats")),
                (
                    "country",
                    models.CharField(
                        choices=[
                            ("NL", "Nederland"),
                            ("BE", "België"),
                            ("DE", "Duitsland"),
                            ("FR", "Frankrijk"),
                            ("LU", "Luxemburg"),
                            ("GB", "Verenigd Koninkrijk"),
                            ("DK", "Denemarken"),
                            ("PL", "Polen"),
                            ("ES", "Spanje"),
                            ("IT", "Italië"),
                            ("AT", "Oostenrijk"),
                            ("CH", "Zwitserland"),
                        ],
                        default="NL",
                        max_length=2,
                        verbose_name="land",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="naam van de vestiging")),
                ("cost_centre", models.CharField(blank=True, max_length=40, verbose_name="kostenplaats")),
                ("company", cleanconnect.tenancy.fields.CompanyField(customer_sees="own")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="branches", to="customers.customer", verbose_name="klant"
                    ),
                ),
            ],
            options={
                "verbose_name": "vestiging",
                "verbose_name_plural": "vestigingen",
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="naam")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mailadres")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="telefoon")),
                ("for_planning", models.BooleanField(default=False, verbose_name="planning")),
                ("for_approval", models.BooleanField(default=False, verbose_name="akkoord")),
                ("for_invoices", models.BooleanField(default=False, verbose_name="facturen")),
                (
                    "branch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="customers.branch",
                        verbose_name="vestiging",
                    ),
                ),
                ("company", cleanconnect.tenancy.fields.CompanyField(customer_sees="own")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="contacts", to="customers.customer", verbose_name="klant"
                    ),
                ),
            ],
            options={
                "verbose_name": "contactpersoon",
                "verbose_name_plural": "contactpersonen",
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CustomerEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("created", "Aangemaakt"),
                            ("changed", "Gewijzigd"),
                            ("prices", "Prijzen"),
                            ("merged", "Samengevoegd"),
                            ("archived", "Gearchiveerd"),
                            ("restored", "Teruggezet"),
                            ("imported", "Geïmporteerd"),
                            ("anonymised", "Geanonimiseerd"),
                        ],
                        max_length=10,
                        verbose_name="wat",
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=500, verbose_name="toelichting")),
                ("happened_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="wanneer")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="door",
                    ),
                ),
                ("company", cleanconnect.tenancy.fields.CompanyField(customer_sees="nothing")),
                (
                    "customer",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="events", to="customers.customer"),
                ),
            ],
            options={
                "verbose_name": "gebeurtenis",
                "ordering": ["-happened_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="customer",
            name="anonymised_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="geanonimiseerd op"),
        ),
        migrations.AddField(
            model_name="customer",
            name="cost_centre_required",
            field=models.BooleanField(default=False, verbose_name="kostenplaats verplicht"),
        ),
        migrations.AddField(
            model_name="customer",
            name="country",
            field=models.CharField(
                choices=[
                    ("NL", "Nederland"),
                    ("BE", "België"),
                    ("DE", "Duitsland"),
                    ("FR", "Frankrijk"),
                    ("LU", "Luxemburg"),
                    ("GB", "Verenigd Koninkrijk"),
                    ("DK", "Denemarken"),
                    ("PL", "Polen"),
                    ("ES", "Spanje"),
                    ("IT", "Italië"),
                    ("AT", "Oostenrijk"),
                    ("CH", "Zwitserland"),
                ],
                default="NL",
                max_length=2,
                verbose_name="land",
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="house_number",
            field=models.CharField(blank=True, max_length=12, verbose_name="huisnummer"),
        ),
        migrations.AddField(
            model_name="customer",
            name="iban",
            field=models.CharField(blank=True, max_length=34, validators=[cleanconnect.validators.validate_iban], verbose_name="IBAN"),
        ),
        migrations.AddField(
            model_name="customer",
            name="invoice_per_branch",
            field=models.BooleanField(default=False, verbose_name="een factuur per vestiging"),
        ),
        migrations.AddField(
            model_name="customer",
            name="invoicing_profile",
            field=models.CharField(
                choices=[("order", "Per werkorder"), ("week", "Per week"), ("month", "Per maand")],
                default="order",
                max_length=5,
                verbose_name="factureren",
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="language",
            field=models.CharField(
                choices=[("nl", "Nederlands"), ("en", "Engels"), ("de", "Duits")],
                default="nl",
                max_length=2,
                verbose_name="taal van de mails",
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="number",
            field=models.CharField(blank=True, help_text="Leeg: het volgende nummer.", max_length=20, verbose_name="klantnummer"),
        ),
        migrations.AddField(
            model_name="customer",
            name="payment_term_days",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Leeg: die van uw bedrijf.",
                null=True,
                validators=[django.core.validators.MaxValueValidator(120)],
                verbose_name="betalingstermijn in dagen",
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="po_required",
            field=models.BooleanField(default=False, verbose_name="inkoopnummer verplicht"),
        ),
        migrations.AddField(
            model_name="customer",
            name="work_through_limit",
            field=cleanconnect.money.PriceField(
                blank=True,
                help_text="Extra werk tot dit bedrag excl. btw mag zonder te vragen. Leeg: altijd vragen.",
                null=True,
                validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                verbose_name="doorwerken tot",
            ),
        ),
        migrations.AlterField(
            model_name="customer",
            name="postcode",
            field=models.CharField(blank=True, max_length=12, verbose_name="postcode"),
        ),
        migrations.AlterField(
            model_name="customer",
            name="street",
            field=models.CharField(blank=True, max_length=120, verbose_name="straat"),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                models.F("company"),
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("email", ""), _negated=True),
                name="customer_email",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("kvk_number", ""), _negated=True), fields=["company", "kvk_number"], name="customer_kvk"
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True),
                fields=("company", "number"),
                name="customer_number",
                violation_error_message="Er is al een klant met dit klantnummer.",
            ),
        ),
        migrations.AddConstraint(
            model_name="branch",
            constraint=models.UniqueConstraint(
                models.F("company"),
                models.F("customer"),
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("archived_at", None)),
                name="branch_name",
                violation_error_message="Deze klant heeft al een vestiging met deze naam.",
            ),
        ),
        migrations.AddIndex(
            model_name="customerevent",
            index=models.Index(fields=["company", "customer", "-happened_at"], name="customerevent_newest"),
        ),
    ]
