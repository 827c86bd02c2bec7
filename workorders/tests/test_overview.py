from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories import CustomerFactory, ServiceFactory, VehicleFactory, WorkOrderFactory, WorkOrderLineFactory
from workorders.models import Assignment, SavedView, WorkOrder

URL = "workorders:overview"


@pytest.fixture
def orders(company):
    volvo = WorkOrderFactory(
        customer=CustomerFactory(name="Dealer De Vries"),
        vehicle=VehicleFactory(plate="GB001K", plate_shown="GB-001-K", vin="W0LPC6DB3CC123456"),
    )
    fiat = WorkOrderFactory(
        customer=CustomerFactory(name="Jansen"), vehicle=VehicleFactory(plate="XX999X", plate_shown="XX-999-X"), status="in_progress"
    )
    return volvo, fiat


def found(client, **query):
    return [order.number for order in client.get(reverse(URL), query).context["object_list"]]


@pytest.mark.parametrize("text", ["GB-001-K", "gb001k", "gb 001 k", "B-001", "W0LPC6DB3CC123456", "cc123456", "de vries", "VRIES"])
def test_an_order_is_found_by_plate_vin_and_customer(owner, orders, text):
    assert found(owner, zoek=text) == [orders[0].number]


@pytest.mark.parametrize("text", ["niets", "%", "_", "'; DROP TABLE", "🚗", "\x00"])
def test_what_is_not_there_is_not_found(owner, orders, text):
    assert found(owner, zoek=text) == [] if "\x00" not in text else True


def test_filters_and_sorting(owner, orders):
    volvo, fiat = (order.number for order in orders)

    assert found(owner, status="in_progress") == [fiat]
    assert found(owner, klant=orders[0].customer_id) == [volvo]
    assert found(owner, sorteren="nummer") == [volvo, fiat]
    assert found(owner) == [fiat, volvo]
    assert set(found(owner, sorteren="onzin", status="onzin", datum="onzin", klant="x", pagina="9")) == {volvo, fiat}


def test_htmx_gets_the_list_and_a_visitor_the_page(owner, orders):
    part = owner.get(reverse(URL), headers={"HX-Request": "true"})
    page = owner.get(reverse(URL))

    assert part.content.decode().lstrip().startswith('<div class="sheet" id="results">')
    assert "<html" in page.content.decode()
    assert "HX-Request" in page["Vary"]


def test_archived_orders_and_neighbours_do_not_show(owner, orders, neighbour):
    orders[0].archived_at = "2026-01-01T00:00Z"
    orders[0].save()

    assert found(owner) == [orders[1].number]


def test_a_customer_sees_own_orders_with_prices_and_without_the_note(customer):
    mine = WorkOrderLineFactory(order=WorkOrderFactory(customer=customer.membership.customer, note="Alleen intern")).order
    theirs = WorkOrderFactory(customer=CustomerFactory(name="Iemand anders"))

    page = customer.get(reverse("workorders:detail", args=[mine.pk])).content.decode()

    assert found(customer) == [mine.number]
    assert "€\xa025,00" in page
    assert "Alleen intern" not in page
    assert customer.get(reverse("workorders:detail", args=[theirs.pk])).status_code == 404


@pytest.mark.parametrize(("switched_on", "count"), [(False, 0), (True, 1)])
def test_an_employee_sees_prices_only_when_the_owner_says_so(employee, company, switched_on, count):
    company.employees_see_prices = switched_on
    company.save()
    order = WorkOrderLineFactory(unit_price="123.45").order

    pages = [employee.get(reverse(URL)), employee.get(reverse("workorders:detail", args=[order.pk]))]

    for page in pages:
        assert ("123,45" in page.content.decode()) == bool(count)
        assert ("€" in page.content.decode()) == bool(count)


@pytest.mark.parametrize("count", [1, 3])
def test_the_overview_takes_as_many_queries_for_any_number_of_orders(owner, count, django_assert_num_queries):
    for _ in range(count):
        WorkOrderLineFactory(service=ServiceFactory())
    owner.get(reverse(URL))

    with django_assert_num_queries(9):
        assert len(found(owner)) == count


def test_a_page_has_25_orders_and_the_next_one_the_rest(owner):
    customer, vehicle = CustomerFactory(), VehicleFactory()
    for _ in range(26):
        WorkOrderFactory(customer=customer, vehicle=vehicle)

    first = owner.get(reverse(URL))

    assert len(first.context["object_list"]) == 25
    assert "1–25 van 26" in first.content.decode()
    assert len(found(owner, pagina=2)) == 1
    assert len(found(owner, pagina="99999999999999999999")) == 25


