"""*Niet aangekomen*: after a bad night everything goes out again at once, or what is chosen of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from cleanconnect.jobs import Job
from cleanconnect.tenancy import context
from notifications.models import Message
from tests.factories import MembershipFactory

PAGE = reverse("notifications:resend-several")


def failed(number=1, **fields):
    return Message.objects.create(
        **{"event": "invoice", "event_key": number, "to_name": "Karel", "to_email": "karel@example.nl", "subject": f"Factuur {number}"}
        | {"text": "Dag", "state": "failed", "last_error": "450 later"}
        | fields
    )


def states():
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def test_all_that_failed_goes_out_again_with_one_press(owner):
    rows = [failed(number) for number in range(30)]
    page = owner.get(PAGE)
    ticked = [message.pk for message in page.context["rows"] if message.is_ticked]

    response = owner.post(PAGE, {"messages": ticked}, follow=True)

    assertContains(response, "30 berichten worden opnieuw verzonden")
    assert states() == ["queued"] * 30
    assert Job.objects.count() == len(rows)


def test_only_what_is_chosen_goes(owner):
    rows = [failed(number) for number in range(3)]

    owner.post(PAGE, {"messages": [rows[1].pk]})

    assert states() == ["failed", "queued", "failed"]


def test_an_address_that_refused_is_there_but_not_ticked(owner):
    failed(state="bounced", last_error="Dit e-mailadres bestaat niet.")

    page = owner.get(PAGE)

    assertContains(page, "Dit e-mailadres bestaat niet.")
    assert [message.is_ticked for message in page.context["rows"]] == [False]


def test_choosing_nothing_says_so_and_keeps_the_list(owner):
    failed()

    assertContains(owner.post(PAGE, {}), "Vink eerst aan", status_code=422)
    assert states() == ["failed"]


def test_a_second_press_sends_nothing_twice(owner):
    message = failed()
    owner.post(PAGE, {"messages": [message.pk]})

    again = owner.post(PAGE, {"messages": [message.pk]})

    assertContains(again, "wacht al op verzending", status_code=422)
    assert Job.objects.count() == 1


def test_more_than_five_hundred_are_done_in_goes(owner, monkeypatch):
    monkeypatch.setattr("notifications.views.MOST_AT_ONCE", 2)
    for number in range(3):
        failed(number)

    page = owner.get(PAGE)

    assertContains(page, "Dit zijn de nieuwste 2.")
    assert [message.subject for message in page.context["rows"]] == ["Factuur 2", "Factuur 1"]


def test_what_opens_a_login_of_another_address_is_not_offered(owner):
    user = MembershipFactory(user__email="nieuw@example.nl").user
    failed(event="invitation", user=user, to_email="oud@example.nl", text=f"Klik {Message.PERSONAL_LINK}")

    assertContains(owner.get(PAGE), "Alles is aangekomen")


def test_old_ones_and_those_that_arrived_are_not_in_it(owner):
    failed(1, created_at=timezone.now() - timedelta(days=31))
    failed(2, state="sent")

    assertContains(owner.get(PAGE), "Alles is aangekomen")
    assertNotContains(owner.get(reverse("notifications:overview")), "Niet al uw berichten zijn aangekomen")


def test_the_overview_leads_to_it(owner):
    failed()

    assertContains(owner.get(reverse("notifications:overview")), PAGE)


def test_who_may_not_see_messages_resends_none_and_a_neighbours_are_out_of_reach(owner, employee, neighbour):
    message = failed()
    theirs = neighbour.rows[Message]

    assert employee.post(PAGE, {"messages": [message.pk]}).status_code == 403
    assert owner.post(PAGE, {"messages": [theirs.pk]}).status_code == 422
    with context.company(neighbour.company.pk):
        assert Message.objects.get().state == "queued"


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_as_many_queries_for_any_number(owner, count, django_assert_num_queries):
    for number in range(count):
        failed(number)
    owner.get(PAGE)

    with django_assert_num_queries(9):
        owner.get(PAGE)
