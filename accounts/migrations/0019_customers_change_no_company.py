"""While a customer is logged in, the company's own row can be read and not be written."""

from django.db import migrations

from cleanconnect.tenancy.postgres.schema import CUSTOMER_POLICIES, NO_CUSTOMER, THIS_COMPANY, customer_policies

CREATE = customer_policies("accounts_company", sees=f"{NO_CUSTOMER} OR id = {THIS_COMPANY}", writes=NO_CUSTOMER)
DROP = [f"DROP POLICY {policy} ON accounts_company" for policy in CUSTOMER_POLICIES]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0018_company_without_costs")]

    operations = [migrations.RunSQL(CREATE, DROP)]
