from django.db import migrations

# The owner of the tables sees every company's rows while row-level security is not forced on it.
FILL = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE customers_customer NO FORCE ROW LEVEL SECURITY;
ALTER TABLE cleanconnect_job NO FORCE ROW LEVEL SECURITY;
INSERT INTO cleanconnect_job (company_id, task, row_id, attempts)
    SELECT company_id, 'invoicing.tasks.forget', id, 0 FROM customers_customer WHERE anonymised_at IS NOT NULL;
ALTER TABLE customers_customer FORCE ROW LEVEL SECURITY;
ALTER TABLE cleanconnect_job FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    """A customer who was anonymised gets the job that takes the name off the invoices when their years are over."""

    dependencies = [
        ("cleanconnect", "0001_jobs"),
        ("customers", "0010_reminders"),
        ("invoicing", "0019_what_a_bank_line_refers_to"),
    ]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
