from django.db import migrations

# The owner of the tables sees every company's rows while row-level security is not forced on it.
FILL = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE notifications_message NO FORCE ROW LEVEL SECURITY;
ALTER TABLE cleanconnect_job NO FORCE ROW LEVEL SECURITY;
UPDATE notifications_message SET handed_over_at = next_attempt_at WHERE state = 'sending';
INSERT INTO cleanconnect_job (company_id, task, row_id, attempts, due_at)
    SELECT company_id, 'notifications.tasks.deliver', id, attempts, next_attempt_at + CASE state WHEN 'sending' THEN interval '10 minutes' ELSE interval '0' END
    FROM notifications_message WHERE state IN ('queued', 'sending');
ALTER TABLE notifications_message FORCE ROW LEVEL SECURITY;
ALTER TABLE cleanconnect_job FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    """Messages that wait, or are being sent (by what came before, which did not say how far it was), get a job."""

    dependencies = [("cleanconnect", "0001_jobs"), ("notifications", "0013_handed_over")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
