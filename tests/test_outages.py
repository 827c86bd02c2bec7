"""What people see when a part is away: an honest 503 that is tried again, and pages that need none of it."""

import errno

import pytest
from django.db import connection, transaction
from django.urls import reverse
from markupsafe import escape

from accounts.middleware import NEEDS_NO_DATABASE
from accounts.models import Company
from cleanconnect.outage import is_outage
from cleanconnect.tenancy import context

DRAFT = {"plate": "N981XK", "note": 'Let op "de" spiegel'}


@pytest.fixture
def database_is_away(owner, transactional_db):
    """The owner's browser, after which the database no longer answers where it did."""
    owner.raise_request_exception = False
    host = connection.settings_dict["HOST"]
    connection.close()
    connection.settings_dict["HOST"] = "/nonexistent"
    yield owner
    connection.close()
    connection.settings_dict["HOST"] = host


@pytest.fixture
def company(transactional_db):
    """As in every test, but committed: a database that goes away takes the test's transaction with it."""
    from django.utils import timezone

    from cleanconnect.tenancy import context

    made = Company.objects.found(name="Glans Autopoets", email="info@glans.example", start_guide_done_at=timezone.now())
    with context.company(made.pk):
        from tests.factories import MembershipFactory

        made.owner = MembershipFactory(role="owner")
    return made


@pytest.fixture
def owner(company, client):
    client.force_login(company.owner.user, backend="accounts.backends.AuthenticationBackend")
    return client


def test_a_request_that_asks_too_much_of_the_database_is_stopped_and_said(owner, settings, monkeypatch):
    settings.REQUEST_STATEMENT_SECONDS = 1
    owner.raise_request_exception = False

    def endless(*args, **kwargs):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(600)")

    monkeypatch.setattr("cleanconnect.views.Overview.get_context_data", endless)

    response = owner.get(reverse("workorders:overview"))

    page = response.content.decode()
    assert response.status_code == 503
    assert "Dit duurde te lang" in page
    assert "http-equiv" not in page


def test_a_request_that_gunicorn_stops_is_said_and_has_saved_nothing(owner, company, monkeypatch):
    owner.raise_request_exception = False

    def stopped(*args, **kwargs):
        Company.objects.filter(pk=company.pk).update(name="Half")
        raise SystemExit(1)  # what gunicorn's worker does at its time limit, wherever it stands

    monkeypatch.setattr("cleanconnect.views.Overview.get_context_data", stopped)

    response = owner.get(reverse("workorders:overview"))

    assert (response.status_code, "Dit duurde te lang" in response.content.decode()) == (503, True)
    with context.company(company.pk):
        assert Company.objects.get().name == "Glans Autopoets"


def test_a_worker_may_take_longer_than_a_request(owner, settings):
    settings.REQUEST_STATEMENT_SECONDS = 1
    owner.get(reverse("workorders:overview"))

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


def test_without_a_database_a_page_says_so_and_tries_again_by_itself(database_is_away):
    response = database_is_away.get(reverse("workorders:overview"), {"kenteken": "N981XK"})

    page = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert "even niet bereikbaar" in page
    assert '<meta http-equiv="refresh" content="10">' in page
    assert f"{reverse('workorders:overview')}?kenteken=N981XK" in page
    assert "no-store" in response["Cache-Control"]


def test_what_was_sent_while_the_database_was_away_can_be_sent_again(database_is_away):
    response = database_is_away.post(reverse("workorders:create"), DRAFT)

    page = response.content.decode()
    assert response.status_code == 503
    assert "http-equiv" not in page
    for name, value in DRAFT.items():
        assert f'<input type="hidden" name="{name}" value="{escape(value)}">' in page


def test_a_password_is_in_no_page_that_is_sent_again(database_is_away, client):
    response = client.post(reverse("account_login"), {"login": "eigenaar", "password": "geheim-woord"})

    assert response.status_code == 503
    assert "geheim-woord" not in response.content.decode()


@pytest.mark.parametrize("name", NEEDS_NO_DATABASE)
def test_the_public_page_and_the_tablets_script_need_no_database(database_is_away, name):
    response = database_is_away.get(reverse(name))

    assert response.status_code == 200


def test_a_mistake_of_ours_stays_a_500(owner, monkeypatch):
    owner.raise_request_exception = False
    monkeypatch.setattr("workorders.views.OrderOverview.get_queryset", lambda self: 1 / 0)

    response = owner.get(reverse("workorders:overview"))

    assert response.status_code == 500
    assert "De fout ligt bij ons" in response.content.decode()


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (ConnectionRefusedError(), True),
        (FileNotFoundError(errno.ENOENT, "No such file"), False),
        (ValueError(), False),
    ],
)
def test_a_full_disk_and_a_server_that_is_away_are_outages(error, outage):
    outer = RuntimeError()
    outer.__cause__ = error

    assert is_outage(outer) == outage
