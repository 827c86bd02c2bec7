from django.db import migrations

# The owner of the tables sees every company's rows while row-level security is not forced on it.
FILL = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE vehicles_rdwrecord NO FORCE ROW LEVEL SECURITY;
ALTER TABLE cleanconnect_job NO FORCE ROW LEVEL SECURITY;
INSERT INTO cleanconnect_job (company_id, task, row_id, attempts, due_at)
    SELECT company_id, 'vehicles.tasks.forget', company_id, 0, min(fetched_at) + interval '30 days'
    FROM vehicles_rdwrecord GROUP BY company_id;
ALTER TABLE vehicles_rdwrecord FORCE ROW LEVEL SECURITY;
ALTER TABLE cleanconnect_job FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    """A company that has answers of the RDW gets the job that forgets them."""

    dependencies = [("cleanconnect", "0001_jobs"), ("vehicles", "0003_rdw_and_rules")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
