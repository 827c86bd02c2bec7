import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_start_guide"),
        ("customers", "0002_customer_files"),
        ("services", "0003_minutes_packages_and_dated_prices"),
        ("vehicles", "0001_initial"),
        ("workorders", "0002_index_on_the_date"),
    ]

    operations = [
        migrations.AddField(
            model_name="workorder",
            name="branch",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="work_orders",
                to="customers.branch",
                verbose_name="vestiging",
            ),
        ),
        migrations.AddField(
            model_name="workorder",
            name="cost_centre",
            field=models.CharField(blank=True, max_length=40, verbose_name="kostenplaats"),
        ),
        migrations.AddField(
            model_name="workorder",
            name="is_history",
            field=models.BooleanField(
                default=False, editable=False, help_text="imported: to look back at, never invoiced", verbose_name="uit een vorig systeem"
            ),
        ),
        migrations.AddField(
            model_name="workorder",
            name="origin_number",
            field=models.CharField(blank=True, editable=False, max_length=40, verbose_name="nummer in het vorige systeem"),
        ),
        migrations.AddField(
            model_name="workorder",
            name="po_number",
            field=models.CharField(blank=True, max_length=40, verbose_name="inkoopnummer"),
        ),
        migrations.AddField(
            model_name="workorderline",
            name="price_reason",
            field=models.CharField(blank=True, max_length=200, verbose_name="waarom deze prijs"),
        ),
        migrations.AlterField(
            model_name="workorderline",
            name="service",
            field=models.ForeignKey(
                help_text="None: imported history",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="services.service",
                verbose_name="handeling",
            ),
        ),
        migrations.AddConstraint(
            model_name="workorder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("origin_number", ""), _negated=True),
                fields=("company", "origin_number"),
                name="workorder_origin_number",
            ),
        ),
    ]
