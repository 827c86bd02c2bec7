"""A new customer inside the form of an order: a name, a telephone number or an e-mail address is enough."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from customers.models import Customer
from tests.factories import CustomerFactory, CustomerTypeFactory, ServiceFactory
from workorders.models import WorkOrder


@pytest.fixture
def send(owner):
    service = ServiceFactory()
    kind = CustomerTypeFactory(name="Particulier", is_private=True)

    def post(**typed):
        sent = {"customer_type": kind.pk, "vehicle_type": service.group.vehicle_type_id, "plate": "GB-001-B", "country": "NL"}
        return owner.post(reverse("workorders:create"), sent | {"services": [service.pk], "status": "planned"} | typed)

    return post


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ({"new_name": "Jan Jansen", "new_phone": "06-1"}, "Jan Jansen"),
        ({"new_phone": "06-12345678"}, "06-12345678"),
        ({"new_email": "jan@post.example"}, "jan@post.example"),
    ],
)
def test_an_order_for_a_new_customer(send, typed, name):
    response = send(**typed)

    assert response.status_code == 302, response.context["form"].errors
    customer = WorkOrder.objects.get().customer
    assert (customer.name, customer.type.name) == (name, "Particulier")
    assert customer.number
    assert [event.kind for event in customer.events.all()] == ["created"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Dit veld is verplicht"),
        ({"new_email": "geen adres"}, "geldig e-mailadres"),
        ({"new_name": "x" * 101}, "100"),
        ({"new_name": "Jan", "customer_type": ""}, "Dit veld is verplicht"),
        ({"new_name": "Jan", "plate": "??"}, "kenteken"),
    ],
)
def test_a_mistake_makes_no_customer_and_keeps_what_was_typed(send, typed, said):
    response = send(**typed)

    assertContains(response, said, status_code=422)
    assert not Customer.objects.exists()
    assert response.context["form"]["new_name"].value() == typed.get("new_name")


def test_not_a_known_and_a_new_customer_at_once(send):
    customer = CustomerFactory(type__name="Particulier 2")

    response = send(customer=customer.pk, customer_type=customer.type_id, new_name="Jan")

    assertContains(response, "niet allebei", status_code=422)


def test_one_who_is_there_already_is_shown_first(send):
    CustomerFactory(name="Jan Jansen", email="jan@post.example")

    response = send(new_name="jan jansen")
    assertContains(response, "lijkt er al te zijn", status_code=422)
    assertContains(response, "Lijkt op:", status_code=422)

    assert send(new_name="jan jansen", same_anyway="on").status_code == 302
    assert Customer.objects.count() == 2


def test_an_order_that_exists_keeps_to_customers_we_know(owner, send):
    send(new_name="Jan")
    order = WorkOrder.objects.get()

    form = owner.get(reverse("workorders:edit", args=[order.pk])).context["form"]

    assert "new_name" not in form.fields
    assert form.fields["customer"].required
