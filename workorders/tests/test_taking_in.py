from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    CheckFactory,
    CustomerFactory,
    PriceAgreementFactory,
    ServiceFactory,
    ServiceGroupFactory,
    VehicleFactory,
    VehicleTypeFactory,
    WorkOrderFactory,
    WorkOrderLineFactory,
)
from vehicles.models import Vehicle
from workorders.models import WorkOrder

URL = "workorders:create"


@pytest.fixture
def service(company):
    return ServiceFactory(name="Kauwgom verwijderen", group__name="Interieur", price=Decimal("37.50"))


@pytest.fixture
def fields(service):
    customer = CustomerFactory(name="Dealer De Vries")
    return {
        "customer_type": customer.type_id,
        "customer": customer.pk,
        "vehicle_type": service.group.vehicle_type_id,
        "plate": "gb-001-k",
        "country": "NL",
        "vin": "",
        "make": "Volvo",
        "model": "V60",
        "services": [service.pk],
        "note": "Hond in de auto 🐕",
        "remark": "Sleutel bij de balie",
        "status": "planned",
        "planned_on": "2026-12-01",
    }


def test_an_order_is_taken_in_with_its_vehicle_and_its_prices(owner, fields):
    response = owner.post(reverse(URL), fields)

    assert response.url == reverse("workorders:overview")
    order = WorkOrder.objects.get()
    assert (order.number, order.status, str(order.planned_on)) == (1, "planned", "2026-12-01")
    assert (order.note, order.remark) == ("Hond in de auto 🐕", "Sleutel bij de balie")
    assert order.vehicle.plate_shown == "GB-001-K"
    line = order.lines.get()
    assert (line.description, line.unit_price, line.vat_rate) == ("Interieur: Kauwgom verwijderen", Decimal("37.50"), "21")
    assert order.created_by == owner.membership


def test_the_state_of_the_car_can_come_right_after(owner, fields):
    response = owner.post(reverse(URL), fields | {"daarna": "staat"})

    assert response.url == reverse("workorders:intake", args=[WorkOrder.objects.get().pk])


def test_orders_are_numbered_one_after_another(owner, fields):
    owner.post(reverse(URL), fields)
    owner.post(reverse(URL), fields)

    assert sorted(WorkOrder.objects.values_list("number", flat=True)) == [1, 2]
    assert Vehicle.objects.count() == 1


def test_a_customers_own_price_is_what_the_line_keeps(owner, fields, service):
    agreement = PriceAgreementFactory(customer_id=fields["customer"], customer=None, service=service, value=Decimal("30.00"))

    owner.post(reverse(URL), fields)
    agreement.delete()

    assert WorkOrder.objects.get().lines.get().unit_price == Decimal("30.00")


def test_the_form_says_why_a_price_is_not_the_usual_one(owner, fields, service):
    PriceAgreementFactory(customer_id=fields["customer"], customer=None, service=service, value=Decimal("30.00"))

    page = owner.post(reverse("workorders:create-choices"), fields).content.decode()

    assert "vaste prijs</small>" in page
    assert "lijstprijs" not in page


def test_the_choices_follow_what_is_chosen_and_keep_what_was_typed(owner, fields, service):
    other = CustomerFactory(name="Van een ander type")
    ServiceFactory(name="Hoort bij een ander soort")
    PriceAgreementFactory(customer_id=fields["customer"], customer=None, service=service, value=Decimal("30.00"))

    page = owner.post(reverse("workorders:create-choices"), fields)

    html = page.content.decode()
    assert page.status_code == 200
    assert "Kauwgom verwijderen" in html
    assert "Hoort bij een ander soort" not in html
    assert "Dealer De Vries" in html
    assert other.name not in html
    assert "€\xa030,00" in html
    assert "€\xa036,30" in html
    assert 'value="gb-001-k"' in html
    assert "Hond in de auto" in html
    assert not page.context["form"].errors
    assert WorkOrder.objects.count() == 0


