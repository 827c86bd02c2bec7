"""Lines of a package that was broken up before they knew it are in no package: what they cost is no longer its price."""

from django.db import migrations

# The reason tells the price of the whole, "pakketprijs Standaard pakket: € 1.079,00"; the shares of a whole package add up to it.
UNMARK = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE workorders_workorderline NO FORCE ROW LEVEL SECURITY;
WITH packages AS (
    SELECT order_id, price_reason FROM workorders_workorderline
    WHERE in_package AND price_reason ~ '^pakketprijs .*[0-9],[0-9]{2}$'
    GROUP BY order_id, price_reason
    HAVING sum(unit_price) <> translate(substring(price_reason FROM '[0-9.]+,[0-9]{2}$'), '.,', '')::numeric / 100
)
UPDATE workorders_workorderline AS line SET in_package = false FROM packages
WHERE line.in_package AND line.order_id = packages.order_id AND line.price_reason = packages.price_reason;
ALTER TABLE workorders_workorderline FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("workorders", "0018_lines_priced_by_hand")]

    operations = [migrations.RunSQL(UNMARK, migrations.RunSQL.noop)]
