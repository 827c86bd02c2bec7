from django.db import migrations

# As in 0006, and what was paid of it may change too.
ALLOW = """
CREATE OR REPLACE FUNCTION invoicing_keep_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['customer_id', 'paid_on', 'paid_total'];
    this_year int := extract(year FROM now() AT TIME ZONE 'Europe/Amsterdam');
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'invoice % was issued and stays', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.credited_on IS NULL THEN
        free := free || ARRAY['credited_on'];
    END IF;
    IF OLD.forgotten_at IS NOT NULL THEN
        IF NEW.pdf = '' THEN
            free := free || ARRAY['pdf'];
        END IF;
    ELSIF NEW.forgotten_at IS NOT NULL AND OLD.issued_on < make_date(this_year - 7, 1, 1) THEN
        free := free || ARRAY['forgotten_at', 'buyer'];
    ELSIF OLD.pdf = '' THEN
        free := free || ARRAY['pdf', 'pdf_sha256'];
    END IF;
    IF to_jsonb(NEW) - free IS DISTINCT FROM to_jsonb(OLD) - free THEN
        RAISE EXCEPTION 'invoice % was issued and does not change', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
# The owner of the tables sees every company's rows while row-level security is not forced on it.
FILL = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE invoicing_invoice NO FORCE ROW LEVEL SECURITY;
ALTER TABLE invoicing_payment NO FORCE ROW LEVEL SECURITY;
INSERT INTO invoicing_payment (company_id, invoice_id, amount, received_on, method, note, created_at)
    SELECT company_id, id, gross_total, paid_on, 'bank', '', now() FROM invoicing_invoice WHERE paid_on IS NOT NULL AND gross_total <> 0;
UPDATE invoicing_invoice SET paid_total = gross_total WHERE paid_on IS NOT NULL;
ALTER TABLE invoicing_payment FORCE ROW LEVEL SECURITY;
ALTER TABLE invoicing_invoice FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    """What was paid before there were payments becomes one."""

    dependencies = [("invoicing", "0009_payments")]

    operations = [migrations.RunSQL(ALLOW, migrations.RunSQL.noop), migrations.RunSQL(FILL, migrations.RunSQL.noop)]
