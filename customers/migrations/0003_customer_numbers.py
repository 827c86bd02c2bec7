"""Customers that were there before customers had numbers get one, in order of arrival, and the counter goes on from there.

The owner of the tables sees every company's rows while row-level security is not forced on it.
"""

from django.db import migrations

GIVE = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE customers_customer NO FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts_counter NO FORCE ROW LEVEL SECURITY;
UPDATE customers_customer SET number = numbered.number
    FROM (SELECT id, row_number() OVER (PARTITION BY company_id ORDER BY id) AS number FROM customers_customer) AS numbered
    WHERE customers_customer.id = numbered.id;
INSERT INTO accounts_counter (company_id, series, last)
    SELECT company_id, 'customer', count(*) FROM customers_customer GROUP BY company_id;
ALTER TABLE accounts_counter FORCE ROW LEVEL SECURITY;
ALTER TABLE customers_customer FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_customer_files"), ("accounts", "0004_start_guide")]

    operations = [migrations.RunSQL(GIVE, migrations.RunSQL.noop)]
