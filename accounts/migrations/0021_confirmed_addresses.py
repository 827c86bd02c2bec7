"""Who confirmed an address is written down as django-allauth does; addresses are in lower case."""

from django.db import migrations
from django.db.models.functions import Lower


def write_down(apps, _schema_editor):
    User, EmailAddress = apps.get_model("accounts", "User"), apps.get_model("account", "EmailAddress")
    User.objects.exclude(email="").update(email=Lower("email"))
    for user in User.objects.exclude(email="").exclude(email_confirmed_at=None).iterator():
        EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


class Migration(migrations.Migration):
    dependencies = [("accounts", "0020_pending_memberships"), ("account", "0009_emailaddress_unique_primary_email")]

    operations = [migrations.RunPython(write_down, migrations.RunPython.noop)]
