from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0004_read_by_a_worker"),
    ]

    operations = [
        migrations.AddField(
            model_name="import",
            name="decimal_signs",
            field=models.JSONField(default=dict, help_text="{field: the sign before the cents} where a person said so"),
        ),
    ]
