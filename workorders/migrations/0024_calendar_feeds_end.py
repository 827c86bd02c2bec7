from django.db import migrations, models

import workorders.models.planning


class Migration(migrations.Migration):
    """Those that were given out before work for a year from now."""

    dependencies = [("workorders", "0023_orders_of_a_customer")]

    operations = [
        migrations.AddField(
            model_name="calendarfeed",
            name="link_revoked_at",
            field=models.DateTimeField(editable=False, help_text="the link in the mail about it no longer works", null=True),
        ),
        migrations.AddField(
            model_name="calendarfeed",
            name="works_until",
            field=models.DateField(default=workorders.models.planning.end_of_new_feed, editable=False, verbose_name="werkt tot en met"),
        ),
    ]
