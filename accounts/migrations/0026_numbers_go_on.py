from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0025_tablet_public_key"),
    ]

    operations = [
        migrations.AddField(
            model_name="counter",
            name="began_at",
            field=models.PositiveIntegerField(
                default=0, help_text="the number before the first that we gave: where another program stopped"
            ),
        ),
    ]
