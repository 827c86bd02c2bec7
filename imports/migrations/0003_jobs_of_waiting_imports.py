from django.db import migrations

# The owner of the tables sees every company's rows while row-level security is not forced on it.
FILL = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE imports_import NO FORCE ROW LEVEL SECURITY;
ALTER TABLE cleanconnect_job NO FORCE ROW LEVEL SECURITY;
INSERT INTO cleanconnect_job (company_id, task, row_id, attempts)
    SELECT company_id, 'imports.tasks.run', id, 0 FROM imports_import WHERE state IN ('checking', 'importing');
INSERT INTO cleanconnect_job (company_id, task, row_id, attempts, due_at)
    SELECT company_id, 'imports.tasks.forget', id, 0, created_at + interval '30 days' FROM imports_import WHERE state <> 'done';
ALTER TABLE imports_import FORCE ROW LEVEL SECURITY;
ALTER TABLE cleanconnect_job FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    """Imports that wait, and uploads that are to be forgotten, get a job."""

    dependencies = [("cleanconnect", "0001_jobs"), ("imports", "0002_attempts_of_jobs")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