@pytest.mark.parametrize("junk", ["", "abc", "9" * 30, "-1", "\x00"])
def test_choices_survive_any_nonsense(owner, fields, junk):
    response = owner.post(reverse("workorders:create-choices"), dict.fromkeys(fields, junk))

    assert response.status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "at"),
    [
        ("customer_type", "", "customer_type"),
        ("customer", "", "customer"),
        ("customer", "999999", "customer"),
        ("customer", "abc", "customer"),
        ("vehicle_type", "", "vehicle_type"),
        ("plate", "", "plate"),
        ("plate", "ZZ-ZZ-ZZ", "plate"),
        ("plate", "x" * 50, "plate"),
        ("plate", "<b>1</b>", "plate"),
        ("country", "XX", "country"),
        ("vin", "te kort", "vin"),
        ("vin", "I" * 17, "vin"),
        ("make", "x" * 41, "make"),
        ("model", "x" * 61, "model"),
        ("services", [], "services"),
        ("services", ["abc"], "services"),
        ("services", ["999999"], "services"),
        ("services", ["9" * 30], "services"),
        ("note", "x" * 2001, "note"),
        ("remark", "x" * 2001, "remark"),
        ("status", "completed", "status"),
        ("planned_on", "32-13-2026", "planned_on"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_what_was_typed_stays(owner, fields, field, value, at):
    response = owner.post(reverse(URL), fields | {field: value})

    form = response.context["form"]
    assert response.status_code == 422
    assert at in form.errors
    kept = "remark" if field == "note" else "note"
    assert form[kept].value() == fields[kept]
    assert WorkOrder.objects.count() == 0


def test_a_handling_of_another_vehicle_type_is_refused(owner, fields):
    other = ServiceFactory()

    response = owner.post(reverse(URL), fields | {"services": [other.pk]})

    assert "hoort niet bij" in str(response.context["form"].errors["services"])


def test_a_handling_without_a_price_is_refused_by_name(owner, fields, service):
    unpriced = ServiceFactory(name="Offerte op maat", group=service.group, price=None)

    response = owner.post(reverse(URL), fields | {"services": [service.pk, unpriced.pk]})

    assert "Offerte op maat heeft nog geen prijs" in response.content.decode()
    assert WorkOrder.objects.count() == 0


def test_rows_of_another_company_are_no_choice(owner, fields, neighbour):
    from customers.models import Customer
    from services.models import Service
    from vehicles.models import VehicleType

    foreign = {
        "customer": neighbour.rows[Customer].pk,
        "vehicle_type": neighbour.rows[VehicleType].pk,
        "services": [neighbour.rows[Service].pk],
    }
    for field, value in foreign.items():
        response = owner.post(reverse(URL), fields | {field: value})
        assert response.status_code == 422
        assert field in response.context["form"].errors
        assert "Geheime handeling" not in response.content.decode()
    assert WorkOrder.objects.count() == 0


def test_a_foreign_plate_needs_its_country(owner, fields):
    refused = owner.post(reverse(URL), fields | {"plate": "M-AB 1234"})
    taken = owner.post(reverse(URL), fields | {"plate": "M-AB 1234", "country": "D"})

    assert refused.status_code == 422
    assert taken.status_code == 302
    assert Vehicle.objects.get().plate_shown == "M-AB 1234"


@pytest.mark.parametrize("role", ["employee", "customer"])
def test_only_the_owner_takes_in(request, role):
    client = request.getfixturevalue(role)

    assert client.get(reverse(URL)).status_code == 403
    assert client.post(reverse("workorders:create-choices")).status_code == 403


def test_without_vehicle_types_the_page_says_where_to_begin(owner):
    assert "Maak eerst een soort voertuig aan" in owner.get(reverse(URL)).content.decode()
    VehicleTypeFactory()
    assert "Maak eerst een type klant aan" in owner.get(reverse(URL)).content.decode()


def test_changing_an_order_keeps_the_price_of_lines_that_stay(owner, fields, service):
    owner.post(reverse(URL), fields)
    order = WorkOrder.objects.get()
    service.price = Decimal("99.00")
    service.save()
    added = ServiceFactory(name="Dak", group=service.group, price=Decimal("10.00"))

    response = owner.post(
        reverse("workorders:edit", args=[order.pk]), fields | {"services": [service.pk, added.pk], "status": "in_progress", "note": "Nieuw"}
    )

    assert response.status_code == 302
    order.refresh_from_db()
    assert (order.status, order.note) == ("in_progress", "Nieuw")
    assert sorted(order.lines.values_list("unit_price", flat=True)) == [Decimal("10.00"), Decimal("37.50")]


def test_a_line_that_is_unticked_goes(owner, fields, service):
    other = ServiceFactory(group=service.group)
    owner.post(reverse(URL), fields | {"services": [service.pk, other.pk]})
    order = WorkOrder.objects.get()

    owner.post(reverse("workorders:edit", args=[order.pk]), fields | {"services": [other.pk]})

    assert [line.service for line in order.lines.all()] == [other]


def test_an_archived_handling_stays_on_the_order_that_has_it(owner, fields, service):
    owner.post(reverse(URL), fields)
    order = WorkOrder.objects.get()
    assert service.remove() == "archived"

    page = owner.get(reverse("workorders:edit", args=[order.pk])).content.decode()
    saved = owner.post(reverse("workorders:edit", args=[order.pk]), fields)

    assert "Kauwgom verwijderen" in page
    assert saved.status_code == 302
    assert order.lines.count() == 1


def test_a_finished_order_is_not_changed(owner, fields):
    order = WorkOrderFactory(status="completed", completed_at="2026-11-01T10:00Z", completed_by=owner.membership)

    assert owner.get(reverse("workorders:edit", args=[order.pk])).status_code == 404
    assert owner.post(reverse("workorders:edit", args=[order.pk]), fields).status_code == 404


@pytest.mark.parametrize("count", [1, 20])
def test_the_form_takes_as_many_queries_for_any_number_of_handlings(owner, fields, service, count, django_assert_num_queries):
    for _ in range(count):
        ServiceFactory(group=ServiceGroupFactory(vehicle_type=service.group.vehicle_type))

    with django_assert_num_queries(29):
        owner.post(reverse("workorders:create-choices"), fields)


def test_an_order_with_a_check_is_archived_and_a_fresh_one_deleted(owner):
    fresh, used = WorkOrderLineFactory().order, WorkOrderFactory(vehicle=VehicleFactory())
    CheckFactory(order=used, answered_by=owner.membership)

    for order in (fresh, used):
        owner.post(reverse("workorders:delete", args=[order.pk]))

    assert list(WorkOrder.objects.all()) == [used]
    assert not WorkOrder.objects.active().exists()


def test_a_promised_time_a_key_and_a_place_stay_with_the_order(owner):
    service = ServiceFactory()
    customer = CustomerFactory()
    sent = {
        "customer_type": customer.type_id,
        "customer": customer.pk,
        "vehicle_type": service.group.vehicle_type_id,
        "plate": "GB-001-B",
        "country": "NL",
        "services": [service.pk],
        "status": "planned",
        "promised_at": "2026-11-24T16:30",
        "key_number": "17",
        "place": "Vak C",
    }

    assert owner.post(reverse("workorders:create"), sent).status_code == 302

    order = WorkOrder.objects.get()
    assert timezone.localtime(order.promised_at).strftime("%Y-%m-%d %H:%M") == "2026-11-24 16:30"
    assert (order.key_number, order.place) == ("17", "Vak C")
    form = owner.get(reverse("workorders:edit", args=[order.pk])).content.decode()
    assert 'value="2026-11-24T16:30"' in form

    mistaken = owner.post(reverse("workorders:create"), sent | {"promised_at": "straks"})
    assert "Voer een geldige datum" in mistaken.content.decode()


@pytest.mark.parametrize(("minutes", "promise"), [(-1, "late"), (30, "soon"), (90, "in-time")])
def test_a_promise_is_in_time_soon_or_late_until_the_order_is_done(owner, minutes, promise):
    order = WorkOrderFactory(promised_at=timezone.now() + timedelta(minutes=minutes))
    assert order.promise == promise

    order.status = WorkOrder.Status.COMPLETED
    assert order.promise == ""
