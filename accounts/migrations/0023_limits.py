"""The table of the default cache, as `manage.py createcachetable limits` makes it: no company's, and its keys are hashes."""

from django.db import migrations

CREATE = """
CREATE TABLE limits (cache_key varchar(255) NOT NULL PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX limits_expires ON limits (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0022_user_without_email_confirmed_at")]

    operations = [migrations.RunSQL(CREATE, "DROP TABLE limits")]
