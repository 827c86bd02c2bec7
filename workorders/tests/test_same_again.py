"""*Zelfde als vorige keer* gives the work of the last time, for what it cost then where no price has changed."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from tests.factories import CustomerFactory, ServiceFactory, ServiceGroupFactory, VehicleFactory
from tests.forms_of_pages import forms_on
from workorders.forms import WorkOrderForm
from workorders.intake import take_in
from workorders.models import WorkOrder


@pytest.fixture
def package(company):
    group = ServiceGroupFactory(name="Standaard pakket", is_package=True, package_price=Decimal("79.00"))
    for name, price in (("Wassen", 25), ("Zuigen", 20), ("Ramen", 15), ("Banden", 15), ("Geur", 20)):
        ServiceFactory(name=name, group=group, price=Decimal(price))
    return group


@pytest.fixture
def washing(package):
    return ServiceFactory(name="Wassen en zuigen", group__vehicle_type=package.vehicle_type, price=Decimal("45.00"))


@pytest.fixture
def car(package):
    return VehicleFactory(plate="N981XK", plate_shown="N-981-XK", type=package.vehicle_type)


@pytest.fixture
def order_of(owner, car):
    """Takes in an order of what is given, for one car and customer."""
    customer = CustomerFactory()
    vehicle = {"plate": "N-981-XK", "country": "NL", "vin": "", "make": "", "model": "", "type": car.type}

    def order(**work):
        work = {"services": [], "packages": [], "adjusted": {}, "free_lines": []} | work
        work["services"] += [service for group in work["packages"] for service in group.services.all()]
        rest = {"note": "", "remark": "", "status": WorkOrder.Status.PLANNED, "planned_on": None}
        return take_in(customer=customer, vehicle=vehicle, by=owner.membership, **work, **rest)

    return order


def same(owner, order):
    """The page with the order form after *Zelfde als vorige keer*."""
    typed = {
        "plate": order.vehicle.plate_shown,
        "country": "NL",
        "customer": order.customer_id,
        "customer_type": order.customer.type_id,
        "vehicle_type": order.vehicle.type_id,
        "status": "planned",
        "vorige": order.pk,
        "concept": uuid4(),
    }
    return owner.post(reverse("workorders:create-choices"), typed)


def saved(owner, page):
    """The order that the form on the page becomes when it is sent as it stands."""
    address = reverse("workorders:create")
    form = next(form for form in forms_on(page, address) if form.action.split("?")[0] == address)
    form.choose({"new_name": "", "new_email": "", "new_phone": ""})
    ticked = html.fromstring(page.content.decode()).xpath("//input[@name='services' or @name='packages'][@checked][not(@disabled)]")
    form.fields = [field for field in form.fields if field[0] not in {"services", "packages"}]  # only as they are ticked
    form.fields += [(box.get("name"), box.get("value")) for box in ticked]
    response = form.send(owner)
    assert response.status_code == 302, response.context["form"].errors
    return WorkOrder.objects.latest("pk")


def work(order):
    names = ("service", "in_package", "description", "quantity", "unit_price", "discount", "discount_reason", "vat_rate", "minutes")
    return sorted(order.lines.values_list(*names), key=str)


def net(order):
    return sum(line.net for line in order.lines.all())


def own_line(**values):
    line = {"description": "Kinderstoel", "quantity": Decimal(1), "unit_price": Decimal("12.50"), "vat_rate": "21", "minutes": 10}
    return line | {"discount": Decimal(0), "discount_reason": ""} | values


def test_a_package_comes_back_as_a_package(owner, order_of, package):
    order = order_of(packages=[package])

    page = same(owner, order)

    assert page.context["form"].totals().net == Decimal("79.00")
    assert work(saved(owner, page)) == work(order)


def test_quantity_discount_and_own_lines_come_back(owner, order_of, washing):
    how = {"quantity": Decimal(2), "discount": Decimal(10), "discount_reason": "Vaste klant"}
    order = order_of(services=[washing], adjusted={washing.pk: how}, free_lines=[own_line()])

    page = same(owner, order)

    assert page.context["form"].totals().net == net(order) == Decimal("93.50")
    assert work(saved(owner, page)) == work(order)


def test_what_was_typed_before_makes_way(owner, order_of, package, washing):
    order = order_of(services=[washing])
    typed = {"customer": order.customer_id, "vehicle_type": order.vehicle.type_id, "packages": package.pk, "vorige": order.pk}

    form = owner.post(reverse("workorders:create-choices"), typed).context["form"]

    assert form.totals().net == Decimal("45.00")
    assert form.ticked_packages == []


def test_an_opened_order_shows_its_own_discount(owner, order_of):
    order = order_of(free_lines=[own_line(discount=Decimal("12.50"), discount_reason="Beurs")])

    form = WorkOrderForm(order=order)

    assert form.totals().net == net(order)
    assert [form.free_lines[0][name].value() for name in ("discount", "discount_reason")] == ["12,5", "Beurs"]


def cents(low, high):
    return st.decimals(min_value=Decimal(low), max_value=Decimal(high), places=2, allow_nan=False, allow_infinity=False)


HOW = st.fixed_dictionaries({"quantity": cents("0.01", "99.99"), "discount": cents("0.00", "100.00")})


@given(with_package=st.booleans(), how=st.none() | HOW, own=st.lists(st.tuples(HOW, cents("0.00", "999.99")), max_size=2))
@settings(max_examples=12, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_same_costs_the_same(owner, order_of, package, washing, with_package, how, own):
    with transaction.atomic():
        order = order_of(
            services=[washing] if how else [],
            packages=[package] if with_package else [],
            adjusted={washing.pk: how | {"discount_reason": "Vaste klant"}} if how else {},
            free_lines=[own_line(unit_price=price, discount_reason="Beurs", **values) for values, price in own],
        )

        if with_package or how or own:
            page = same(owner, order)
            again = saved(owner, page)

            assert page.context["form"].totals().net == net(again) == net(order)
        transaction.set_rollback(True)
