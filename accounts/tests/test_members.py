import pytest
from django.urls import reverse

from accounts.members import BelongsElsewhere, LastOwner, add_member, change_member, give_password, own_username, remove_member
from accounts.models import Membership, User
from cleanconnect.tenancy import context
from notifications.models import Message
from tests.factories import CustomerFactory, MembershipFactory, UserFactory, WorkOrderFactory, confirmed

PASSWORD = "glimmende-velgen-7"


def create(client, **fields):
    return client.post(reverse("accounts:create"), {"name": "Piet Poetser", "role": "employee", "customer": ""} | fields)


def test_a_user_with_email_and_password_gets_the_mail_and_a_card_with_the_password(owner, client):
    response = create(owner, email="piet@glans.example", password=PASSWORD)

    assert response.status_code == 200
    assert PASSWORD in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    message = Message.objects.get()
    assert message.to_email == "piet@glans.example"
    assert PASSWORD not in message.text
    membership = Membership.objects.get(name="Piet Poetser")
    assert PASSWORD not in owner.get(reverse("accounts:card", args=[membership.pk])).content.decode()


def test_the_typed_password_works_and_must_be_changed_at_the_first_login(owner, client):
    create(owner, email="piet@glans.example", password=PASSWORD)

    client.post(reverse("account_login"), {"login": "piet@glans.example", "password": PASSWORD})
    elsewhere = client.get(reverse("workorders:overview"))
    same = client.post(reverse("own-password"), {"new_password1": PASSWORD, "new_password2": PASSWORD})
    client.post(reverse("own-password"), {"new_password1": "van-mijzelf-alleen", "new_password2": "van-mijzelf-alleen"})

    assert elsewhere.url == reverse("own-password")
    assert same.status_code == 422
    assert not User.objects.get(email="piet@glans.example").must_change_password
    assert client.get(reverse("start")).url == reverse("quality:today")


def test_an_employee_needs_no_email(owner):
    response = create(owner, username="piet", password=PASSWORD)

    assert response.status_code == 200
    assert Message.objects.count() == 0
    assert User.objects.get(username__startswith="piet.").email == ""


def test_without_email_and_password_nobody_could_log_in(owner):
    response = create(owner)

    assert response.status_code == 422
    assert "password" in response.context["form"].errors


def test_a_customer_login_needs_its_customer(owner):
    response = create(owner, role="customer", email="dealer@example.nl")

    assert response.context["form"].errors.keys() == {"customer"}


def test_a_customer_of_another_company_is_no_choice(owner, neighbour):
    theirs = neighbour.row("Customer")

    response = create(owner, role="customer", email="dealer@example.nl", customer=theirs.pk)

    assert response.status_code == 422
    assert "customer" in response.context["form"].errors


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 101),
        ("email", "geen-adres"),
        ("username", "met spatie"),
        ("username", "x" * 151),
        ("password", "kort"),
        ("role", "baas"),
        ("customer", "abc"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_what_was_typed_stays(owner, field, value):
    response = create(owner, **({"email": "piet@glans.example", "username": "piet"} | {field: value}))

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert response.context["form"]["email"].value() == (value if field == "email" else "piet@glans.example")


def test_a_known_person_is_asked_and_keeps_the_password(owner, neighbour):
    known = confirmed(UserFactory(email="dealer@example.nl"))
    with context.company(neighbour.company.pk):
        Membership.objects.create(user=known, role="employee", name="Dealer")

    create(owner, email="dealer@example.nl", password=PASSWORD)

    known.refresh_from_db()
    assert known.check_password("een goed wachtwoord")
    membership = Membership.objects.get(user=known)
    assert (membership.name, membership.is_pending) == ("Piet Poetser", True)


def test_someone_who_belongs_elsewhere_keeps_the_own_login(owner, neighbour):
    here = MembershipFactory(name="Dealer")
    with context.company(neighbour.company.pk):
        Membership.objects.create(user=here.user, role="employee", name="Dealer")

    edit = owner.post(
        reverse("accounts:edit", args=[here.pk]),
        {"name": "Dealer", "role": "employee", "email": "gekaapt@example.nl", "username": "gekaapt", "is_active": "on"},
    )
    new_password = owner.post(reverse("accounts:new-password", args=[here.pk]), {"password": PASSWORD})

    here.user.refresh_from_db()
    assert edit.status_code == 302
    assert here.user.email == ""
    assert new_password.status_code == 422
    assert here.user.check_password("een goed wachtwoord")
    with pytest.raises(BelongsElsewhere):
        give_password(here, PASSWORD)


def test_an_address_that_nobody_confirmed_gets_a_login_of_its_own(company, neighbour):
    with context.company(neighbour.company.pk):
        theirs = add_member(role="employee", name="Vanja", email="vanja@example.nl", password=PASSWORD)

    ours = add_member(role="employee", name="Vanja", email="Vanja@Example.nl")

    theirs.user.refresh_from_db()
    assert theirs.user.check_password(PASSWORD)
    assert ours.user_id != theirs.user_id
    assert not ours.is_pending


def test_the_same_person_is_not_added_twice(owner):
    create(owner, email="piet@glans.example")

    response = create(owner, email="PIET@glans.example")

    assert "al gebruiker" in str(response.context["form"].errors["email"])


def test_a_user_name_of_the_own_company_is_taken_once(owner):
    create(owner, username="piet", password=PASSWORD)

    response = create(owner, username="Piet", password=PASSWORD)

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"username"}


