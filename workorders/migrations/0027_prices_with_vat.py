from decimal import Decimal

import django.core.validators
from django.db import migrations, models

import cleanconnect.money

# As in 0026; of prices with VAT it is taken out of the sum of each rate, as `cleanconnect.money.vat_breakdown` does.
FOLLOW = """
CREATE OR REPLACE FUNCTION workorders_follow_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH touched AS MATERIALIZED (SELECT DISTINCT company_id, order_id FROM changed),
    rates AS MATERIALIZED (
        SELECT touched.company_id, touched.order_id,
               CASE WHEN l.vat_rate ~ '^[0-9]+$' THEN l.vat_rate::numeric ELSE 0 END AS percent,
               sum(round(l.quantity * l.unit_price * (100 - l.discount) / 100, 2) - l.discount_amount) AS amount
        FROM touched LEFT JOIN workorders_workorderline AS l ON l.company_id = touched.company_id AND l.order_id = touched.order_id
        GROUP BY touched.company_id, touched.order_id, l.vat_rate
    ),
    now AS MATERIALIZED (
        SELECT company_id, order_id, sum(amount) AS excluding, sum(round(amount * 100 / (100 + percent), 2)) AS taken_out
        FROM rates GROUP BY company_id, order_id
    )
    UPDATE workorders_workorder AS o
    SET net = coalesce(CASE WHEN o.prices_include_vat THEN now.taken_out ELSE now.excluding END, 0) FROM now
    WHERE o.company_id = now.company_id AND o.id = now.order_id
      AND o.net <> coalesce(CASE WHEN o.prices_include_vat THEN now.taken_out ELSE now.excluding END, 0);
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("workorders", "0026_net_by_an_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="workorder",
            name="prices_include_vat",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="as they were for its customer when it was taken in",
                verbose_name="prijzen inclusief btw",
            ),
        ),
        migrations.AlterField(
            model_name="workorderline",
            name="discount_amount",
            field=models.DecimalField(
                decimal_places=2,
                default=Decimal("0"),
                help_text="on the whole line, with VAT or without as the price",
                max_digits=7,
                validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                verbose_name="korting in euro",
            ),
        ),
        migrations.AlterField(
            model_name="workorderline",
            name="unit_price",
            field=cleanconnect.money.PriceField(validators=[django.core.validators.MinValueValidator(Decimal("0"))], verbose_name="prijs"),
        ),
        migrations.RunSQL(FOLLOW, migrations.RunSQL.noop),
    ]
