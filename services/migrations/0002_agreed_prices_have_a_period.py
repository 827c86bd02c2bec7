"""An agreed price becomes the value of an agreement, before it gets its period."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("services", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="priceagreement", name="priceagreement_price"),
        migrations.RemoveConstraint(model_name="priceagreement", name="priceagreement_once"),
        migrations.RenameField(model_name="priceagreement", old_name="price", new_name="value"),
    ]
