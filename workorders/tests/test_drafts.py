"""A new order that was not saved is still there, for who typed it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories import CustomerFactory, MembershipFactory, ServiceFactory, WorkOrderFactory
from workorders.models import OrderDraft, WorkOrder


@pytest.fixture(autouse=True)
def something_to_order(company):
    """Without a vehicle type and a customer type there is no form."""
    return ServiceFactory(), CustomerFactory()


KEEP, CREATE = "workorders:keep-draft", "workorders:create"


def keep(client, key, **typed):
    return client.post(reverse(KEEP), {"concept": key, "status": "planned", "country": "NL", **typed})


def test_what_was_typed_is_offered_again_and_comes_back(owner):
    key = uuid4()
    assert keep(owner, key, plate="gb-001-b", note="Half af").status_code == 204

    page = owner.get(reverse(CREATE))
    assertContains(page, "Nog niet opgeslagen")
    assertContains(page, f"?concept={key}")
    again = owner.get(reverse(CREATE), {"concept": key})
    assertContains(again, "Half af")
    assertContains(again, "gb-001-b")
    assertNotContains(again, "Nog niet opgeslagen")


def test_an_empty_form_is_no_draft(owner):
    keep(owner, uuid4(), **{"regels-0-quantity": "1", "regels-TOTAL_FORMS": "1"})

    assert not OrderDraft.objects.exists()


def test_typing_on_keeps_one_draft(owner):
    key = uuid4()
    keep(owner, key, note="a")
    keep(owner, key, note="ab\x00c")

    assert OrderDraft.objects.get().typed["note"] == ["abc"]


def test_what_comes_after_the_order_was_made_is_no_draft(owner):
    order = WorkOrderFactory(key=uuid4())

    keep(owner, order.key, note="Nog onderweg")

    assert not OrderDraft.objects.exists()


def test_what_came_while_its_order_was_being_saved_is_not_offered(owner):
    """`keep` cannot see an order that another transaction has not committed yet."""
    order = WorkOrderFactory(key=uuid4())
    OrderDraft.objects.create(key=order.key, membership=owner.membership, typed={"note": ["Nog onderweg"]})

    assertNotContains(owner.get(reverse(CREATE)), "Nog niet opgeslagen")


def test_an_expired_login_comes_back_to_the_draft(owner):
    key = uuid4()
    keep(owner, key, note="Van voor het uitloggen")

    response = Client().post(f"{reverse(CREATE)}?concept={key}", {"note": "x"})

    assert response.url.startswith("/klantlogin/")
    assert f"concept%3D{key}" in response.url


def test_saving_takes_the_draft_away(owner, something_to_order):
    (service, customer), key = something_to_order, uuid4()
    typed = {
        "customer_type": customer.type_id,
        "customer": customer.pk,
        "vehicle_type": service.group.vehicle_type_id,
        "plate": "GB-001-B",
        "country": "NL",
        "services": [service.pk],
        "status": "planned",
    }
    keep(owner, key, **typed)

    owner.post(f"{reverse(CREATE)}?concept={key}", typed)

    assert WorkOrder.objects.count() == 1
    assert not OrderDraft.objects.exists()


def test_a_draft_is_its_writers_only_and_can_be_thrown_away(owner, company):
    key = uuid4()
    other = OrderDraft.objects.create(key=key, membership=MembershipFactory(role="owner"), typed={"note": ["Geheim"]})
    assertNotContains(owner.get(reverse(CREATE), {"concept": key}), "Geheim")
    assert owner.post(reverse("workorders:drop-draft", args=[other.pk])).status_code == 404
    keep(owner, key, note="Van mij")
    assert OrderDraft.objects.get(membership=other.membership).typed == {"note": ["Geheim"]}

    mine = OrderDraft.objects.get(membership=owner.membership)
    owner.post(reverse("workorders:drop-draft", args=[mine.pk]))

    assert list(OrderDraft.objects.all()) == [other]


def test_an_old_draft_goes(owner):
    keep(owner, uuid4(), note="Oud")
    OrderDraft.objects.update(saved_at=timezone.now() - timedelta(days=31))

    assertNotContains(owner.get(reverse(CREATE)), "Nog niet opgeslagen")
    assert not OrderDraft.objects.exists()


def test_a_key_that_is_none_is_a_new_one(owner):
    assert owner.get(reverse(CREATE), {"concept": "x" * 500}).status_code == 200


@pytest.fixture
def typed(something_to_order):
    service, customer = something_to_order
    chosen = {"customer_type": customer.type_id, "customer": customer.pk, "vehicle_type": service.group.vehicle_type_id}
    return chosen | {"concept": str(uuid4()), "plate": "gb-001-k", "country": "NL", "services": [service.pk], "status": "planned"}


def test_a_form_that_was_sent_twice_is_one_order(owner, typed):
    address = f"{reverse(CREATE)}?concept={typed['concept']}"
    first = owner.post(address, typed)

    second = owner.post(address, typed)

    assert (second.status_code, second.url) == (302, first.url)
    assert WorkOrder.objects.count() == 1


def test_what_was_changed_after_saving_is_kept_and_asks_what_was_meant(owner, typed):
    owner.post(reverse(CREATE), typed)

    response = owner.post(reverse(CREATE), typed | {"note": "Toch ook de hemel"})

    assertContains(response, "al opgeslagen als werkorder 1", status_code=422)
    assertContains(response, "Toch ook de hemel", status_code=422)
    assert response.context["draft_key"] != typed["concept"]
    assert WorkOrder.objects.count() == 1
    assert owner.post(reverse(CREATE), typed | {"concept": str(response.context["draft_key"])}).status_code == 302
    assert WorkOrder.objects.count() == 2


def test_the_address_of_a_saved_draft_begins_a_new_order(owner, typed):
    owner.post(reverse(CREATE), typed)

    page = owner.get(reverse(CREATE), {"concept": typed["concept"]})

    assertNotContains(page, typed["concept"])
