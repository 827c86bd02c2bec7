"""Who takes the car signs for it, where the company asks that."""

import base64
import io

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories import VehicleFactory, WorkOrderFactory
from workorders.models import Handover


def drawn():
    made = io.BytesIO()
    Image.new("RGB", (90, 30), "white").save(made, "PNG")
    return "data:image/png;base64," + base64.b64encode(made.getvalue()).decode()


@pytest.fixture
def order(employee):
    return WorkOrderFactory(
        vehicle=VehicleFactory(),
        status="completed",
        completed_at=timezone.now(),
        completed_by=employee.membership,
        created_by=employee.membership,
    )


def sign(client, order, **typed):
    return client.post(reverse("workorders:hand-over", args=[order.pk]), {"name": "Karel", "signature": drawn(), **typed})


def test_the_button_leads_to_the_signature_where_it_is_asked(employee, company, order):
    page, address = reverse("workorders:detail", args=[order.pk]), reverse("workorders:hand-over", args=[order.pk])
    assertNotContains(employee.get(page), address)

    company.asks_signature = True
    company.save()

    assertContains(employee.get(page), address)


def test_a_signature_delivers_the_car_and_is_kept(employee, customer, order):
    assert sign(employee, order).status_code == 302

    order.refresh_from_db()
    signed = Handover.objects.get()
    assert (order.status, signed.name, signed.handed_over_by) == ("delivered", "Karel", employee.membership)
    assert employee.get(reverse("workorders:signature", args=[signed.pk]))["Content-Type"] == "image/webp"
    assertContains(employee.get(reverse("workorders:detail", args=[order.pk])), "Getekend door Karel")
    assert customer.get(reverse("workorders:signature", args=[signed.pk])).status_code == 404


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"name": ""}, "Dit veld is verplicht"),
        ({"signature": ""}, "Laat eerst tekenen"),
        ({"signature": "data:image/png;base64,@@"}, "niet goed aangekomen"),
        ({"signature": "x"}, "niet goed aangekomen"),
        ({"signature": "data:image/png;base64," + "A" * 400_001}, "niet goed aangekomen"),
        ({"signature": "data:image/png;base64,PGh0bWw+"}, "geen foto die we kunnen lezen"),
    ],
)
def test_what_is_no_signature_is_told_and_delivers_nothing(employee, order, typed, message):
    assertContains(sign(employee, order, **typed), message, status_code=422)
    order.refresh_from_db()
    assert order.status == "completed"
    assert not Handover.objects.exists()


def test_a_car_that_is_away_already_keeps_no_second_file(employee, order):
    sign(employee, order)
    before = default_storage.listdir(f"{order.company_id}/handtekeningen")[1]

    sign(employee, order)

    assert Handover.objects.count() == len(default_storage.listdir(f"{order.company_id}/handtekeningen")[1])
    assert len(before) == 1


def test_only_a_finished_car_is_handed_over(employee, customer):
    order = WorkOrderFactory(vehicle=VehicleFactory())

    assert employee.get(reverse("workorders:hand-over", args=[order.pk])).status_code == 404
    assert customer.get(reverse("workorders:hand-over", args=[order.pk])).status_code == 403
