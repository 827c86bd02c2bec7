import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from accounts.models import Membership
from customers.models import Customer, CustomerType
from notifications.models import Message
from tests.factories import CustomerFactory, CustomerTypeFactory, MembershipFactory, UserFactory, confirmed

PASSWORD = "glimmende-velgen-7"


def create(client, **fields):
    kind = CustomerType.objects.first() or CustomerTypeFactory()
    return client.post(reverse("customers:create"), {"type": kind.pk, "name": "Autobedrijf De Vries"} | fields)


def test_a_customer_with_email_and_password_gets_a_login_the_mail_and_a_card(owner):
    response = create(owner, email="info@devries.example", password=PASSWORD, contact_name="Sjoerd de Vries")

    assert response.status_code == 200
    assert PASSWORD in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    login, message = Membership.objects.get(role="customer"), Message.objects.get()
    assert (login.name, login.customer) == ("Sjoerd de Vries", Customer.objects.get())
    assert login.user.check_password(PASSWORD)
    assert message.to_email == "info@devries.example"
    assert PASSWORD not in message.text


def test_an_address_alone_makes_no_login(owner):
    response = create(owner, email="info@devries.example")

    assert response.url == reverse("customers:overview")
    assert Customer.objects.get().email == "info@devries.example"
    assert not Membership.objects.filter(role="customer").exists()
    assert not Message.objects.exists()


def test_a_password_needs_an_address(owner):
    response = create(owner, password=PASSWORD)

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"email"}
    assert not Customer.objects.exists()


def test_a_weak_password_is_told_at_its_field_and_what_was_typed_stays(owner):
    response = create(owner, email="info@devries.example", password="1234")

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"password"}
    assert 'value="Autobedrijf De Vries"' in response.content.decode()


def test_someone_who_is_a_user_already_makes_no_second_login_and_no_customer(owner):
    MembershipFactory(user__email="info@devries.example")

    response = create(owner, email="INFO@devries.example", password=PASSWORD)

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"email"}
    assert not Customer.objects.exists()


def test_someone_known_to_another_company_keeps_the_own_password(owner):
    known = confirmed(UserFactory(email="info@devries.example"))

    response = create(owner, email="info@devries.example", password=PASSWORD)

    assert response.status_code == 200
    assertContains(response, "blijft uw eigen wachtwoord gelden")
    known.refresh_from_db()
    assert not known.check_password(PASSWORD)
    assert Membership.objects.get(user=known).is_pending


def test_identifiers_are_kept_in_one_spelling(owner):
    create(owner, postcode="2611et", kvk_number="1234 5678", vat_number="nl 0000.99.998.B57")

    customer = Customer.objects.get()
    assert (customer.postcode, customer.kvk_number, customer.vat_number) == ("2611 ET", "12345678", "NL000099998B57")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 101),
        ("type", ""),
        ("type", "geen getal"),
        ("type", str(10**30)),
        ("email", "geen adres"),
        ("postcode", "12345"),
        ("postcode", "x" * 5000),
        ("kvk_number", "-1"),
        ("vat_number", "NL123456789B01"),
        ("vat_number", "🚗"),
        ("note", "x" * 2001),
    ],
)
def test_a_mistake_is_told_at_its_field(owner, field, value):
    response = create(owner, **{field: value})

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {field}
    assert not Customer.objects.exists()


def test_markup_in_a_name_is_shown_as_text(owner):
    create(owner, name="<script>alert(1)</script> 🚗")

    page = owner.get(reverse("customers:overview")).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt; 🚗" in page


def test_without_a_type_the_page_leads_to_making_one(owner):
    page = owner.get(reverse("customers:create"))

    assert reverse("customers:type-create") in page.content.decode()
    assert '<form method="post" class="sheet"' not in page.content.decode()


@pytest.mark.parametrize("role", ["employee", "customer"])
def test_only_the_owner_makes_customers(request, role):
    client = request.getfixturevalue(role)

    assert create(client).status_code == 403
    assert not Customer.objects.filter(name="Autobedrijf De Vries").exists()


def test_an_archived_type_is_not_offered(owner):
    CustomerFactory(type__name="Oud type").type.remove()
    CustomerTypeFactory(name="Nieuw type")

    page = owner.get(reverse("customers:create")).content.decode()

    assert "Nieuw type" in page
    assert "Oud type" not in page
