from django.db import migrations

# As in 0025, with the company named: indexes begin with it, and without one a plan made for a small table walked all lines for each order.
FOLLOW = """
CREATE OR REPLACE FUNCTION workorders_follow_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH touched AS MATERIALIZED (SELECT DISTINCT company_id, order_id FROM changed),
    now AS MATERIALIZED (
        SELECT touched.company_id, touched.order_id,
               COALESCE(sum(round(l.quantity * l.unit_price * (100 - l.discount) / 100, 2) - l.discount_amount), 0) AS net
        FROM touched LEFT JOIN workorders_workorderline AS l ON l.company_id = touched.company_id AND l.order_id = touched.order_id
        GROUP BY touched.company_id, touched.order_id
    )
    UPDATE workorders_workorder AS o SET net = now.net FROM now
    WHERE o.company_id = now.company_id AND o.id = now.order_id AND o.net <> now.net;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("workorders", "0025_discount_in_euros")]

    operations = [migrations.RunSQL(FOLLOW, migrations.RunSQL.noop)]
