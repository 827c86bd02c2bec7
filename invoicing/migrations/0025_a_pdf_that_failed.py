from django.db import migrations, models

# As in 0018, and why its PDF could not be made may be written down.
ALLOW = """
CREATE OR REPLACE FUNCTION invoicing_keep_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['customer_id', 'paid_on', 'paid_total', 'link_revoked_at', 'link_number', 'failure'];
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
        IF NEW.ubl = '' THEN
            free := free || ARRAY['ubl'];
        END IF;
    ELSIF NEW.forgotten_at IS NOT NULL AND OLD.issued_on < make_date(this_year - 7, 1, 1) THEN
        free := free || ARRAY['forgotten_at', 'buyer'];
    ELSE
        IF OLD.pdf = '' THEN
            free := free || ARRAY['pdf', 'pdf_sha256'];
        END IF;
        IF OLD.ubl = '' THEN
            free := free || ARRAY['ubl', 'ubl_sha256'];
        END IF;
    END IF;
    IF to_jsonb(NEW) - free IS DISTINCT FROM to_jsonb(OLD) - free THEN
        RAISE EXCEPTION 'invoice % was issued and does not change', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("invoicing", "0024_unsettled_invoices"),
    ]

    operations = [
        migrations.AddField(
            model_name="invoice",
            name="failure",
            field=models.CharField(blank=True, db_default="", default="", help_text="why its PDF could not be made", max_length=200),
        ),
        migrations.RunSQL(ALLOW, migrations.RunSQL.noop),
    ]
