"""Another kind of vehicle is chosen: what was ticked goes along to the handlings of the same name, at what they cost there."""

from decimal import Decimal

import pytest
from django.urls import reverse

from tests.factories import CustomerFactory, ServiceFactory, ServiceGroupFactory, VehicleTypeFactory
from workorders.models import WorkOrder


@pytest.fixture
def types(company):
    """Small and large, with the same handlings and package, and one that only the small has."""
    types = {}
    for name, price in (("Klein", 20), ("Groot", 35)):
        types[name] = VehicleTypeFactory(name=name)
        group = ServiceGroupFactory(name="Exterieur", vehicle_type=types[name])
        ServiceFactory(name="Wassen", group=group, price=Decimal(price))
        package = ServiceGroupFactory(name="Pakket", vehicle_type=types[name], is_package=True, package_price=Decimal(price * 2))
        for part in ("Stofzuigen", "Ramen"):
            ServiceFactory(name=part, group=package, price=Decimal(price))
    ServiceFactory(name="Cabriodak", group=types["Klein"].service_groups.get(name="Exterieur"), price=Decimal(15))
    return types


def service(kind, name):
    return kind.service_groups.get(services__name=name).services.get(name=name)


def package(kind):
    return kind.service_groups.get(is_package=True)


@pytest.fixture
def fields(types):
    customer = CustomerFactory()
    return {"customer_type": customer.type_id, "customer": customer.pk, "plate": "gb-001-k", "country": "NL", "status": "planned"}


def test_ticks_and_how_much_go_along_and_what_is_not_done_there_falls_away(owner, types, fields):
    small, large = types["Klein"], types["Groot"]
    wash, roof = service(small, "Wassen"), service(small, "Cabriodak")
    typed = fields | {
        "vehicle_type": large.pk,
        "services": [wash.pk, roof.pk],
        "packages": [package(small).pk],
        f"quantity_{wash.pk}": "2",
        f"discount_{wash.pk}": "10",
        f"discount_reason_{wash.pk}": "Vaste klant",
    }

    form = owner.post(reverse("workorders:create-choices"), typed).context["form"]

    there = service(large, "Wassen")
    assert form.ticked == {str(there.pk), *(str(part.pk) for part in package(large).services.all())}
    assert form.ticked_packages == [package(large)]
    assert [form[f"{name}_{there.pk}"].value() for name in ("quantity", "discount", "discount_reason")] == ["2", "10", "Vaste klant"]
    assert form.totals().net == Decimal("133.00")


def test_what_was_ticked_for_this_kind_stays_as_it_is(owner, types, fields):
    wash = service(types["Klein"], "Wassen")

    form = owner.post(reverse("workorders:create-choices"), fields | {"vehicle_type": types["Klein"].pk, "services": [wash.pk]}).context[
        "form"
    ]

    assert form.ticked == {str(wash.pk)}


@pytest.mark.parametrize("nonsense", ["x", "9" * 40, "-1", ""])
def test_nonsense_is_no_tick(owner, types, fields, nonsense):
    typed = fields | {"vehicle_type": types["Groot"].pk, "services": [nonsense], "packages": [nonsense]}

    response = owner.post(reverse("workorders:create-choices"), typed)

    assert response.status_code == 200
    assert response.context["form"].totals().net == 0


def test_an_order_of_another_kind_of_vehicle_is_changed_with_its_work(owner, types, fields):
    small, large = types["Klein"], types["Groot"]
    owner.post(reverse("workorders:create"), fields | {"vehicle_type": small.pk, "services": [service(small, "Wassen").pk]})
    order = WorkOrder.objects.get()
    typed = fields | {"vehicle_type": large.pk, "services": [service(small, "Wassen").pk], "version": order.version}

    form = owner.post(reverse("workorders:edit-choices", args=[order.pk]), typed).context["form"]

    assert form.ticked == {str(service(large, "Wassen").pk)}
    assert form.totals().net == Decimal("35.00")
