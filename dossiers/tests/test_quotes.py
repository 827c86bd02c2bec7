"""Quotes are where one looks for them: in the search, on the customer's page and on the timeline of the order that one became."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from dossiers import forgetting
from dossiers.timeline import timeline
from quotes import offering
from quotes.models import Quote, QuoteLine
from tests.factories import CustomerFactory, CustomerTypeFactory, VehicleTypeFactory


@pytest.fixture
def quote(owner):
    customer = CustomerFactory(name="Garage Bakker", email="bakker@garage.example", type=CustomerTypeFactory(is_private=True))
    until = timezone.localdate() + timedelta(days=14)
    draft = Quote.objects.create(
        number="O-0042", customer=customer, subject="Voorjaarsbeurt", valid_until=until, created_by=owner.membership
    )
    QuoteLine.objects.create(quote=draft, description="Wassen", unit_price="50.00", vat_rate="21", charged_rate="21")
    return offering.send(draft)


def test_the_search_finds_a_quote_by_its_number_its_customer_and_its_subject(owner, employee, customer, quote):
    address = reverse("quotes:detail", args=[quote.pk])

    for text in ("o-0042", "bakker", "voorjaar"):
        assertContains(owner.get(reverse("search"), {"q": text}), address)
        for client in (employee, customer):
            assertNotContains(client.get(reverse("search"), {"q": text}), address)


def test_the_page_of_a_customer_shows_its_quotes_and_leads_to_all_of_them(owner, quote):
    other = CustomerFactory()

    page = owner.get(reverse("customer-file", args=[quote.customer_id]))

    assertContains(page, reverse("quotes:detail", args=[quote.pk]))
    everything = f"{reverse('quotes:overview')}?klant="
    assertContains(page, f"{everything}{quote.customer_id}")
    assertNotContains(owner.get(reverse("customer-file", args=[other.pk])), reverse("quotes:detail", args=[quote.pk]))
    assert list(owner.get(f"{everything}{quote.customer_id}").context["object_list"]) == [quote]
    assert list(owner.get(f"{everything}{other.pk}").context["object_list"]) == []


def test_the_timeline_of_an_order_tells_of_the_quote_it_came_from(owner, employee, quote):
    offering.answer(quote, True, name="Bram Bakker", seen=quote.sent_at.isoformat())
    vehicle = {"plate": "GB001K", "country": "NL", "vin": "", "type": VehicleTypeFactory(), "make": "", "model": ""}
    order = offering.make_order(quote, vehicle=vehicle, by=owner.membership)

    told = [event.text for event in timeline(order, owner.membership)]
    page = owner.get(reverse("workorders:detail", args=[order.pk]))

    assert "Offerte O-0042 verstuurd" in told
    assert "Offerte O-0042: akkoord" in told
    assert any(text.startswith("E-mail aan Garage Bakker") for text in told)
    assertContains(page, "Offerte O-0042: akkoord")
    assert not [event for event in timeline(order, employee.membership) if "O-0042" in event.text]


def test_who_is_forgotten_is_told_of_the_quotes_that_go(owner, quote):
    assert "Naam en tekst op 1 offerte" in forgetting.preview(quote.customer).goes

    forgetting.anonymise(quote.customer, by=owner.membership)

    assert not Quote.objects.filter(pk=quote.pk).exists()
