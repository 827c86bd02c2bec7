"""Offertes: made from handlings and own lines, sent as a link, answered once, and then a work order at the prices offered."""

from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from cleanconnect.tenancy import context
from notifications.models import Message
from quotes import offering
from quotes.models import Quote
from tests.factories import CustomerFactory, PriceAgreementFactory, ServiceFactory, VehicleTypeFactory
from workorders.models import WorkOrder


@pytest.fixture
def polish(company):
    return ServiceFactory(name="Polijsten", price=Decimal("100.00"), minutes=90, group__name="Exterieur")


def line(description="Wassen", unit_price="50,00", **fields):
    return {"description": description, "quantity": "1", "unit_price": unit_price, "vat_rate": "21", "discount": ""} | fields


def typed(buyer, *lines, **fields):
    rows = {f"regels-{number}-{name}": value for number, row in enumerate(lines) for name, value in row.items()}
    return (
        {
            "customer": buyer.pk,
            "subject": "Voorjaarsbeurt",
            "valid_until": (timezone.localdate() + timedelta(days=14)).isoformat(),
            "key": uuid4(),
            "regels-TOTAL_FORMS": len(lines),
            "regels-INITIAL_FORMS": 0,
        }
        | rows
        | fields
    )


def made(owner, customer, *lines, **fields):
    response = owner.post(reverse("quotes:create"), typed(customer, *(lines or [line()]), **fields))
    assert response.status_code == 302, response.context["form"].errors
    return Quote.objects.latest("pk")


def sent(owner, customer, *lines, **fields):
    quote = made(owner, customer, *lines, **fields)
    owner.post(reverse("quotes:send", args=[quote.pk]))
    quote.refresh_from_db()
    return quote


def path_of(quote):
    return urlsplit(quote.link).path


def answer(quote, yes=True, **fields):
    """The customer, not logged in, presses a button on the page as it was opened."""
    return Client().post(path_of(quote), {"antwoord": "ja" if yes else "nee", "seen": quote.sent_at.isoformat()} | fields)


def test_a_quote_is_made_sent_and_accepted(owner, garage):
    quote = sent(owner, garage, line(discount="10"), line("Leer voeden", "20,00", quantity="2", vat_rate="9"))

    assert quote.number == f"O{timezone.localdate().year}-0001"
    assert quote.totals() == {"net": Decimal("85.00"), "vat": Decimal("13.05"), "gross": Decimal("98.05")}
    mail = Message.objects.get(event="quote")
    assert (mail.to_email, quote.link in mail.text) == ("bakker@garage.example", True)
    page = Client().get(path_of(quote))
    for said in ("Voorjaarsbeurt", "Leer voeden", "€\xa098,05", "Akkoord"):
        assertContains(page, said)

    assertContains(answer(quote), "U gaf akkoord")

    quote.refresh_from_db()
    assert (quote.state, quote.answered_name, quote.answered_ip) == ("accepted", "Garage Bakker", "127.0.0.1")
    assertContains(answer(quote, yes=False), "al beantwoord", status_code=409)


def test_it_is_refused_with_a_reason(owner, garage):
    quote = sent(owner, garage)

    answer(quote, yes=False, reason="Te duur")

    told = Message.objects.get(event="quote_answer")
    assert (told.to_email, told.subject) == ("info@glans.example", f"Offerte {quote.number}: afgewezen")
    for said in ("Garage Bakker", "Te duur", reverse("quotes:detail", args=[quote.pk])):
        assert said in told.text
    assertContains(owner.get(reverse("quotes:detail", args=[quote.pk])), "Te duur")
    assertContains(answer(quote), "al beantwoord", status_code=409)


def test_who_made_it_is_told_or_the_company_and_nobody_of_an_answer_at_the_office(owner, garage):
    by_link, by_phone = sent(owner, garage), sent(owner, garage)
    owner.post(reverse("quotes:note-answer", args=[by_phone.pk]), {"antwoord": "ja"})
    assert not Message.objects.filter(event="quote_answer").exists()
    owner.membership.user.email = "olga@glans.example"
    owner.membership.user.save()

    answer(by_link)

    told = Message.objects.get(event="quote_answer")
    assert (told.to_email, told.subject) == ("olga@glans.example", f"Offerte {by_link.number}: akkoord")


def test_handlings_come_as_lines_at_the_price_of_this_customer(owner, garage, polish):
    PriceAgreementFactory(customer=garage, service=polish, value=Decimal("80.00"))
    fields = typed(garage, line(), vehicle_type=polish.group.vehicle_type_id, chosen=[polish.pk], toevoegen="1")

    page = owner.post(reverse("quotes:create"), fields)

    assertContains(page, 'value="Exterieur: Polijsten"')
    assertContains(page, 'value="80,00"')
    assertContains(page, 'value="Wassen"')
    assert not Quote.objects.exists()


