from django.db import migrations

# The owner of the tables sees every company's rows while row-level security is not forced on it.
FILL = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE invoicing_invoice NO FORCE ROW LEVEL SECURITY;
ALTER TABLE invoicing_invoicerun NO FORCE ROW LEVEL SECURITY;
ALTER TABLE invoicing_onlinepayment NO FORCE ROW LEVEL SECURITY;
ALTER TABLE cleanconnect_job NO FORCE ROW LEVEL SECURITY;
INSERT INTO cleanconnect_job (company_id, task, row_id, attempts)
    SELECT company_id, 'invoicing.tasks.make_pdf', id, 0 FROM invoicing_invoice WHERE pdf = '' AND forgotten_at IS NULL;
INSERT INTO cleanconnect_job (company_id, task, row_id, attempts)
    SELECT company_id, 'invoicing.tasks.issue_run', id, 0 FROM invoicing_invoicerun WHERE state = 'running';
INSERT INTO cleanconnect_job (company_id, task, row_id, attempts)
    SELECT company_id, 'invoicing.tasks.fetch_online_payment', id, 0 FROM invoicing_onlinepayment
    WHERE mollie_id <> '' AND (state = 'open' OR news_at IS NOT NULL);
ALTER TABLE invoicing_invoice FORCE ROW LEVEL SECURITY;
ALTER TABLE invoicing_invoicerun FORCE ROW LEVEL SECURITY;
ALTER TABLE invoicing_onlinepayment FORCE ROW LEVEL SECURITY;
ALTER TABLE cleanconnect_job FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    """Invoices without a PDF, runs that go on and payments that are open get a job."""

    dependencies = [("cleanconnect", "0001_jobs"), ("invoicing", "0015_customers_see_no_payment_account")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
