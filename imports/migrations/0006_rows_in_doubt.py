from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0005_sign_before_the_cents"),
    ]

    operations = [
        migrations.AddField(
            model_name="import",
            name="doubt_count",
            field=models.PositiveIntegerField(default=0, verbose_name="twijfel"),
        ),
        migrations.AddField(
            model_name="import",
            name="take_doubtful",
            field=models.BooleanField(default=False, help_text="import the rows in doubt too"),
        ),
    ]
