"""What a request asks of the database before its view does, and what holds although it asks so little."""

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, InternalError, connection, transaction
from django.http import Http404, HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import path, reverse

from accounts.models import Company, Membership, User
from cleanconnect.permissions import requires
from cleanconnect.tenancy import context
from customers.models import CustomerType
from tests.factories import CustomerFactory, MembershipFactory

pytestmark = pytest.mark.django_db
COMMITTED = pytest.mark.django_db(transaction=True)

BACKEND = "accounts.backends.AuthenticationBackend"


@requires("own_account")
def empty(request):
    return HttpResponse("")


@requires("own_account")
def write_and_miss(request):
    CustomerType.objects.create(name="Halverwege")
    raise Http404


@requires("own_account")
def swallow(request):
    CustomerType.objects.create(name="Verloren")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
    except DatabaseError:
        pass
    return HttpResponse("")


@requires("own_account")
def companies(request):
    return HttpResponse(",".join(Company.objects.order_by("name").values_list("name", flat=True)))


urlpatterns = [
    path("leeg/", empty),
    path("mist/", write_and_miss),
    path("slikt/", swallow),
    path("bedrijven/", companies),
]


@pytest.fixture(autouse=True)
def _own_addresses(settings):
    from cleanconnect import urls

    settings.ROOT_URLCONF = type("Addresses", (), {"urlpatterns": [*urlpatterns, *urls.urlpatterns], "handler500": urls.handler500})


@pytest.fixture
def house():
    return Company.objects.found(name="Glans")


def member(company, role="owner", **fields):
    with context.company(company.pk):
        if role == "customer":
            fields["customer"] = CustomerFactory(name="Dealer")
        return MembershipFactory(role=role, **fields)


def come_in(client, membership):
    """Logged in, with the company chosen by a first request."""
    client.force_login(membership.user, backend=BACKEND)
    client.get("/leeg/")
    return client


@COMMITTED
@pytest.mark.parametrize(("role", "queries"), [("owner", 3), ("employee", 3), ("bookkeeper", 3), ("customer", 4)])
def test_before_its_view_a_request_asks_for_the_session_and_for_all_else_at_once(client, house, role, queries):
    come_in(client, member(house, role))

    with CaptureQueriesContext(connection) as captured:
        assert client.get("/leeg/").status_code == 200

    asked = [query["sql"].split(" ", 1)[0] for query in captured.captured_queries]
    assert [word for word in asked if word not in {"BEGIN", "COMMIT"}] == ["SELECT"] * queries
    assert "SAVEPOINT" not in asked


def test_what_a_view_wrote_before_its_404_is_taken_back(client, house):
    come_in(client, member(house))

    assert client.get("/mist/").status_code == 404

    with context.company(house.pk):
        assert not CustomerType.objects.filter(name="Halverwege").exists()


@COMMITTED
def test_an_error_of_the_database_that_a_view_swallowed_is_not_taken_for_success(client, house):
    come_in(client, member(house))

    with pytest.raises(InternalError, match="swallowed"):
        client.get("/slikt/")


def test_a_company_that_the_session_names_and_the_person_is_not_of_shows_nothing(client, house):
    theirs = Company.objects.found(name="Buurman")
    come_in(client, member(house))
    session = client.session
    session["company_id"] = theirs.pk
    session.save()

    assert client.get("/bedrijven/").content == b"Glans"
    assert client.session["company_id"] == house.pk


@pytest.mark.parametrize("change", [{"password": "anders"}, {"is_active": False}])
def test_a_session_that_is_no_longer_its_users_opens_nothing(client, house, change):
    came_in = member(house)
    come_in(client, came_in)
    User.objects.filter(pk=came_in.user_id).update(**change)

    response = client.get("/bedrijven/")

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def test_who_left_the_only_company_chooses_among_none(client, house):
    came_in = member(house)
    come_in(client, came_in)
    with context.company(house.pk):
        Membership.objects.filter(pk=came_in.pk).update(is_active=False)

    assert client.get("/bedrijven/").url == reverse("choose-company")
    assert "company_id" not in client.session


def test_a_session_that_has_ended_is_nobodys(client, house):
    come_in(client, member(house))
    Session.objects.update(expire_date="2020-01-01T00:00:00Z")

    assert client.get("/leeg/").status_code == 302


@COMMITTED
def test_a_connection_that_the_server_closed_is_noticed_before_it_is_used(client, house):
    come_in(client, member(house))
    connection.ensure_connection()
    before, pid = connection.connection, connection.connection.info.backend_pid
    assert connection.is_usable()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    other.close()

    assert not connection.is_usable()
    connection.close_if_unusable_or_obsolete()  # as at the start of each request
    assert client.get("/leeg/").status_code == 200
    assert connection.connection is not before


def test_two_customers_ask_the_same_prepared_question_and_each_gets_the_own_answer(client, house):
    from django.test import Client

    first, second = member(house, "customer", name="Een"), member(house, "customer", name="Twee")

    for membership in [first, second] * 5:
        browser = come_in(Client(), membership)
        response = browser.get(reverse("start"), follow=True)
        assert response.wsgi_request.membership.name == membership.name
        assert response.wsgi_request.membership.customer_id == membership.customer_id


def test_a_question_is_prepared_for_nobody(house):
    from accounts.middleware import TO_ENTER
    from cleanconnect.prepared import Prepared

    membership = member(house, "customer")
    with transaction.atomic():
        context.narrow(company_id=house.pk, customer_id=membership.customer_id + 1)
        again = Prepared(TO_ENTER.make)._compiled

    assert again[1] == TO_ENTER._compiled[1]
