"""Handlings at the price of a quote or of an approval have it for their order alone."""

from django.db import migrations

# The owner of the table sees every company's rows while row-level security is not forced on it. The reasons are Dutch in every language.
MARK = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE workorders_workorderline NO FORCE ROW LEVEL SECURITY;
UPDATE workorders_workorderline SET priced_by_hand = true
WHERE service_id IS NOT NULL AND price_reason ~ '^(offerte|akkoord van|mag zonder vragen)';
ALTER TABLE workorders_workorderline FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("workorders", "0017_lines_know_who_set_their_price")]

    operations = [migrations.RunSQL(MARK, migrations.RunSQL.noop)]
