"""Lines that were ordered at a package's price are in that package."""

from django.db import migrations

# The owner of the table sees every company's rows while row-level security is not forced on it.
MARK = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE workorders_workorderline NO FORCE ROW LEVEL SECURITY;
UPDATE workorders_workorderline SET in_package = true WHERE service_id IS NOT NULL AND price_reason LIKE 'pakketprijs %';
ALTER TABLE workorders_workorderline FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("workorders", "0015_lines_know_their_package")]

    operations = [migrations.RunSQL(MARK, migrations.RunSQL.noop)]
