from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0012_quote_answers")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="handed_over_at",
            field=models.DateTimeField(help_text="just before the mail server got the text: from here on it may arrive", null=True),
        ),
    ]