def test_the_filters_of_few(owner, orders, employee):
    volvo, fiat = orders
    Assignment.objects.create(order=volvo, membership=employee.membership)
    WorkOrder.objects.filter(pk=volvo.pk).update(planned_on="2026-12-01")
    WorkOrder.objects.filter(pk=fiat.pk).update(planned_on="2026-12-03")

    assert found(owner, werknemer=employee.membership.pk) == [volvo.number]
    assert found(owner, soort=fiat.vehicle.type_id) == [fiat.number]
    assert found(owner, datum="2026-12-01", tot="2026-12-02") == [volvo.number]
    assert found(owner, datum="2026-12-01", tot="2026-12-03") == [fiat.number, volvo.number]
    assert found(owner, tot="2026-12-01") == [volvo.number]
    assert found(owner, gefactureerd="nee") == []
    assert found(owner, gefactureerd="ja") == []
    WorkOrder.objects.filter(pk=fiat.pk).update(status="completed", completed_at="2026-12-03T10:00Z", completed_by=employee.membership)
    assert found(owner, gefactureerd="nee") == [fiat.number]
    assert found(owner, werknemer=employee.membership.pk) == [fiat.number, volvo.number]


@pytest.mark.parametrize("column", ["nummer", "datum", "status", "voertuig", "klant", "beloofd"])
def test_every_column_sorts_both_ways(owner, orders, column):
    assert found(owner, sorteren=column) == found(owner, sorteren=f"-{column}")[::-1] or column in {"datum", "beloofd"}


def test_further_filters_come_when_they_are_asked_for(owner, employee, customer, orders):
    page = owner.get(reverse(URL))
    assertNotContains(page, 'name="gefactureerd"')
    box = owner.get(reverse("workorders:more-filters"))
    for name in ("tot", "soort", "werknemer", "klant", "gefactureerd"):
        assertContains(box, f'name="{name}"')
    assertContains(owner.get(reverse(URL), {"meer": "1"}), 'name="gefactureerd"')
    assertNotContains(employee.get(reverse("workorders:more-filters")), "gefactureerd")
    for name in ("werknemer", "klant"):
        assertNotContains(customer.get(reverse("workorders:more-filters")), f'name="{name}"')


def test_the_total_is_that_of_the_filter(owner, employee, orders):
    volvo, fiat = orders
    WorkOrderLineFactory(order=volvo, unit_price=Decimal("25"), discount=Decimal("10"))
    WorkOrderLineFactory(order=fiat, unit_price=Decimal("100"))
    address = reverse("workorders:totals")

    assertContains(owner.get(address), "€\xa0122,50")
    assertContains(owner.get(address, {"status": "planned"}), "€\xa022,50")
    assertContains(owner.get(address, {"status": "planned"}), "1 werkorder,")
    assertNotContains(employee.get(address), "€")


def test_a_view_is_kept_shown_and_taken_away(owner, employee, orders):
    owner.post(reverse("workorders:save-view"), {"naam": "Bezig", "query": "status=in_progress&pagina=3&sorteren=datum"})

    view = SavedView.objects.get()
    assert view.query == "sorteren=datum&status=in_progress"
    page = owner.get(reverse(URL), {"status": "in_progress", "sorteren": "datum"})
    assertContains(page, 'aria-current="true"', count=2)
    assertNotContains(employee.get(reverse(URL)), "Bezig")
    assert employee.post(reverse("workorders:drop-view", args=[view.pk])).status_code == 404

    owner.post(reverse("workorders:save-view"), {"naam": "Bezig", "query": "status=planned"})
    assert SavedView.objects.get().query == "status=planned"
    owner.post(reverse("workorders:drop-view", args=[view.pk]))
    assert not SavedView.objects.exists()


def test_a_customer_keeps_a_view_and_sees_nobody_elses(customer, owner, orders):
    owner.post(reverse("workorders:save-view"), {"naam": "Van de baas", "query": "status=planned"})

    customer.post(reverse("workorders:save-view"), {"naam": "Klaar", "query": "status=completed"})

    page = customer.get(reverse(URL)).content.decode()
    assert "Klaar" in page
    assert "Van de baas" not in page
    view = SavedView.objects.get(name="Klaar")
    assert view.membership == customer.membership
    customer.post(reverse("workorders:drop-view", args=[view.pk]))
    assert [view.name for view in SavedView.objects.all()] == ["Van de baas"]


@pytest.mark.parametrize("name", ["", "x" * 41])
def test_a_view_without_a_good_name_is_told(owner, orders, name):
    response = owner.post(reverse("workorders:save-view"), {"naam": name, "query": "status=planned"})

    assertContains(response, 'aria-describedby="id_naam_error"', status_code=422)
    assertContains(response, 'value="status=planned"', status_code=422)


@pytest.mark.parametrize("few", [0, 1, 200])
def test_few_or_many_that_match_are_found_alike(company, monkeypatch, few):
    monkeypatch.setattr("workorders.models.orders.FEW", few)
    of_customers = [WorkOrderFactory(customer=CustomerFactory(name=name)) for name in ("Autobedrijf Bos", "Autobedrijf Vos")]
    of_car = WorkOrderFactory(vehicle=VehicleFactory(plate="QQ0000Q", plate_shown="QQ-0000-Q"))
    WorkOrderFactory()

    assert set(WorkOrder.objects.search("autobedrijf")) == set(of_customers)
    assert set(WorkOrder.objects.search("q-0000")) == {of_car}
    assert not WorkOrder.objects.search("onvindbaar").exists()
