"""Policies of the two tables that are read before a company is named: memberships and companies."""

from django.db import migrations

from cleanconnect.tenancy.postgres.schema import THIS_COMPANY, THIS_USER

CREATE = f"""
CREATE POLICY own_memberships ON accounts_membership FOR SELECT USING (user_id = {THIS_USER});
CREATE INDEX membership_user ON accounts_membership (user_id);

ALTER TABLE accounts_company ENABLE ROW LEVEL SECURITY;
ALTER TABLE accounts_company FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON accounts_company USING (id = {THIS_COMPANY});
CREATE POLICY own_companies ON accounts_company FOR SELECT
    USING (id IN (SELECT company_id FROM accounts_membership WHERE user_id = {THIS_USER}));
CREATE POLICY list_for_tasks ON accounts_company FOR SELECT
    USING ((SELECT current_setting('app.all_companies', true)) = 'on');
"""

DROP = """
DROP POLICY list_for_tasks ON accounts_company;
DROP POLICY own_companies ON accounts_company;
DROP POLICY company ON accounts_company;
ALTER TABLE accounts_company NO FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts_company DISABLE ROW LEVEL SECURITY;
DROP INDEX membership_user;
DROP POLICY own_memberships ON accounts_membership;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_membership")]

    operations = [migrations.RunSQL(CREATE, DROP)]
