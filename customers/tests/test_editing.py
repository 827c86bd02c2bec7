import pytest
from django.urls import reverse

from accounts.models import Membership, User
from customers.models import Customer
from tests.factories import CustomerFactory, MembershipFactory, WorkOrderFactory


def edit(client, customer, **fields):
    return client.post(reverse("customers:edit", args=[customer.pk]), {"type": customer.type_id, "name": customer.name} | fields)


def test_a_customer_is_edited(owner):
    customer = CustomerFactory(name="Jansen")

    response = edit(owner, customer, name="Jansen & Zn", postcode="1000aa")

    customer.refresh_from_db()
    assert response.url == reverse("customer-file", args=[customer.pk])
    assert (customer.name, customer.postcode) == ("Jansen & Zn", "1000 AA")


def test_a_mistake_keeps_what_was_typed_and_changes_nothing(owner):
    customer = CustomerFactory(name="Jansen")

    response = edit(owner, customer, name="Jansen & Zn", postcode="fout")

    customer.refresh_from_db()
    assert response.status_code == 422
    assert 'value="fout"' in response.content.decode()
    assert customer.name == "Jansen"


def test_the_page_leads_to_the_prices_the_orders_and_the_logins(owner):
    customer = CustomerFactory()
    login = MembershipFactory(role="customer", customer=customer, name="Sjoerd")

    page = owner.get(reverse("customers:edit", args=[customer.pk])).content.decode()

    assert reverse("services:price-agreements", args=[customer.pk]) in page
    assert f"{reverse('workorders:overview')}?klant={customer.pk}" in page
    assert reverse("accounts:edit", args=[login.pk]) in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_as_many_queries_for_any_number_of_logins(owner, count, django_assert_num_queries):
    customer = CustomerFactory()
    for _ in range(count):
        MembershipFactory(role="customer", customer=customer)
    owner.get(reverse("customers:edit", args=[customer.pk]))

    with django_assert_num_queries(13):
        owner.get(reverse("customers:edit", args=[customer.pk]))


def test_a_customer_without_history_is_deleted_with_its_login(owner):
    customer = CustomerFactory()
    membership = MembershipFactory(role="customer", customer=customer, user__email="klant@example.nl")

    page = owner.get(reverse("customers:delete", args=[customer.pk]))
    owner.post(reverse("customers:delete", args=[customer.pk]))

    login = User.objects.get(pk=membership.user_id)
    assert "verwijderen?" in page.content.decode()
    assert not Customer.objects.exists()
    assert not Membership.objects.filter(pk=membership.pk).exists()
    assert (login.is_active, login.email) == (False, "")


def test_a_customer_with_orders_is_archived_and_can_no_longer_log_in(owner):
    customer = WorkOrderFactory().customer
    MembershipFactory(role="customer", customer=customer)

    response = owner.post(reverse("customers:delete", args=[customer.pk]), follow=True)

    assert "gearchiveerd" in response.content.decode()
    assert Customer.objects.get().archived_at is not None
    assert not Membership.objects.filter(role="customer", is_active=True).exists()
    assert owner.get(reverse("customers:edit", args=[customer.pk])).status_code == 404


@pytest.mark.parametrize("name", ["edit", "delete"])
@pytest.mark.parametrize("role", ["employee", "customer"])
def test_only_the_owner_changes_a_customer(request, role, name):
    client, customer = request.getfixturevalue(role), CustomerFactory()

    assert client.post(reverse(f"customers:{name}", args=[customer.pk])).status_code == 403


@pytest.mark.parametrize("name", ["edit", "delete"])
def test_the_neighbours_customer_is_not_there(owner, neighbour, name):
    theirs = neighbour.rows[Customer]

    assert owner.post(reverse(f"customers:{name}", args=[theirs.pk])).status_code == 404
