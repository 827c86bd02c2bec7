from django.db import migrations

# The owner of the tables sees every company's rows while row-level security is not forced on it.
FILL = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE exports_export NO FORCE ROW LEVEL SECURITY;
ALTER TABLE cleanconnect_job NO FORCE ROW LEVEL SECURITY;
INSERT INTO cleanconnect_job (company_id, task, row_id, attempts)
    SELECT company_id, 'exports.tasks.make', id, 0 FROM exports_export WHERE state = 'waiting';
INSERT INTO cleanconnect_job (company_id, task, row_id, attempts, due_at)
    SELECT company_id, 'exports.tasks.forget', id, 0, created_at + interval '7 days' FROM exports_export;
ALTER TABLE exports_export FORCE ROW LEVEL SECURITY;
ALTER TABLE cleanconnect_job FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    """Exports that wait, and all that are to be forgotten, get a job."""

    dependencies = [("cleanconnect", "0001_jobs"), ("exports", "0004_attempts_of_jobs")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
