from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_policies"),
    ]

    operations = [
        migrations.AddField(
            model_name="company",
            name="start_guide_done_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="startgids afgerond op"),
        ),
    ]
