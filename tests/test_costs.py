"""Kosten: what finished orders brought in, how long they took and what is left of it, order by order and together."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import CompanyCosts
from tests.factories import CustomerFactory, MembershipFactory, VehicleFactory, WorkOrderFactory, WorkOrderLineFactory
from workorders.costs import Costs, Figures, grouped, total
from workorders.models import WorkOrder, WorkSession

URL = "workorders:costs"
HOUR = Decimal("30")


@pytest.fixture
def wim(company):
    CompanyCosts.objects.create(hourly_cost=HOUR)
    return MembershipFactory(name="Wim Werknemer")


def finished(by, worked=0, material="0", lines=(("Wassen", "40", 60),), **fields):
    moment = timezone.now().replace(hour=11, minute=0)
    order = WorkOrderFactory(
        vehicle=VehicleFactory(),
        status="completed",
        completed_at=fields.pop("at", moment),
        completed_by=by,
        material_cost=Decimal(material),
        **fields,
    )
    for name, price, minutes in lines:
        WorkOrderLineFactory(order=order, description=name, unit_price=Decimal(price), minutes=minutes)
    if worked:
        WorkSession.objects.create(
            order=order, membership=by, started_at=order.completed_at - timedelta(minutes=worked), stopped_at=order.completed_at
        )
    return order


def figures(found):
    return [(one.label, one.count, one.revenue, one.expected, one.worked, one.labour, one.material, one.margin) for one in found]


def groups(orders, per):
    return [Figures.of_group(row, HOUR) for row in grouped(orders, per)]


def test_of_an_order_everything_is_on_one_line(owner, wim):
    order = finished(wim, worked=90, material="2.50")

    page = owner.get(reverse(URL))

    [(shown, one)] = page.context["rows"]
    assert shown == order
    assert figures([one]) == [(str(order), 1, Decimal("40"), 60, 90, Decimal("45.00"), Decimal("2.50"), Decimal("-7.50"))]
    assert one.percentage == -19
    assertContains(page, "€\xa0-7,50")


def test_together_per_customer_employee_and_day(owner, wim):
    jan, dealer = MembershipFactory(name="Jan"), CustomerFactory(name="Dealer")
    finished(wim, worked=30, customer=dealer)
    finished(jan, worked=60, material="5", customer=dealer)
    finished(jan, lines=(("Polijsten", "100", 120),), customer=CustomerFactory(name="Jansen"))
    orders = WorkOrder.objects.finished()

    assert figures(groups(orders, "klant")) == [
        ("Jansen", 1, Decimal("100"), 120, 0, Decimal(0), Decimal(0), Decimal("100")),
        ("Dealer", 2, Decimal("80"), 120, 90, Decimal("45"), Decimal("5"), Decimal("30")),
    ]
    assert [(one.label, one.count) for one in groups(orders, "werknemer")] == [("Jan", 2), ("Wim Werknemer", 1)]
    assert [one.count for one in groups(orders, "dag")] == [3]
    assert figures([total(orders, HOUR)]) == [("", 3, Decimal("180"), 240, 90, Decimal("45"), Decimal("5"), Decimal("130"))]


def test_per_handling_time_and_material_are_shared_by_what_they_brought_in(wim):
    finished(wim, worked=100, material="10", lines=(("Wassen", "30", 20), ("Polijsten", "90", 80)))
    finished(wim, lines=(("Gratis", "0", 10),))

    found = {one.label: one for one in groups(WorkOrder.objects.finished(), "handeling")}

    assert (found["Polijsten"].worked, found["Polijsten"].material) == (75, Decimal("7.50"))
    assert (found["Wassen"].worked, found["Wassen"].material) == (25, Decimal("2.50"))
    assert (found["Gratis"].revenue, found["Gratis"].worked, found["Gratis"].percentage) == (0, 0, None)


def test_without_a_period_it_is_this_month(owner, wim):
    finished(wim, at=timezone.now() - timedelta(days=40))
    this = finished(wim)

    assert [order for order, _one in owner.get(reverse(URL)).context["rows"]] == [this]
    assert len(owner.get(reverse(URL), {"van": "2020-01-01"}).context["rows"]) == 2
    assertContains(owner.get(reverse(URL), {"van": "2020-01-01", "tot": "2020-01-02"}), "Niets afgerond in deze periode")


@pytest.mark.parametrize("per", ["werkorder", "dag", "klant", "handeling", "werknemer", "onzin", ""])
def test_every_way_of_looking_opens(owner, wim, per):
    finished(wim, worked=5)

    assertContains(owner.get(reverse(URL), {"per": per}), "Totaal")


@pytest.mark.parametrize(("per", "count"), [("werkorder", 11), ("klant", 10)])
def test_a_page_takes_as_many_queries_for_any_number_of_orders(owner, wim, per, count, django_assert_num_queries):
    finished(wim)
    owner.get(reverse(URL), {"per": per})
    for _ in range(5):
        finished(wim, worked=5)

    with django_assert_num_queries(count):
        owner.get(reverse(URL), {"per": per})


@pytest.mark.parametrize(
    ("per", "names"),
    [
        ("klant", lambda n: {"customer": CustomerFactory(name=f"Klant {n:02}")}),
        ("handeling", lambda n: {"lines": [(f"Handeling {n:02}", "40", 60)]}),
        ("dag", lambda n: {"at": timezone.make_aware(datetime(2026, 5, 30, 12)) - timedelta(days=n)}),
    ],
)
def test_groups_are_paged_as_every_list_is(owner, wim, per, names):
    for n in range(30):
        finished(wim, **names(n))

    first, second = (owner.get(reverse(URL), {"per": per, "van": "2020-01-01", "pagina": page}) for page in (1, 2))

    labels = [[figures.label for figures in page.context["rows"]] for page in (first, second)]
    assert [len(found) for found in labels] == [25, 5]
    assert len(set(labels[0] + labels[1])) == 30
    assert [page.context["total"].count for page in (first, second)] == [30, 30]
    assertContains(first, "1–25 van 30")
    assertContains(first, f"?per={per}&amp;van=2020-01-01&amp;pagina=2")
    assertContains(second, "26–30 van 30")
    beyond = owner.get(reverse(URL), {"per": per, "van": "2020-01-01", "pagina": "9"})
    assert [figures.label for figures in beyond.context["rows"]] == labels[0]


def test_groups_that_brought_in_the_same_stand_by_name(wim):
    for name in ("Zuid", "Noord", "Oost"):
        finished(wim, customer=CustomerFactory(name=name), lines=((f"Wassen {name}", "40", 60),))

    orders = WorkOrder.objects.finished()
    assert [figures.label for figures in groups(orders, "klant")] == ["Noord", "Oost", "Zuid"]
    assert [figures.label for figures in groups(orders, "handeling")] == ["Wassen Noord", "Wassen Oost", "Wassen Zuid"]


@pytest.mark.parametrize("page", ["1", "2"])
def test_a_page_of_groups_saves_all_orders_as_a_file(owner, wim, page):
    for n in range(27):
        finished(wim, customer=CustomerFactory(name=f"Klant {n:02}"))

    view = Costs()
    view.setup(owner.get(reverse(URL), {"per": "klant", "pagina": page}).wsgi_request)

    assert view.exported().count() == 27


def test_what_an_hour_costs_is_asked_when_nobody_said(owner, company):
    assertContains(owner.get(reverse(URL)), "Vul bij Bedrijfsgegevens in wat een uur werk u kost")


def test_costs_are_the_owners_only(employee, customer, owner, wim):
    order = finished(wim, material="12.34")

    assert employee.get(reverse(URL)).status_code == customer.get(reverse(URL)).status_code == 403
    page = reverse("workorders:detail", args=[order.pk])
    assertContains(owner.get(page), "12,34")
    assertNotContains(employee.get(page), "12,34")
