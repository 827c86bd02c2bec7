from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workorders", "0014_large_photos_by_a_worker")]

    operations = [
        migrations.AddField(
            model_name="workorderline",
            name="in_package",
            field=models.BooleanField(
                default=False, help_text="Ordered with the rest of its group, as a whole.", verbose_name="in een pakket"
            ),
        ),
    ]
