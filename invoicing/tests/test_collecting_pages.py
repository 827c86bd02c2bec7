"""Te factureren: from the list to an invoice with a button."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from invoicing.models import Invoice
from tests.factories import CustomerFactory, WorkOrderFactory, WorkOrderLineFactory
from workorders.models import WorkOrder

from .given import buyer, finished_order

TO_INVOICE = reverse("invoicing:to-invoice")


def test_the_list_shows_per_customer_how_much_waits_and_the_oldest_first(owner, garage):
    later = buyer(name="Lease Later")
    finished_order(later, "10.00", by=owner.membership, on="2026-11-05")
    for price in ("25.00", "1000.50"):
        finished_order(garage, price, "1.00", by=owner.membership, on="2026-11-02")

    page = owner.get(TO_INVOICE)

    assert page.context["paginator"].count == 2
    rows = [(row.name, row.order_count, str(row.total)) for row in page.context["object_list"]]
    assert rows == [("Garage Bakker", 2, "1027.50"), ("Lease Later", 1, "10.00")]
    assertContains(page, "€\xa01.027,50")
    assertContains(page, "2-11-2026")


def test_what_is_open_archived_free_or_invoiced_is_not_on_the_list(owner, garage):
    free = finished_order(buyer(name="Gratis"), "0.00", by=owner.membership)
    archived = finished_order(buyer(name="Weg"), "25.00", by=owner.membership)
    WorkOrder.objects.filter(pk=archived.pk).update(archived_at=archived.completed_at)
    WorkOrderLineFactory(order=WorkOrderFactory(customer=buyer(name="Open"), created_by=owner.membership))
    done = finished_order(garage, "25.00", by=owner.membership)
    owner.post(reverse("invoicing:from-order", args=[done.pk]))

    page = owner.get(TO_INVOICE)

    assert list(page.context["object_list"]) == []
    assertContains(page, "Alles is gefactureerd")
    assert free.customer.name not in page.content.decode()


def test_one_button_makes_one_invoice_of_all_orders_of_a_customer(owner, garage, nudges):
    for price in ("25.00", "10.00"):
        finished_order(garage, price, by=owner.membership)

    response = owner.post(reverse("invoicing:invoice-all", args=[garage.pk]), follow=True)

    invoice = Invoice.objects.get()
    assert str(invoice.net_total) == "35.00"
    assertRedirects(response, reverse("invoicing:detail", args=[invoice.pk]))
    assertContains(response, f"Factuur {invoice.number} is gemaakt")


def test_pressed_twice_the_button_makes_one_invoice(owner, garage, nudges):
    finished_order(garage, "25.00", by=owner.membership)
    owner.post(reverse("invoicing:invoice-all", args=[garage.pk]))

    again = owner.post(reverse("invoicing:invoice-all", args=[garage.pk]))

    assertContains(again, "niets te factureren", status_code=422)
    assert Invoice.objects.count() == 1


def test_only_the_chosen_orders_come_on_the_invoice(owner, garage, nudges):
    chosen, left = (finished_order(garage, price, by=owner.membership) for price in ("25.00", "10.00"))
    address = reverse("invoicing:choose-orders", args=[garage.pk])

    page = owner.get(address)
    owner.post(address, {"orders": [chosen.pk]})

    assertContains(page, " checked", count=2)
    assert [line.order for line in Invoice.objects.get().lines.all()] == [chosen]
    assertContains(owner.get(address), f"Werkorder {left.number}")


@pytest.mark.parametrize("orders", [[], ["x"], ["\x00"], ["-1"], ["0"], ["9" * 40], ["😀"], [""]])
def test_a_choice_that_is_none_is_refused_at_the_list(owner, garage, orders):
    finished_order(garage, "25.00", by=owner.membership)

    response = owner.post(reverse("invoicing:choose-orders", args=[garage.pk]), {"orders": orders})

    assert response.status_code == 422
    assertContains(response, 'id="id_orders_error"', status_code=422)
    assert not Invoice.objects.exists()


def test_an_order_of_another_customer_or_company_is_no_choice(owner, garage, neighbour):
    finished_order(garage, "25.00", by=owner.membership)
    others = finished_order(buyer(name="Ander"), "10.00", by=owner.membership)

    for pk in (others.pk, neighbour.rows[WorkOrder].pk):
        response = owner.post(reverse("invoicing:choose-orders", args=[garage.pk]), {"orders": [pk]})
        assertContains(response, "kan niet meer gefactureerd worden", status_code=422)


def test_orders_of_more_than_one_month_come_with_a_warning(owner, garage):
    address = reverse("invoicing:choose-orders", args=[garage.pk])
    finished_order(garage, "25.00", by=owner.membership, on="2026-11-02")
    before = owner.get(address)
    finished_order(garage, "25.00", by=owner.membership, on="2026-10-30")

    assertNotContains(before, "kalendermaand")
    assertContains(owner.get(address), "kalendermaand")
    assertContains(owner.get(TO_INVOICE), "meer dan één maand")


def test_an_incomplete_company_sees_what_is_missing_and_where_to_fill_it_in(owner, garage, seller):
    order = finished_order(garage, "25.00", by=owner.membership)
    seller.vat_number = seller.iban = ""
    seller.save()

    page = owner.get(TO_INVOICE)
    refused = owner.post(reverse("invoicing:from-order", args=[order.pk]))

    assertContains(page, "Er ontbreekt: btw-id, IBAN.")
    assertContains(page, reverse("company-edit"))
    assertContains(refused, "Er ontbreekt: btw-id en IBAN.", status_code=422)
    assertContains(refused, f'href="{reverse("company-edit")}">', status_code=422)
    assert not Invoice.objects.exists()


def test_a_customer_without_an_address_gets_a_link_to_fill_it_in(owner, seller):
    nowhere = CustomerFactory(name="Zonder Adres")
    order = finished_order(nowhere, "25.00", by=owner.membership)
    edit = reverse("customers:edit", args=[nowhere.pk])

    page = owner.get(TO_INVOICE)
    refused = owner.post(reverse("invoicing:from-order", args=[order.pk]))

    assertContains(page, edit)
    assertContains(refused, edit, status_code=422)
    assert not Invoice.objects.exists()


def test_a_button_is_a_post(owner, garage):
    order = finished_order(garage, "25.00", by=owner.membership)

    for name, pk in [("invoice-all", garage.pk), ("from-order", order.pk)]:
        assert owner.get(reverse(f"invoicing:{name}", args=[pk])).status_code == 405


@pytest.mark.parametrize("role", ["employee", "customer"])
def test_only_the_owner_invoices(request, owner, garage, role):
    client = request.getfixturevalue(role)
    order = finished_order(garage, "25.00", by=owner.membership)

    statuses = {
        client.get(TO_INVOICE).status_code,
        client.get(reverse("invoicing:choose-orders", args=[garage.pk])).status_code,
        client.post(reverse("invoicing:choose-orders", args=[garage.pk]), {"orders": [order.pk]}).status_code,
        client.post(reverse("invoicing:invoice-all", args=[garage.pk])).status_code,
        client.post(reverse("invoicing:from-order", args=[order.pk])).status_code,
    }

    assert statuses == {403}
    assert not Invoice.objects.exists()


def test_the_list_asks_as_much_for_one_customer_as_for_three(owner, garage, django_assert_num_queries):
    finished_order(garage, "25.00", by=owner.membership)
    owner.get(TO_INVOICE)

    with django_assert_num_queries(10):
        owner.get(TO_INVOICE)
    for name in ("Tweede", "Derde"):
        finished_order(buyer(name=name), "25.00", "5.00", by=owner.membership)
    with django_assert_num_queries(10):
        owner.get(TO_INVOICE)


def test_the_choice_asks_as_much_for_one_order_as_for_three(owner, garage, django_assert_num_queries):
    address = reverse("invoicing:choose-orders", args=[garage.pk])
    finished_order(garage, "25.00", by=owner.membership)
    owner.get(address)

    with django_assert_num_queries(9):
        owner.get(address)
    for _ in range(2):
        finished_order(garage, "25.00", by=owner.membership)
    with django_assert_num_queries(9):
        owner.get(address)


@pytest.mark.parametrize(
    ("sort", "first"), [("klant", "aap"), ("-bedrag", "Garage Bakker"), ("oudste", "Garage Bakker"), ("-werkorders", "aap")]
)
def test_the_list_sorts(owner, garage, sort, first):
    finished_order(garage, "25.00", by=owner.membership)
    monkey = buyer(name="aap")
    for _ in range(2):
        finished_order(monkey, "10.00", by=owner.membership, on="2026-11-05")

    assert owner.get(TO_INVOICE, {"sorteren": sort}).context["object_list"][0].name == first


# --- at the counter ----------------------------------------------------------------------------------------------


def test_handing_over_and_invoicing_is_one_press(owner, garage):
    order = finished_order(garage, "25.00", by=owner.membership)
    address = reverse("invoicing:deliver", args=[order.pk])
    assertContains(owner.get(reverse("workorders:detail", args=[order.pk])), address)

    response = owner.post(address)

    order.refresh_from_db()
    assert order.status == "delivered"
    assertRedirects(response, reverse("invoicing:detail", args=[Invoice.objects.get().pk]))
    assertNotContains(owner.get(reverse("workorders:detail", args=[order.pk])), address)


def test_without_an_invoice_the_car_is_not_handed_over_either(owner, garage, seller):
    order = finished_order(garage, "25.00", by=owner.membership)
    seller.iban = ""
    seller.save()

    response = owner.post(reverse("invoicing:deliver", args=[order.pk]))

    order.refresh_from_db()
    assert (response.status_code, order.status) == (422, "completed")


def test_a_car_that_is_not_ready_is_not_handed_over(owner, garage):
    order = WorkOrderFactory(customer=garage)

    page = owner.post(reverse("invoicing:deliver", args=[order.pk]), follow=True)

    assertContains(page, "en kan niet worden afgeleverd")
    assert not Invoice.objects.exists()


def test_a_discount_without_its_percentage_is_not_dropped(owner, garage):
    order = finished_order(garage, "25.00", by=owner.membership)

    response = owner.post(reverse("invoicing:choose-orders", args=[garage.pk]), {"orders": [order.pk], "why": "Trouwe klant"})

    assertContains(response, 'id="id_discount_on_all_error"', status_code=422)
    assertContains(response, "Trouwe klant", status_code=422)
    assert not Invoice.objects.exists()
