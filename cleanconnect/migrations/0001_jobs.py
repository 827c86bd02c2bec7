import django.db.models.functions.datetime
from django.db import migrations, models

import cleanconnect.tenancy.fields

# A sweep asks for all companies at once what is due. It sees that there is something to do, and for whom; what it is about stands in
# tables that no such question opens, and it writes nothing.
CREATE = """
CREATE POLICY due ON cleanconnect_job FOR SELECT
    USING ((SELECT current_setting('app.all_companies', true)) = 'on' AND due_at <= statement_timestamp());
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("accounts", "0003_policies")]

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("task", models.CharField(help_text="as Celery names it", max_length=80)),
                ("row_id", models.BigIntegerField(help_text="of the row, in the table that the task works on")),
                ("due_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("nudged_at", models.DateTimeField(null=True)),
                ("company", cleanconnect.tenancy.fields.CompanyField(customer_sees="nothing")),
            ],
            options={
                "verbose_name": "taak",
                "verbose_name_plural": "taken",
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["due_at"], name="job_due")],
                "constraints": [models.UniqueConstraint(fields=("company", "task", "row_id"), name="job_once")],
            },
        ),
        migrations.RunSQL(CREATE, "DROP POLICY due ON cleanconnect_job"),
    ]
