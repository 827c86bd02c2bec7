"""What a business customer wants on every order: its branch, its purchase order number, its cost centre."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from customers.models import Branch
from tests.factories import CustomerFactory, CustomerTypeFactory, ServiceFactory
from workorders.models import WorkOrder


@pytest.fixture
def dealer(company):
    return CustomerFactory(name="Dealer De Vries")


@pytest.fixture
def fields(dealer):
    service = ServiceFactory()
    return {
        "customer_type": dealer.type_id,
        "customer": dealer.pk,
        "vehicle_type": service.group.vehicle_type_id,
        "plate": "gb-001-k",
        "country": "NL",
        "services": [service.pk],
        "status": "planned",
    }


def test_branch_purchase_order_and_cost_centre_are_kept_and_shown(owner, dealer, fields):
    branch = Branch.objects.create(customer=dealer, name="Vestiging Noord")

    owner.post(reverse("workorders:create"), fields | {"branch": branch.pk, "po_number": "PO-77", "cost_centre": "K12"})

    order = WorkOrder.objects.get()
    assert (order.branch, order.po_number, order.cost_centre) == (branch, "PO-77", "K12")
    page = owner.get(reverse("workorders:detail", args=[order.pk]))
    assertContains(page, "Vestiging Noord")
    assertContains(page, "PO-77")
    assertContains(page, "K12")


def test_the_cost_centre_of_the_branch_is_taken_when_none_is_typed(owner, dealer, fields):
    branch = Branch.objects.create(customer=dealer, name="Vestiging Noord", cost_centre="NOORD")

    owner.post(reverse("workorders:create"), fields | {"branch": branch.pk})

    assert WorkOrder.objects.get().cost_centre == "NOORD"


@pytest.mark.parametrize("name", ["po", "cost_centre"])
def test_what_the_customer_obliges_is_asked_for(owner, dealer, fields, name):
    setattr(dealer, f"{name}_required", True)
    dealer.save()

    response = owner.post(reverse("workorders:create"), fields)

    assertContains(response, "Dealer De Vries vraagt dit op elke werkorder.", status_code=422)
    assert not WorkOrder.objects.exists()


def test_a_private_customer_is_asked_nothing_of_the_kind(owner, fields):
    private = CustomerFactory(type=CustomerTypeFactory(is_private=True))
    fields |= {"customer_type": private.type_id, "customer": private.pk}

    choices = owner.post(reverse("workorders:create-choices"), fields)
    owner.post(reverse("workorders:create"), fields | {"po_number": "PO-77"})

    assertNotContains(choices, "Inkoopnummer")
    assert WorkOrder.objects.get().po_number == ""


def test_a_branch_of_another_customer_is_refused(owner, dealer, fields, neighbour):
    Branch.objects.create(customer=dealer, name="Vestiging Noord")
    other = Branch.objects.create(customer=CustomerFactory(), name="Vestiging Zuid")

    for branch in (other, neighbour.row("Branch")):
        response = owner.post(reverse("workorders:create"), fields | {"branch": branch.pk})
        assert response.status_code == 422

    assert not WorkOrder.objects.exists()
