from decimal import Decimal

from django.db import migrations, models

# The VAT of each rate as it was issued; until now it was worked out anew from the lines. An issued invoice does not change, so the trigger
# that holds that steps aside; the owner of the tables sees every company's rows while row-level security is not forced on it.
FILL = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE invoicing_invoice NO FORCE ROW LEVEL SECURITY;
ALTER TABLE invoicing_invoiceline NO FORCE ROW LEVEL SECURITY;
ALTER TABLE invoicing_payment NO FORCE ROW LEVEL SECURITY;
ALTER TABLE invoicing_invoice DISABLE TRIGGER keep;
UPDATE invoicing_invoice AS i SET taxes = found.taxes
FROM (SELECT invoice_id,
             jsonb_agg(jsonb_build_array(vat_rate, base::text, round(base * percent / 100, 2)::text) ORDER BY percent DESC, vat_rate) AS taxes
      FROM (SELECT invoice_id, vat_rate, sum(round(quantity * unit_price * (100 - discount) / 100, 2)) AS base,
                   CASE WHEN vat_rate ~ '^[0-9]+$' THEN vat_rate::numeric ELSE 0 END AS percent
            FROM invoicing_invoiceline GROUP BY invoice_id, vat_rate) AS rates
      GROUP BY invoice_id) AS found
WHERE i.id = found.invoice_id;
ALTER TABLE invoicing_invoice ENABLE TRIGGER keep;
UPDATE invoicing_invoice SET paid_on = issued_on WHERE paid_on IS NULL AND gross_total = 0;
INSERT INTO invoicing_payment (company_id, invoice_id, amount, received_on, method, note, created_at)
    SELECT i.company_id, i.id, i.gross_total - i.paid_total, max(p.received_on), 'round', '', now()
    FROM invoicing_invoice AS i JOIN invoicing_payment AS p ON p.invoice_id = i.id
    WHERE abs(i.gross_total - i.paid_total) = 0.01 AND i.paid_total <> 0 AND abs(i.gross_total) > 0.01 GROUP BY i.id;
UPDATE invoicing_invoice AS i SET paid_total = i.gross_total, paid_on = coalesce(i.paid_on, p.received_on)
    FROM invoicing_payment AS p WHERE p.invoice_id = i.id AND p.method = 'round';
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE invoicing_payment FORCE ROW LEVEL SECURITY;
ALTER TABLE invoicing_invoiceline FORCE ROW LEVEL SECURITY;
ALTER TABLE invoicing_invoice FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    """Lines can be credited in parts; an invoice keeps its VAT per rate; what comes to nothing is paid, and a cent that was left rounded off."""

    dependencies = [("invoicing", "0019_what_a_bank_line_refers_to")]

    operations = [
        migrations.AddField(
            model_name="invoice",
            name="taxes",
            field=models.JSONField(default=list, help_text="[[rate, base, VAT], …] in euro as text, the highest rate first"),
        ),
        migrations.AddField(
            model_name="invoiceline",
            name="rounding",
            field=models.DecimalField(decimal_places=2, default=Decimal(0), help_text="in euro; of a part that was credited", max_digits=3),
        ),
        migrations.RemoveConstraint(model_name="invoiceline", name="invoiceline_credited_once"),
        migrations.AlterField(
            model_name="payment",
            name="method",
            field=models.CharField(
                choices=[
                    ("bank", "Overgemaakt"),
                    ("card", "Pin"),
                    ("cash", "Contant"),
                    ("link", "Betaallink"),
                    ("debit", "Incasso"),
                    ("credit", "Verrekend"),
                    ("round", "Afgerond"),
                ],
                default="bank",
                max_length=6,
                verbose_name="hoe",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
