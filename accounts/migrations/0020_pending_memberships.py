from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0019_customers_change_no_company")]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="is_pending",
            field=models.BooleanField(
                default=False, editable=False, help_text="of a login that exists; opens nothing until its holder accepted"
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="pin_is_own",
            field=models.BooleanField(default=False, editable=False, help_text="chosen by its holder after logging in"),
        ),
        migrations.RemoveConstraint(model_name="user", name="user_email"),
        migrations.AlterField(
            model_name="user",
            name="email",
            field=models.EmailField(blank=True, db_index=True, help_text="in lower case", max_length=254, verbose_name="e-mailadres"),
        ),
    ]
