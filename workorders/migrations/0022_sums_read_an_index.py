from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workorders", "0021_keep_the_net")]

    operations = [
        migrations.RemoveIndex(model_name="workorder", name="workorder_completed_at"),
        migrations.AddIndex(
            model_name="workorder",
            index=models.Index(
                condition=models.Q(archived_at=None),
                fields=["company", "completed_at"],
                include=["status", "net", "customer"],
                name="workorder_completed",
            ),
        ),
    ]
