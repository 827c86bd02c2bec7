"""Handlings that are ticked on the form of a quote and not put on it yet."""

from django.urls import reverse
from pytest_django.asserts import assertContains

from quotes.models import Quote
from tests.factories import CustomerFactory, ServiceFactory


def test_a_ticked_handling_is_told_about_and_stays_ticked(owner):
    service, customer = ServiceFactory(name="Wassen"), CustomerFactory()
    typed = {
        "customer": customer.pk,
        "subject": "Camper",
        "vehicle_type": service.group.vehicle_type_id,
        "valid_until": "2099-01-01",
        "key": "8f14e45f-ceea-467f-9a3b-1d0c5b1c7d11",
        "chosen": service.pk,
        "regels-TOTAL_FORMS": 1,
        "regels-INITIAL_FORMS": 0,
        "regels-0-description": "Vlek",
        "regels-0-quantity": "1",
        "regels-0-unit_price": "10",
        "regels-0-vat_rate": "21",
    }

    refused = owner.post(reverse("quotes:create"), typed)

    assertContains(refused, "Deze handelingen staan nog niet op de offerte", status_code=422)
    assertContains(refused, f'value="{service.pk}" checked', status_code=422)
    assertContains(refused, '<details class="mb-2" open>', status_code=422)
    assert not Quote.objects.exists()


def test_a_handling_of_nowhere_is_told_about(owner, neighbour):
    refused = owner.post(reverse("quotes:create"), {"chosen": neighbour.row("Service").pk})

    assertContains(refused, refused.context["form"].errors["chosen"][0], status_code=422, html=False)
