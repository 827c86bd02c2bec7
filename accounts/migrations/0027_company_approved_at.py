import django.utils.timezone
from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    """Companies that are there already are approved: the column gets the moment of the migration."""

    dependencies = [("accounts", "0026_numbers_go_on")]

    operations = [
        migrations.AddField("company", "approved_at", models.DateTimeField(db_default=Now(), null=True, editable=False)),
        migrations.AlterField(
            "company",
            "approved_at",
            models.DateTimeField(
                default=django.utils.timezone.now,
                editable=False,
                help_text="None: a stranger signed it up, and the host has not looked at it yet",
                null=True,
            ),
        ),
    ]
