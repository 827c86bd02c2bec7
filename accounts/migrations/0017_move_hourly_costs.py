"""What an hour costs a company moves to the table that its customers do not see."""

from django.db import migrations

# The owner of the tables sees every company's rows while row-level security is not forced on it.
MOVE = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE accounts_company NO FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts_companycosts NO FORCE ROW LEVEL SECURITY;
INSERT INTO accounts_companycosts (company_id, hourly_cost) SELECT id, hourly_cost FROM accounts_company WHERE hourly_cost <> 0;
ALTER TABLE accounts_companycosts FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts_company FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0016_company_costs")]

    operations = [migrations.RunSQL(MOVE, migrations.RunSQL.noop)]
