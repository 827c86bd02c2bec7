"""The planning in somebody's own calendar, behind a secret address."""

from datetime import time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from icalendar import Calendar
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories import CustomerFactory, MembershipFactory, VehicleFactory, WorkOrderFactory, WorkOrderLineFactory
from workorders.models import Assignment, CalendarFeed


@pytest.fixture
def wim(company):
    return MembershipFactory(name="Wim Werknemer")


@pytest.fixture
def orders(wim):
    """One of Wim's with a time, one of nobody without."""
    today = timezone.localdate()
    mine = WorkOrderFactory(
        vehicle=VehicleFactory(make="Fiat", model="500"),
        customer=CustomerFactory(name="Dealer De Vries"),
        planned_on=today,
        planned_time=time(9, 30),
        planned_minutes=90,
        note="Komma, puntkomma; en\nregel",
    )
    WorkOrderLineFactory(order=mine, description="Exterieur: Wassen")
    Assignment.objects.create(order=mine, membership=wim)
    return mine, WorkOrderFactory(vehicle=VehicleFactory(), planned_on=today)


def made(owner, **fields):
    """The address of a new feed, as its page shows it once."""
    owner.post(reverse("workorders:feeds"), fields)
    page = owner.get(reverse("workorders:feeds"))
    address = page.context["address"]
    assertContains(page, address)
    assertNotContains(owner.get(reverse("workorders:feeds")), address)
    return "/" + address.partition("/agenda/")[1].strip("/") + "/" + address.partition("/agenda/")[2]


def read(address):
    response = Client().get(address)
    assert response["Content-Type"].startswith("text/calendar")
    return {str(event["summary"]): event for event in Calendar.from_ical(response.content).walk("VEVENT")}


def test_the_company_reads_everything_with_who_and_for_whom(owner, orders):
    found = read(made(owner))

    assert len(found) == 2
    event = found[f"{orders[0].vehicle} Fiat 500"]
    starts = event.decoded("dtstart")
    assert timezone.localtime(starts).strftime("%H:%M") == "09:30"
    assert (event.decoded("dtend") - starts).seconds == 90 * 60
    for text in ("Dealer De Vries", "Exterieur: Wassen", "Komma, puntkomma; en\nregel", "Wim Werknemer"):
        assert text in str(event["description"])
    assert CalendarFeed.objects.get().read_at is not None


def test_an_employee_reads_the_own_orders_without_customers(owner, wim, orders):
    found = read(made(owner, membership=wim.pk))

    assert list(found) == [f"{orders[0].vehicle} Fiat 500"]
    assert "Dealer De Vries" not in str(found[f"{orders[0].vehicle} Fiat 500"]["description"])


def test_a_wrong_link_and_a_neighbours_are_not_there(owner, company, neighbour, wim, orders):
    address = made(owner, membership=wim.pk)
    key = address.rpartition("/")[2].removesuffix(".ics")
    assert Client().get(reverse("calendar-feed", args=[neighbour.company.pk, key])).status_code == 404
    assert Client().get(reverse("calendar-feed", args=[company.pk, key + "x"])).status_code == 404
    assert Client().get(reverse("calendar-feed", args=[10**30, key])).status_code == 404


def ended(address):
    response = Client().get(address)
    assertContains(response, "Deze link werkt niet meer", status_code=410)
    assertContains(response, "Glans Autopoets", status_code=410)
    assertNotContains(response, "Wim", status_code=410)
    return True


def test_who_works_here_no_more_reads_no_more(owner, wim, orders):
    address = made(owner, membership=wim.pk)
    wim.is_active = False
    wim.save()

    assert ended(address)
    page = owner.get(reverse("workorders:feeds"))
    assertContains(page, "deze gebruiker is niet actief")
    assert owner.post(reverse("workorders:feed-renew", args=[CalendarFeed.objects.get().pk])).status_code == 404
    wim.is_active = True
    wim.save()

    assert Client().get(address).status_code == 200


def test_a_link_that_was_taken_back_is_gone(owner, wim, orders):
    address = made(owner, membership=wim.pk)
    feed = CalendarFeed.objects.get()

    response = owner.post(reverse("workorders:feed-delete", args=[feed.pk]), follow=True)

    assertContains(response, "De agendalink van Wim Werknemer werkt niet meer.")
    assert ended(address)
    assert list(response.context["feeds"]) == []
    assert owner.post(reverse("workorders:feed-renew", args=[feed.pk])).status_code == 404


def test_a_link_ends_after_a_year_and_goes_on_when_it_is_renewed(owner, wim, orders):
    address, today = made(owner, membership=wim.pk), timezone.localdate()
    feed = CalendarFeed.objects.get()
    assert feed.works_until == today + timedelta(days=365)
    assertContains(owner.get(reverse("workorders:feeds")), f"werkt tot en met {date_format(feed.works_until, 'j F Y')}")
    CalendarFeed.objects.update(works_until=today)
    assert read(address)["Laatste dag van deze agendalink"].decoded("dtstart") == today
    CalendarFeed.objects.update(works_until=today - timedelta(days=1))
    assert ended(address)
    assertContains(owner.get(reverse("workorders:feeds")), "werkt niet meer sinds")

    owner.post(reverse("workorders:feed-renew", args=[feed.pk]))

    assert list(read(address)) == [f"{orders[0].vehicle} Fiat 500"]


def test_the_key_itself_is_not_kept(owner, company):
    key = made(owner).rpartition("/")[2].removesuffix(".ics")

    assert CalendarFeed.objects.get().key_hash != key
    assert len(key) >= 40


def test_only_the_owner_gives_out_links(employee, customer):
    assert employee.get(reverse("workorders:feeds")).status_code == 403
    assert customer.get(reverse("workorders:feeds")).status_code == 403
