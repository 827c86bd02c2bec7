"""*Zelfde als vorige keer* gives the work of the last time, for what it cost then where no price has changed."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories import CustomerFactory, ServiceFactory, ServiceGroupFactory, VehicleFactory
from workorders.forms import WorkOrderForm
from workorders.intake import take_in
from workorders.models import WorkOrder
from workorders.status import move

from .again import drafted, edited, form_of, net, own_line, same, saved, work


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


def test_what_is_offered_no_more_is_told_with_why(owner, order_of, package, washing):
    waxing, buffing = ServiceFactory(name="Waxen", group=washing.group), ServiceFactory(name="Poetsen", group=washing.group)
    order = order_of(services=[washing, waxing, buffing])
    waxing.is_active = False
    waxing.save()
    buffing.remove()

    page = same(owner, order)

    said, group = dict(page.context["left_out"]), washing.group
    assert said == {f"{group}: Waxen": "is niet actief bij Werkzaamheden", f"{group}: Poetsen": "is verwijderd bij Werkzaamheden"}
    assertContains(page, f"<strong>{group}: Waxen</strong> is niet actief bij Werkzaamheden")
    assert [line.service for line in saved(owner, page).lines.all()] == [washing]


def test_a_package_that_is_none_any_more_and_another_kind_of_car_are_told(owner, order_of, package, car):
    order = order_of(packages=[package])
    package.is_package = False
    package.save()
    assert same(owner, order).context["left_out"] == [
        ("Standaard pakket", "is geen pakket meer; de handelingen staan er los, met hun eigen prijs")
    ]

    car.type = ServiceFactory(name="Wassen", group__vehicle_type__name="Bus").group.vehicle_type
    car.save()
    page = same(owner, WorkOrder.objects.get(pk=order.pk))

    assert [why for _what, why in page.context["left_out"]] == [f"hoort bij soort voertuig {package.vehicle_type}"] * 5


def test_nothing_is_told_where_all_comes_back(owner, order_of, package, washing):
    page = same(owner, order_of(packages=[package], services=[washing]))

    assert page.context["left_out"] == []
    assertNotContains(page, "Niet alles van vorige keer")


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
PRICE = st.none() | cents("0.00", "999.99")


@given(
    package_discount=st.none() | cents("0.00", "100.00"),
    how=st.none() | HOW,
    price=PRICE,
    own=st.lists(st.tuples(HOW, cents("0.00", "999.99")), max_size=2),
)
@settings(max_examples=12, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_same_costs_the_same_however_the_order_is_shown_again(owner, order_of, package, washing, package_discount, how, price, own):
    with transaction.atomic():
        adjusted = {washing.pk: how | {"discount_reason": "Vaste klant", "unit_price": price, "price_reason": "beurs"}} if how else {}
        if package_discount is not None:
            adjusted[package.services.first().pk] = {"discount": package_discount, "discount_reason": "Vaste klant"}
        order = order_of(
            services=[washing] if how else [],
            packages=[package] if package_discount is not None else [],
            adjusted=adjusted,
            free_lines=[own_line(unit_price=price, discount_reason="Beurs", **values) for values, price in own],
        )
        before = work(order)

        if before:
            page = same(owner, order)
            again, from_draft = saved(owner, page), saved(owner, drafted(owner, page))
            move(order, WorkOrder.Status.IN_PROGRESS, by=owner.membership)
            move(order, WorkOrder.Status.TO_CHECK, by=owner.membership)
            move(order, WorkOrder.Status.REJECTED, by=owner.membership, reason="Strepen")
            opened = edited(owner, order)

            assert page.context["form"].totals().net == net(order)
            assert work(again) == work(from_draft) == work(opened) == before
        transaction.set_rollback(True)


def test_a_price_of_its_own_comes_back_and_says_of_which_order(owner, order_of, washing):
    order = order_of(services=[washing], adjusted={washing.pk: {"unit_price": Decimal("36.00"), "price_reason": "offerte O2026-0001"}})

    page = same(owner, order)

    assertContains(page, f"prijs van werkorder {order.number}")
    again = saved(owner, page).lines.get()
    assert (again.unit_price, again.price_reason, again.priced_by_hand) == (Decimal("36.00"), f"prijs van werkorder {order.number}", True)


def test_a_price_of_its_own_that_is_taken_away_is_the_usual_one(owner, order_of, washing):
    order = order_of(services=[washing], adjusted={washing.pk: {"unit_price": Decimal("36.00"), "price_reason": "offerte O2026-0001"}})

    edited(owner, order, {f"unit_price_{washing.pk}": "", f"price_reason_{washing.pk}": ""})

    line = order.lines.get()
    assert (line.unit_price, line.price_reason, line.priced_by_hand) == (Decimal("45.00"), "lijstprijs", False)
    assert "Prijs van" in order.changes.get(is_about_price=True).text


def test_a_price_set_by_hand_follows_in_the_total_and_on_the_line(owner, order_of, washing):
    order = order_of(services=[washing])
    typed = {f"unit_price_{washing.pk}": "40,00", f"price_reason_{washing.pk}": "Afgesproken aan de telefoon"}

    shown = WorkOrderForm(order=order)
    edited(owner, order, typed)

    assert shown.totals().net == Decimal("45.00")
    assert order.lines.get().price_reason == "Afgesproken aan de telefoon"
    assert net(order) == WorkOrderForm(order=order).totals().net == Decimal("40.00")


@pytest.mark.parametrize(
    ("typed", "at", "said"),
    [
        ({"unit_price": "40,00"}, "price_reason", "Vul in waarom deze prijs geldt."),
        ({"price_reason": "Beurs"}, "unit_price", "Vul de prijs in, of haal de reden weg."),
        ({"unit_price": "-1", "price_reason": "Beurs"}, "unit_price", "Zorg ervoor"),
    ],
)
def test_a_price_by_hand_is_asked_why(owner, order_of, washing, typed, at, said):
    order = order_of(services=[washing])
    page = owner.get(reverse("workorders:edit", args=[order.pk]))

    response = form_of(page, order).choose({f"{name}_{washing.pk}": value for name, value in typed.items()}).send(owner)

    assert response.status_code == 422
    assert said in str(response.context["form"].errors[f"{at}_{washing.pk}"])
    for value in typed.values():
        assertContains(response, f'value="{value}"', status_code=422)


def test_a_package_has_no_price_beside_its_own(owner, order_of, package):
    form = WorkOrderForm(order=order_of(packages=[package]))

    assert [name for name in form.fields if name.startswith("quantity_")]
    assert not [name for name in form.fields if name.startswith("unit_price_")]
