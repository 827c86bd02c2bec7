from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0024_passwordrequest")]

    operations = [
        migrations.AddField(
            model_name="tablet",
            name="public_key",
            field=models.CharField(
                blank=True,
                editable=False,
                help_text="what the tablet keeps is sealed for it, as accounts.tablets reads it",
                max_length=400,
            ),
        ),
    ]