def test_an_accepted_quote_becomes_an_order_at_the_prices_offered(owner, garage, polish):
    of_polish = line("Exterieur: Polijsten", "75,00", service=polish.pk, discount="10")
    again = line("Exterieur: Polijsten", "70,00", service=polish.pk)
    quote = sent(owner, garage, of_polish, again, line(vat_rate="9"), plate="GB-001-B", vehicle_type=polish.group.vehicle_type_id)
    answer(quote)

    response = owner.post(reverse("quotes:make-order", args=[quote.pk]), {"plate": "GB-001-B", "type": polish.group.vehicle_type_id})

    order = WorkOrder.objects.get()
    assert response.url == reverse("workorders:detail", args=[order.pk])
    found = [(row.service, row.description, row.unit_price, row.discount, row.vat_rate, row.minutes) for row in order.lines.all()]
    assert found == [
        (polish, "Exterieur: Polijsten", Decimal("75.00"), Decimal("10.00"), "21", 90),
        (None, "Exterieur: Polijsten", Decimal("70.00"), Decimal("0.00"), "21", 90),
        (None, "Wassen", Decimal("50.00"), Decimal("0.00"), "9", None),
    ]
    assert (order.customer, order.vehicle.plate, order.status) == (garage, "GB001B", "planned")
    assert {row.price_reason for row in order.lines.all()} == {f"offerte {quote.number}"}
    again = owner.post(reverse("quotes:make-order", args=[quote.pk]), {"plate": "GB-001-B"}, follow=True)
    assertContains(again, "kan geen werkorder worden gemaakt")
    assert WorkOrder.objects.count() == 1


@pytest.mark.parametrize(("plate", "said"), [("", "verplicht"), ("GB-001-B", "Kies het soort voertuig"), ("!!", "kenteken")])
def test_what_is_wrong_with_the_vehicle_is_said_at_its_field(owner, garage, plate, said):
    quote = sent(owner, garage)
    answer(quote)

    response = owner.post(reverse("quotes:make-order", args=[quote.pk]), {"plate": plate})

    assertContains(response, said, status_code=422)
    assert not WorkOrder.objects.exists()


def test_what_was_changed_after_it_was_opened_is_not_accepted(owner, garage):
    quote = sent(owner, garage)
    seen = quote.sent_at.isoformat()
    owner.post(reverse("quotes:take-back", args=[quote.pk]))
    assertContains(Client().get(path_of(quote)), "We passen deze offerte aan", status_code=410)
    assertContains(answer(quote), "Deze link werkt niet meer", status_code=410)
    owner.post(reverse("quotes:edit", args=[quote.pk]), typed(garage, line(unit_price="500,00")))
    owner.post(reverse("quotes:send", args=[quote.pk]))

    assert answer(quote).status_code == 410
    quote.refresh_from_db()
    assertContains(answer(quote, seen=seen), "intussen gewijzigd", status_code=409)

    quote.refresh_from_db()
    assert (quote.state, Message.objects.filter(event="quote").count()) == ("sent", 2)


def test_what_was_sent_does_not_change(owner, garage):
    quote = sent(owner, garage)

    for name in ("edit", "remove"):
        assert owner.get(reverse(f"quotes:{name}", args=[quote.pk])).status_code == 404
    with pytest.raises(offering.NotAllowed):
        offering.save(quote, [], by=owner.membership)


def test_after_its_last_day_only_the_office_may_note_an_answer(owner, garage):
    quote = sent(owner, garage)
    Quote.objects.update(valid_until=timezone.localdate() - timedelta(days=1))

    assertContains(Client().get(path_of(quote)), "verlopen")
    assertContains(answer(quote), "verlopen", status_code=409)
    assertContains(owner.get(reverse("quotes:overview"), {"status": "expired"}), quote.number)
    assertNotContains(owner.get(reverse("quotes:overview"), {"status": "sent"}), quote.number)
    owner.post(reverse("quotes:note-answer", args=[quote.pk]), {"antwoord": "ja"})

    quote.refresh_from_db()
    assert (quote.state, quote.answered_by) == ("accepted", owner.membership)


def test_the_rates_are_those_that_this_customer_is_charged(owner, garage, company):
    company.is_small_business = True
    company.save()
    quote = sent(owner, garage)
    assert quote.totals()["vat"] == 0
    assertContains(Client().get(path_of(quote)), "vrijgesteld")


def test_without_an_address_the_owner_gives_the_link(owner):
    quote = sent(owner, CustomerFactory(name="Zonder mail", email=""))

    assertContains(owner.get(reverse("quotes:detail", args=[quote.pk])), "Geef zelf deze link")
    assert not Message.objects.exists()


