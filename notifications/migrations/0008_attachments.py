from django.db import migrations, models

# The owner of the tables sees every company's rows while row-level security is not forced on it.
KEEP = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE notifications_message NO FORCE ROW LEVEL SECURITY;
UPDATE notifications_message SET attachments = jsonb_build_array(jsonb_build_array(attachment, attachment_name)) WHERE attachment <> '';
ALTER TABLE notifications_message FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("notifications", "0007_credit_notes")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="attachments",
            field=models.JSONField(
                blank=True, default=list, help_text="[name in the file storage, name in the mail]", verbose_name="bijlagen"
            ),
        ),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="message", name="attachment"),
        migrations.RemoveField(model_name="message", name="attachment_name"),
    ]
