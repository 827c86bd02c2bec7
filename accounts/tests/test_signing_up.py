import re

import pytest
from django.urls import reverse

from accounts.models import Company, Membership, User
from cleanconnect.tenancy import context
from notifications.models import Message
from notifications.tasks import deliver
from tests.factories import UserFactory, confirmed

pytestmark = pytest.mark.django_db


def sign_up(client, **fields):
    return client.post(reverse("account_signup"), {"company_name": "Nieuw Glans", "name": "Nora", "email": "nora@glans.example"} | fields)


def only_company():
    with context.person(User.objects.get().pk):
        return Company.objects.get()


def test_a_company_signs_up_and_its_owner_gets_the_login_details(client, mailoutbox):
    response = sign_up(client)

    assert response.status_code == 200
    company = only_company()
    with context.company(company.pk):
        owner, message = Membership.objects.get(), Message.objects.get()
        assert (owner.role, owner.name) == ("owner", "Nora")
        assert message.to_email == "nora@glans.example"
        assert owner.user.email in message.text
        assert "wachtwoord-instellen" not in message.text
    deliver(company.pk, message.pk)
    assert "/wachtwoord-instellen/" in mailoutbox[0].body


def test_the_link_in_the_mail_sets_a_password_once_and_then_the_owner_logs_in(client, mailoutbox):
    sign_up(client)
    with context.company(only_company().pk):
        message = Message.objects.get()
    deliver(message.company_id, message.pk)
    link = next(word for word in mailoutbox[0].body.split() if "/wachtwoord-instellen/" in word)

    page = client.get(link, follow=True)
    set_url = page.redirect_chain[-1][0]
    answer = client.post(set_url, {"new_password1": "mijn-eigen-glans", "new_password2": "mijn-eigen-glans"})
    login = client.post(reverse("account_login"), {"login": "nora@glans.example", "password": "mijn-eigen-glans"}, follow=True)

    assert answer.status_code == 302
    assert login.redirect_chain[-1][0] == reverse("start-guide")
    user = User.objects.get()
    assert user.has_confirmed_address
    client.post(reverse("account_logout"))
    assert "Deze link werkt niet meer" in client.get(link, follow=True).content.decode()


def test_a_known_address_gets_the_same_answer_and_is_asked(client):
    known = confirmed(UserFactory(username="nora", email="nora@glans.example"))
    stranger = sign_up(client, email="iemand@anders.example")

    response = sign_up(client)

    answers = [re.sub("Token.*?}|iemand@anders.example|nora@glans.example", "", page.content.decode()) for page in (stranger, response)]
    assert answers[0] == answers[1]
    with context.person(known.pk):
        assert Membership.objects.get().is_pending
    known.refresh_from_db()
    assert known.check_password("een goed wachtwoord")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("company_name", ""),
        ("company_name", "x" * 101),
        ("name", "x" * 101),
        ("email", "geen adres"),
        ("email", "x" * 300 + "@x.example"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_what_was_typed_stays(client, field, value):
    response = sign_up(client, **{"company_name": "Glans 🚗 <b>", field: value})

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {field}
    assert response.context["form"]["name"].value() == (value if field == "name" else "Nora")
    assert Membership.objects.count() == 0