def test_a_name_that_is_taken_between_checking_and_saving_is_told(owner, monkeypatch):
    UserFactory(username="piet")
    monkeypatch.setattr("accounts.forms.MembershipForm.clean_username", lambda form: form.cleaned_data["username"])

    response = create(owner, username="piet", password=PASSWORD)

    assert response.status_code == 422
    assert "op ditzelfde moment" in str(response.context["form"].errors["email"])
    assert not Membership.objects.filter(name="Piet Poetser").exists()


def test_the_last_owner_cannot_go(owner):
    me = owner.membership

    page = owner.post(reverse("accounts:delete", args=[me.pk]), follow=True)

    assert "laatste eigenaar" in page.content.decode()
    assert Membership.objects.owners().count() == 1
    for change in ({"role": "employee", "is_active": True}, {"role": "owner", "is_active": False}):
        with pytest.raises(LastOwner):
            change_member(me, customer=None, **change)


def test_a_second_owner_lets_the_first_go(owner):
    MembershipFactory(role="owner", name="Tweede")

    assert remove_member(owner.membership) == "deleted"
    assert [member.name for member in Membership.objects.owners()] == ["Tweede"]


def test_someone_who_did_work_becomes_inactive_and_keeps_the_name(owner, employee):
    WorkOrderFactory(created_by=employee.membership)

    owner.post(reverse("accounts:delete", args=[employee.membership.pk]))

    employee.membership.refresh_from_db()
    assert not employee.membership.is_active
    assert employee.get(reverse("workorders:overview")).url == reverse("choose-company")


def test_a_login_that_belongs_nowhere_any_more_is_emptied_and_its_address_is_free_again(owner, client):
    member = add_member(role="employee", name="Piet", email="piet@glans.example", password=PASSWORD)

    assert remove_member(member) == "deleted"
    client.post(reverse("account_login"), {"login": "piet@glans.example", "password": PASSWORD})
    again = add_member(role="employee", name="Piet", email="piet@glans.example")

    assert "_auth_user_id" not in client.session
    assert again.user_id != member.user_id
    assert User.objects.get(pk=member.user_id).email == ""


@pytest.mark.django_db(transaction=True)
def test_someone_who_left_two_companies_leaves_no_message_behind_that_stops_it():
    from accounts.models import Company

    for name in ("Wij", "Zij"):
        with context.company(Company.objects.found(name=name).pk):
            MembershipFactory(role="owner", name="Eigenaar")
            add_member(role="employee", name="Piet", email="piet@glans.example")
        if name == "Wij":
            confirmed(User.objects.get(email="piet@glans.example"))
    user = User.objects.get(email="piet@glans.example")
    with context.person(user.pk):
        memberships = list(Membership.objects.order_by("pk"))
    assert len(memberships) == 2

    for membership in memberships:
        with context.company(membership.company_id):
            assert remove_member(membership) == "deleted"

    assert User.objects.get(pk=user.pk).is_active  # the second was an invitation, which takes nothing with it


def test_resending_writes_a_second_message(owner):
    member = add_member(role="employee", name="Piet", email="piet@glans.example")

    owner.post(reverse("accounts:resend-login", args=[member.pk]))

    assert Message.objects.filter(event="invitation").count() == 2


@pytest.mark.parametrize("role", ["employee", "customer"])
@pytest.mark.parametrize("page", ["overview", "create"])
def test_only_the_owner_manages_users(request, role, page):
    client = request.getfixturevalue(role)

    assert client.get(reverse(f"accounts:{page}")).status_code == 403


def test_user_names_stay_free_and_tell_nothing_of_other_companies(company):
    UserFactory(username="jose.de.groot")
    assert own_username("José de Groot") == f"jose.de.groot.{company.pk}"
    UserFactory(username=f"jose.de.groot.{company.pk}")

    assert own_username("José de Groot") == f"jose.de.groot2.{company.pk}"
    assert own_username("🚗🚗") == f"gebruiker.{company.pk}"


@pytest.mark.parametrize("count", [1, 3])
def test_the_overview_takes_as_many_queries_for_any_number_of_users(owner, count, django_assert_num_queries):
    for _ in range(count):
        MembershipFactory(role="customer", customer=CustomerFactory())
    owner.get(reverse("accounts:overview"))

    with django_assert_num_queries(8):
        owner.get(reverse("accounts:overview"))
