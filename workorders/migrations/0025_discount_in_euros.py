from decimal import Decimal

import django.core.validators
from django.db import migrations, models

# As in 0021, and a line may have a discount in euro.
FOLLOW = """
CREATE OR REPLACE FUNCTION workorders_follow_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE workorders_workorder AS o SET net = now.net
    FROM (SELECT touched.order_id,
                 COALESCE(sum(round(l.quantity * l.unit_price * (100 - l.discount) / 100, 2) - l.discount_amount), 0) AS net
          FROM (SELECT DISTINCT order_id FROM changed) AS touched
          LEFT JOIN workorders_workorderline AS l ON l.order_id = touched.order_id
          GROUP BY touched.order_id) AS now
    WHERE o.id = now.order_id AND o.net <> now.net;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0026_numbers_go_on"),
        ("services", "0006_price_rises"),
        ("workorders", "0024_calendar_feeds_end"),
    ]

    operations = [
        migrations.AddField(
            model_name="workorderline",
            name="discount_amount",
            field=models.DecimalField(
                decimal_places=2,
                default=Decimal("0"),
                help_text="on the whole line, excluding VAT",
                max_digits=7,
                validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                verbose_name="korting in euro",
            ),
        ),
        migrations.AlterField(
            model_name="workorderline",
            name="quantity",
            field=models.DecimalField(
                decimal_places=2, default=1, help_text="below zero it is taken off", max_digits=6, verbose_name="aantal"
            ),
        ),
        migrations.AddConstraint(
            model_name="workorderline",
            constraint=models.CheckConstraint(
                condition=models.Q(("discount_amount", 0), models.Q(("discount_amount__gt", 0), ("quantity__gt", 0)), _connector="OR"),
                name="workorderline_discount_amount",
            ),
        ),
        migrations.RunSQL(FOLLOW, migrations.RunSQL.noop),
    ]
