"""The fixtures of every room's tests.

Tests connect as the application's role, so they obey the same policies as production.
"""

import contextlib
import logging
import os
from hashlib import sha256
from pathlib import Path

import psutil
import pytest

BASE = Path(__file__).resolve().parent


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, request):
    """A test database for each test run, copied from a template that is migrated once per state of the migrations."""
    from django.db import OperationalError, connection

    from cleanconnect.tenancy.roles import as_owner

    name = f"{TEST_DATABASE}{os.getpid()}"
    with django_db_blocker.unblock():
        with as_owner(), connection._nodb_cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [ANY_NUMBER])
            template = _migrated_template(cursor, verbosity=request.config.option.verbose - 1)
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ANY_NUMBER])
        connection.close()
        served, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], name
    yield
    # A thread of a server or worker may still hold a connection for a moment; then the next run drops the database.
    with django_db_blocker.unblock(), as_owner(), contextlib.suppress(OperationalError):
        connection.settings_dict["NAME"] = served
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


TEST_DATABASE, TEMPLATE = "test_cleanconnect_", "test_template_"
ANY_NUMBER = 7_263_548  # of the lock under which one run makes the template while the others wait


def _migrated_template(cursor, *, verbosity):
    """The name of the database with all migrations done; those of other states, and of test runs that were killed, are dropped."""
    from django.db import OperationalError, connection
    from django.test.utils import setup_databases

    template = TEMPLATE + _state_of_the_tables()
    cursor.execute("SELECT datname FROM pg_database")
    databases = [name for (name,) in cursor.fetchall()]
    for name in databases:
        pid = name.removeprefix(TEST_DATABASE)
        is_left_over = pid.isdecimal() and not psutil.pid_exists(int(pid))
        if is_left_over or (name.startswith(TEMPLATE) and name != template):
            with contextlib.suppress(OperationalError):  # somebody still looks at it
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
    if template not in databases:
        served = connection.settings_dict["NAME"]
        connection.settings_dict["TEST"]["NAME"] = half_made = f"{TEST_DATABASE}{os.getpid()}"
        setup_databases(verbosity, interactive=False)
        connection.close()
        connection.settings_dict["NAME"] = served
        cursor.execute(f'ALTER DATABASE "{half_made}" RENAME TO "{template}"')
    return template


def _state_of_the_tables():
    """A fingerprint of all that decides what the migrations make: their sources, the schema editor's, and the pinned packages."""
    sources = [
        *BASE.glob("*/migrations/*.py"),
        *BASE.glob("cleanconnect/tenancy/**/*.py"),
        *BASE.glob("*/apps.py"),
        *BASE.glob("requirements*.txt"),
    ]
    digest = sha256()
    for source in sorted(sources):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


@pytest.fixture(autouse=True)
def _own_surroundings(settings, tmp_path):
    """Files of a test stay in the test; passwords are hashed quickly; rate limits start anew; nobody outside is asked."""
    settings.ADDRESS_URL = settings.RDW_URL = ""
    settings.MOLLIE_URL = "http://127.0.0.1:9/"
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    in_memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": str(tmp_path)}
    settings.CACHES = {"default": in_memory, "passing": in_memory}
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@pytest.fixture(scope="session", autouse=True)
def _pages_say_what_they_show():
    """Each page tells Django's test client its context, as Django's own templates do: `response.context`."""
    from django.template import Context
    from django.test.signals import template_rendered

    from cleanconnect.jinja import Template

    render = Template._render

    def told(self, page):
        template_rendered.send(sender=self, template=self, context=Context(page))
        return render(self, page)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", told)
        yield


@pytest.fixture
def silent_log():
    """For who walks along thousands of refusals, each of which is logged."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


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
    client.force_login(membership.user, backend="accounts.backends.AuthenticationBackend")
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