def test_pressing_twice_makes_one(owner, garage):
    fields = typed(garage, line())

    for _press in range(2):
        owner.post(reverse("quotes:create"), fields)

    assert Quote.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"subject": ""}, "verplicht"),
        ({"valid_until": "2020-01-01"}, "al geweest"),
        ({"valid_until": "morgen"}, "geldige datum"),
        ({"customer": "999999"}, "Selecteer"),
        ({"regels-0-description": "", "regels-0-unit_price": ""}, "ten minste één regel"),
        ({"regels-0-unit_price": "veel"}, "getal"),
        ({"regels-0-quantity": "-1"}, "onder nul"),
        ({"regels-0-discount": "101"}, "100"),
        ({"regels-0-service": "999999"}, "regels-0-service"),
        ({"regels-TOTAL_FORMS": "x"}, "ManagementForm"),
    ],
)
def test_bad_input_is_said_and_loses_nothing(owner, garage, fields, said):
    response = owner.post(reverse("quotes:create"), typed(garage, line(), text="Zoals besproken", **fields))

    assertContains(response, said, status_code=422)
    assertContains(response, "Zoals besproken", status_code=422)
    assert not Quote.objects.exists()


def test_a_draft_is_removed_after_asking(owner, garage):
    quote = made(owner, garage)
    assertContains(owner.get(reverse("quotes:remove", args=[quote.pk])), "Dit concept verdwijnt")

    owner.post(reverse("quotes:remove", args=[quote.pk]))

    assert not Quote.objects.exists()


def test_a_draft_is_edited(owner, garage):
    quote = made(owner, garage, line(), line("Ramen", "10,00"))
    assertContains(owner.get(reverse("quotes:edit", args=[quote.pk])), 'value="Ramen"')

    owner.post(reverse("quotes:edit", args=[quote.pk]), typed(garage, line("Velgen", "30,00")))

    assert [row.description for row in quote.lines.all()] == ["Velgen"]


def test_a_link_opens_its_quote_only(owner, garage, neighbour):
    quote = sent(owner, garage)
    right = path_of(quote)

    for wrong in (
        right.replace(f"/{quote.pk}/", f"/{quote.pk + 1}/"),
        right.replace(f"/{quote.company_id}/", f"/{neighbour.company.pk}/"),
        right[:-3] + "xx/",
        right.replace(f"/{quote.pk}/", f"/{10**30}/"),
    ):
        assert Client().get(wrong).status_code == 404
    with context.company(neighbour.company.pk):
        assert not Quote.objects.filter(pk=quote.pk).exists()


def test_a_draft_shows_nothing_to_who_guesses_its_link(owner, garage):
    quote = made(owner, garage)

    assertNotContains(Client().get(path_of(quote)), "Wassen", status_code=410)


def test_the_list_is_filtered_and_sorted(owner, garage):
    made(owner, garage, subject="Voorjaar")
    made(owner, garage, line(unit_price="5,00"), subject="Najaar")

    page = owner.get(reverse("quotes:overview"), {"zoek": "najaar"})
    assertContains(page, "Najaar")
    assertNotContains(page, "Voorjaar")
    by_amount = owner.get(reverse("quotes:overview"), {"sorteren": "bedrag"}).context["object_list"]
    assert [quote.subject for quote in by_amount] == ["Najaar", "Voorjaar"]


def test_handlings_show_once_a_type_is_chosen(owner, garage, polish):
    other = VehicleTypeFactory()

    page = owner.post(reverse("quotes:create"), typed(garage, vehicle_type=polish.group.vehicle_type_id, toevoegen="1"))
    assertContains(page, "Exterieur: Polijsten")

    page = owner.post(reverse("quotes:create"), typed(garage, vehicle_type=other.pk, toevoegen="1"))
    assertNotContains(page, "Exterieur: Polijsten")


def test_a_private_person_sees_prices_with_vat_that_add_up(owner, garage):
    garage.type.is_private = True
    garage.type.save()
    quote = sent(owner, garage, *[line(f"Deel {number}", "0,33") for number in range(3)])

    assert sum(amount for _line, _price, amount, _off in quote.rows()) == quote.totals()["gross"] == Decimal("1.20")
    page = Client().get(path_of(quote))
    assertContains(page, "Prijs incl. btw")
    assertNotContains(page, "excl. btw")


def test_a_trade_in_and_a_discount_in_euro_are_offered_and_become_work(owner, garage):
    trade_in = line("Inruil", "30,00", quantity="-1")
    quote = made(owner, garage, line(discount="€ 10"), trade_in)

    assert quote.totals()["net"] == Decimal("10.00")
    assertContains(owner.get(reverse("quotes:edit", args=[quote.pk])), 'value="€ 10,00"')
    [_wash, taken] = offering._order_lines(quote)
    assert (taken["quantity"], taken["unit_price"]) == (-1, Decimal("30.00"))


def test_an_offer_below_nothing_is_refused(owner, garage):
    response = owner.post(reverse("quotes:create"), typed(garage, line(), line("Inruil", "50,01", quantity="-1")))

    assertContains(response, "onder nul", status_code=422)
    assert not Quote.objects.exists()
