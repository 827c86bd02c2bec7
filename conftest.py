"""The fixtures of every room's tests.

Tests connect as the application's role, so they obey the same policies as production.
"""

import contextlib
import os

import psutil
import pytest


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, request):
    """A test database made and migrated by the owner role; one for each test run, so that runs don't meet."""
    from django.db import OperationalError, connection
    from django.test.utils import setup_databases, teardown_databases

    from cleanconnect.tenancy.roles import as_owner

    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["NAME"] = f"test_cleanconnect_{os.getpid()}"
        with as_owner():
            _drop_left_over_databases(connection)
            made = setup_databases(request.config.option.verbose - 1, interactive=False)
    yield
    # A thread of a server or worker may still hold a connection for a moment; then the next run drops the database.
    with django_db_blocker.unblock(), as_owner(), contextlib.suppress(OperationalError):
        teardown_databases(made, request.config.option.verbose - 1)


def _drop_left_over_databases(connection):
    with connection._nodb_cursor() as cursor:
        cursor.execute(r"SELECT datname FROM pg_database WHERE datname LIKE 'test\_cleanconnect\_%%'")
        for (name,) in cursor.fetchall():
            pid = name.rpartition("_")[2]
            if pid.isdecimal() and not psutil.pid_exists(int(pid)):
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(autouse=True)
def _own_surroundings(settings, tmp_path):
    """Files of a test stay in the test; passwords are hashed quickly; rate limits start anew; nobody outside is asked."""
    settings.ADDRESS_URL = settings.RDW_URL = ""
    settings.MOLLIE_URL = "http://127.0.0.1:9/"
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@pytest.fixture
def company(db):
    """Glans Autopoets; the whole test works for this company."""
    from django.utils import timezone

    from accounts.models import Company
    from cleanconnect.tenancy import context

    made = Company.objects.found(name="Glans Autopoets", email="info@glans.example", start_guide_done_at=timezone.now())
    with context.company(made.pk):
        yield made


@pytest.fixture
def neighbour(db):
    """Another company, Buurman Poets, with one row of every kind: a `tests.factories.Neighbour`."""
    from tests.factories import Neighbour

    return Neighbour.make()


def _logged_in(membership):
    from django.test import Client

    client = Client()
    client.force_login(membership.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.membership = membership
    return client


@pytest.fixture
def owner(company):
    """A browser with the owner of `company` logged in; `owner.membership` is who."""
    from tests.factories import MembershipFactory

    return _logged_in(MembershipFactory(role="owner", name="Olga Eigenaar"))


@pytest.fixture
def employee(company):
    """A browser with an employee of `company` logged in."""
    from tests.factories import MembershipFactory

    return _logged_in(MembershipFactory(role="employee", name="Wim Werknemer"))


@pytest.fixture
def bookkeeper(company):
    """A browser with a bookkeeper of `company` logged in, who reads what is about money."""
    from tests.factories import MembershipFactory

    return _logged_in(MembershipFactory(role="bookkeeper", name="Bas Boekhouder"))


@pytest.fixture
def customer(company):
    """A browser with a customer of `company` logged in; `customer.membership.customer` is which."""
    from tests.factories import CustomerFactory, MembershipFactory

    return _logged_in(MembershipFactory(role="customer", name="Karel Klant", customer=CustomerFactory(name="Dealer De Vries")))
