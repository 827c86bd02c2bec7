from decimal import Decimal

from django.db import migrations, models

# What a line is of the total, until now worked out anew each time; as in 0021 the owner of the tables sees the rows of every company.
FILL = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE invoicing_invoiceline NO FORCE ROW LEVEL SECURITY;
ALTER TABLE invoicing_invoiceline DISABLE TRIGGER USER;
UPDATE invoicing_invoiceline
    SET net = round(quantity * unit_price * (100 - discount) / 100, 2) - sign(quantity) * discount_amount + rounding;
ALTER TABLE invoicing_invoiceline ENABLE TRIGGER USER;
ALTER TABLE invoicing_invoiceline FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("invoicing", "0025_a_pdf_that_failed"),
    ]

    operations = [
        migrations.AddField(
            model_name="invoiceline",
            name="net",
            field=models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name="bedrag excl. btw"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="invoiceline",
            name="price_includes_vat",
            field=models.BooleanField(default=False, verbose_name="inclusief btw"),
        ),
        migrations.AlterField(
            model_name="invoiceline",
            name="discount_amount",
            field=models.DecimalField(
                decimal_places=2, default=Decimal("0"), help_text="on the whole line", max_digits=9, verbose_name="korting in euro"
            ),
        ),
        migrations.AlterField(
            model_name="invoiceline",
            name="unit_price",
            field=models.DecimalField(decimal_places=2, max_digits=12, verbose_name="prijs"),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
