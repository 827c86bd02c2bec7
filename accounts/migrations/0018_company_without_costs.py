from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0017_move_hourly_costs")]

    operations = [migrations.RemoveField(model_name="company", name="hourly_cost")]
