from django.db import migrations

# The owner of the tables sees every company's rows while row-level security is not forced on it.
FILL = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE bookkeeping_bookexport NO FORCE ROW LEVEL SECURITY;
ALTER TABLE cleanconnect_job NO FORCE ROW LEVEL SECURITY;
INSERT INTO cleanconnect_job (company_id, task, row_id, attempts)
    SELECT company_id, 'bookkeeping.tasks.make_file', id, 0 FROM bookkeeping_bookexport WHERE state = 'waiting';
ALTER TABLE bookkeeping_bookexport FORCE ROW LEVEL SECURITY;
ALTER TABLE cleanconnect_job FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    """Exports that wait get a job."""

    dependencies = [("cleanconnect", "0001_jobs"), ("bookkeeping", "0002_attempts_of_jobs")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
