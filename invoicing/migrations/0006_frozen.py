from django.db import migrations

# What may still change of an issued invoice: how it is paid, its PDF once, whose customer it is (merging), and, after the seven
# years of AWR art. 52, the name on it. Everything else, a column of later too, is as it was on the day of issue.
FREEZE = """
CREATE FUNCTION invoicing_keep_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['customer_id', 'paid_on'];
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

CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON invoicing_invoice FOR EACH ROW EXECUTE FUNCTION invoicing_keep_invoice();

CREATE FUNCTION invoicing_keep_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY[]::text[];
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a line of an issued invoice stays' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.released_at IS NULL THEN
        free := free || ARRAY['released_at'];
    END IF;
    IF NEW.vehicle = '' AND NEW.reference = ''
       AND EXISTS (SELECT FROM invoicing_invoice i WHERE i.id = OLD.invoice_id AND i.forgotten_at IS NOT NULL) THEN
        free := free || ARRAY['vehicle', 'reference'];
    END IF;
    IF to_jsonb(NEW) - free IS DISTINCT FROM to_jsonb(OLD) - free THEN
        RAISE EXCEPTION 'a line of an issued invoice does not change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON invoicing_invoiceline FOR EACH ROW EXECUTE FUNCTION invoicing_keep_line();
"""

THAW = """
DROP TRIGGER keep ON invoicing_invoiceline;
DROP TRIGGER keep ON invoicing_invoice;
DROP FUNCTION invoicing_keep_line();
DROP FUNCTION invoicing_keep_invoice();
"""


class Migration(migrations.Migration):
    """An issued invoice and its lines do not change any more, and are not deleted."""

    dependencies = [("invoicing", "0005_credit_notes")]

    operations = [migrations.RunSQL(FREEZE, THAW)]
