import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.tasks import answer_password_requests
from notifications.models import Message
from tests.factories import CustomerFactory, MembershipFactory, UserFactory

PASSWORD = "een goed wachtwoord"


@pytest.fixture
def piet(company):
    return MembershipFactory(name="Piet", user=UserFactory(username="piet", email="piet@glans.example"))


def log_in(client, login, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": login, "password": password})


def test_klantlogin_stands_at_the_top_right_of_the_public_page(db, client):
    page = client.get("/").content.decode()

    header = page[page.index("<header") : page.index("</header>")]
    assert 'href="/klantlogin/"' in header
    assert "klantlogin" in header


@pytest.mark.parametrize("login", ["piet", "PIET", "piet@glans.example", "Piet@Glans.example"])
def test_a_user_logs_in_with_name_or_address(client, piet, login):
    assert log_in(client, login).url == reverse("start")


@pytest.fixture
def two_piets(company, neighbour):
    """Two employees of two companies who are called the same, with the same password."""
    return [UserFactory(username=f"piet.{one.pk}") for one in (company, neighbour.company)]


def test_the_number_of_the_company_may_be_left_out_where_one_person_has_the_name(client, company):
    UserFactory(username=f"piet.{company.pk}")

    assert log_in(client, "Piet").url == reverse("start")


def test_a_name_of_two_people_opens_neither_without_the_number(client, two_piets):
    log_in(client, "piet")
    assert "_auth_user_id" not in client.session

    log_in(client, two_piets[1].username)

    assert client.session["_auth_user_id"] == str(two_piets[1].pk)


@pytest.mark.parametrize("which", [0, 1])
def test_a_browser_knows_the_company_of_its_last_login(client, two_piets, which):
    log_in(client, two_piets[which].username)
    client.post(reverse("account_logout"))

    log_in(client, "piet")

    assert client.session["_auth_user_id"] == str(two_piets[which].pk)


@pytest.mark.parametrize("login", ["piet.[0-9]+", ".*", "piet\\", "p%", "piet.1.2.3", "x" * 300])
def test_a_name_is_no_pattern(client, company, login):
    UserFactory(username=f"piet.{company.pk}")

    log_in(client, login)

    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(("login", "password"), [("piet", "fout"), ("onbekend", PASSWORD), ("", ""), ("x" * 300, "y"), ("nul\x00", "z")])
def test_a_wrong_login_is_told_in_dutch_and_no_more(client, piet, login, password):
    response = log_in(client, login, password)

    assert response.context["form"].errors
    assert "_auth_user_id" not in client.session


def test_guessing_a_password_is_stopped(client, piet):
    for _ in range(12):
        response = log_in(client, "piet", "fout")

    assert response.status_code == 429
    assert log_in(client, "piet").status_code != 302


@pytest.mark.parametrize("asked", ["piet", "piet@glans.example", "niemand", "niemand@x.example"])
def test_a_forgotten_password_gets_the_same_answer_for_anyone(client, piet, asked):
    response = client.post(reverse("account_reset_password"), {"login": asked})

    answer_password_requests()
    assert "Kijk in uw e-mail" in response.content.decode()
    assert Message.objects.filter(event="password_reset").count() == (1 if asked.startswith("piet") else 0)


def test_asking_over_and_over_is_stopped(client, piet):
    for _ in range(25):
        response = client.post(reverse("account_reset_password"), {"login": "piet"})

    assert response.status_code == 429
    assert "Te vaak geprobeerd" in response.content.decode()


def test_someone_without_any_company_is_told_so(db, client):
    client.force_login(UserFactory(), backend="accounts.backends.AuthenticationBackend")

    page = client.get(reverse("start"), follow=True)

    assert "Geen toegang" in page.content.decode()


@pytest.mark.parametrize(
    ("role", "landing"), [("owner", "workorders:overview"), ("employee", "quality:today"), ("customer", "workorders:overview")]
)
def test_each_role_arrives_where_its_work_is(request, role, landing):
    assert request.getfixturevalue(role).get(reverse("start")).url == reverse(landing)


def test_changing_the_own_password_asks_the_old_one(owner):
    new = {"new_password1": "veel-mooier-dan-eerst", "new_password2": "veel-mooier-dan-eerst"}

    wrong = owner.post(reverse("own-password"), {"old_password": "fout"} | new)
    right = owner.post(reverse("own-password"), {"old_password": PASSWORD} | new)

    assert wrong.status_code == 422
    assert right.status_code == 302
    assert User.objects.get(pk=owner.membership.user_id).check_password("veel-mooier-dan-eerst")
    assert owner.get(reverse("accounts:overview")).status_code == 200


@pytest.mark.parametrize("password", ["kort", "1234567890123", "wachtwoord", "password123"])
def test_a_weak_password_is_refused(owner, password):
    response = owner.post(reverse("own-password"), {"old_password": PASSWORD, "new_password1": password, "new_password2": password})

    assert response.status_code == 422


def test_the_own_login_card_shows_no_password(owner):
    page = owner.get(reverse("login-card")).content.decode()

    assert owner.membership.user.username in page
    assert "uw eigen wachtwoord" in page


def test_two_step_verification_can_be_switched_on(owner):
    owner.get(reverse("mfa_index"))
    owner.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    page = owner.get(reverse("mfa_activate_totp"))

    assert page.status_code == 200
    assert "data:image/svg+xml" in page.content.decode()


def test_local_mail_is_only_there_without_a_mail_server(db, client, settings):
    assert client.get(reverse("local-mail")).status_code == 404
    settings.MAIL_STAYS_LOCAL = True
    assert "Nog geen e-mail" in client.get(reverse("local-mail")).content.decode()
    settings.PRODUCTION = True
    assert client.get(reverse("local-mail")).status_code == 404


def test_local_mail_shows_what_the_worker_wrote(db, client, settings, tmp_path):
    from django.core.mail import EmailMultiAlternatives, get_connection

    settings.MAIL_STAYS_LOCAL, settings.EMAIL_FILE_PATH = True, str(tmp_path)
    connection = get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=str(tmp_path))
    connection.send_messages(
        [EmailMultiAlternatives("Dag", "Klik hier: http://x.example/wachtwoord-instellen/1/abc/", to=["piet@glans.example"])]
    )

    page = client.get(reverse("local-mail")).content.decode()

    assert "piet@glans.example" in page
    assert 'href="http://x.example/wachtwoord-instellen/1/abc/"' in page


def test_a_customers_mail_says_who_invites(owner):
    customer = CustomerFactory(name="Dealer De Vries")

    owner.post(
        reverse("accounts:create"), {"name": "Inkoop", "role": "customer", "customer": customer.pk, "email": "inkoop@devries.example"}
    )

    message = Message.objects.get()
    assert "Glans Autopoets" in message.subject
    assert message.created_at <= timezone.now()
