from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workorders", "0016_lines_of_a_package")]

    operations = [
        migrations.AddField(
            model_name="workorderline",
            name="priced_by_hand",
            field=models.BooleanField(
                default=False,
                help_text="Of a handling: agreed for this order, not what its customer usually pays.",
                verbose_name="eigen prijs",
            ),
        ),
    ]
