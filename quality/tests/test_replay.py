"""What a tablet did arrives once, with the right time and person; what came too late is kept for the owner."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from accounts.models import Tablet
from quality.checking import answer
from quality.models import Check, Defect, TabletAction
from quality.replay import actor_token
from tests.factories import ChecklistItemFactory, MembershipFactory, WorkOrderFactory
from workorders.models import WorkOrder


@pytest.fixture
def order(company):
    return WorkOrderFactory(number=9000)


@pytest.fixture
def item(company):
    return ChecklistItemFactory(name="Velgen schoon")


def send(client, url, typed=None, *, uid=None, by=None, ago=timedelta(), clock=timedelta(), live=False, token=""):
    """An action of `ago`, from a tablet whose clock is `clock` ahead."""
    now = timezone.now() + clock
    headers = {
        "X-Action": str(uid or uuid4()),
        "X-Happened-At": (now - ago).isoformat(),
        "X-Sent-At": now.isoformat(),
        "X-Actor": token or actor_token(client, by or client.membership),
    } | ({"X-Live": "yes"} if live else {})
    return client.post(url, typed or {}, headers=headers)


def on_tablet(client, tablet):
    """Have the session of this browser be one of a paired tablet."""
    session = client.session
    session["company_id"], session["tablet"], session["tablet_used_at"] = tablet.company_id, tablet.pk, timezone.now().timestamp()
    session.save()


@pytest.fixture
def tablet(company):
    return Tablet.objects.create(name="Wasbrug")


def to_answer(order, item):
    return reverse("quality:answer", args=[order.pk, item.pk])


def test_twice_sent_is_once_done(employee, order):
    uid, url = uuid4(), reverse("quality:defect-create", args=[order.pk])

    first = send(employee, url, {"description": "Deuk"}, uid=uid)
    again = send(employee, url, {"description": "Deuk"}, uid=uid)

    assert first.json()["outcome"] == again.json()["outcome"] == "done"
    assert Defect.objects.count() == TabletAction.objects.count() == 1


def test_it_has_the_time_and_the_person_of_when_it_was_done(employee, order, item, tablet):
    jan = MembershipFactory(name="Jan")
    on_tablet(employee, tablet)

    send(employee, to_answer(order, item), {"antwoord": "ja"}, by=jan, ago=timedelta(hours=3))

    check = Check.objects.get()
    assert check.answered_by == jan
    assert abs(timezone.now() - timedelta(hours=3) - check.answered_at) < timedelta(seconds=20)


def test_an_employee_does_nothing_in_the_name_of_another(employee, owner, order, item):
    told = send(employee, to_answer(order, item), {"antwoord": "ja"}, by=owner.membership).json()

    assert told["outcome"] == "kept"
    assert not Check.objects.exists()
    assert TabletAction.objects.get().by == employee.membership


def test_what_was_done_on_one_tablet_counts_from_no_other(employee, order, item, tablet):
    jan = MembershipFactory(name="Jan")
    on_tablet(employee, tablet)
    token = actor_token(employee, jan)
    on_tablet(employee, Tablet.objects.create(name="Poetshal"))

    told = send(employee, to_answer(order, item), {"antwoord": "ja"}, token=token).json()

    assert told["outcome"] == "kept"
    assert not Check.objects.exists()


@pytest.mark.parametrize(("hours", "outcome"), [(15, "done"), (17, "kept")])
def test_who_does_it_is_believed_for_one_shift_whenever_it_arrives(employee, order, item, tablet, monkeypatch, hours, outcome):
    on_tablet(employee, tablet)
    began = timezone.now() - timedelta(days=5)
    with monkeypatch.context() as then:
        then.setattr("quality.replay.timezone.now", lambda: began)
        token = actor_token(employee, employee.membership)

    ago = timedelta(days=5) - timedelta(hours=hours)
    told = send(employee, to_answer(order, item), {"antwoord": "ja"}, ago=ago, token=token).json()

    assert told["outcome"] == outcome
    assert Check.objects.exists() == (outcome == "done")


def test_a_clock_that_is_wrong_is_put_right_and_told(employee, order, item):
    told = send(employee, to_answer(order, item), {"antwoord": "ja"}, ago=timedelta(minutes=10), clock=timedelta(hours=5)).json()

    assert abs(timezone.now() - timedelta(minutes=10) - Check.objects.get().answered_at) < timedelta(seconds=20)
    assert -301 <= told["clock_off"] <= -299


def test_the_last_answer_wins_by_when_it_was_given(employee, order, item):
    answer(order, item, passed=False, by=employee.membership)

    assert send(employee, to_answer(order, item), {"antwoord": "ja"}, ago=timedelta(hours=1)).json()["outcome"] == "done"

    assert Check.objects.get().passed is False
    assert TabletAction.objects.get().typed == {"antwoord": "ja"}


def test_what_came_too_late_is_kept_for_the_owner(owner, employee, order, item):
    WorkOrder.objects.filter(pk=order.pk).update(status="cancelled")

    told = send(employee, to_answer(order, item), {"antwoord": "nee"}).json()

    assert told["outcome"] == "kept"
    assert not Check.objects.exists()
    assert "1 handeling van een tablet" in owner.get(reverse("quality:today")).content.decode()
    assert "van een tablet" not in employee.get(reverse("quality:today")).content.decode()
    page = owner.get(reverse("quality:kept")).content.decode()
    assert "Velgen schoon" in page
    assert employee.membership.name in page
    owner.post(reverse("quality:settle", args=[TabletAction.objects.get().pk]))
    assert "Velgen schoon" not in owner.get(reverse("quality:kept")).content.decode()


def test_who_still_looks_at_the_form_is_told_there(employee, order, item):
    url = reverse("quality:finish", args=[order.pk])

    assert send(employee, url, live=True).status_code == 422
    assert not TabletAction.objects.exists()
    assert send(employee, url).json()["outcome"] == "kept"


def test_start_stop_and_finish(employee, order):
    for name, typed, ago in (("work", {"start": "ja"}, 60), ("work", {"stop": "ja"}, 20), ("finish", {}, 10)):
        url = reverse(f"quality:{name}", args=[order.pk])
        assert send(employee, url, typed, ago=timedelta(minutes=ago)).json()["outcome"] == "done"

    order.refresh_from_db()
    assert [session.minutes for session in order.work_sessions.all()] == [40]
    assert abs(timezone.now() - timedelta(minutes=10) - order.completed_at) < timedelta(seconds=20)


def test_an_action_without_a_proper_id_does_nothing(employee, order, item):
    now = timezone.now().isoformat()
    headers = {"X-Action": "geen", "X-Happened-At": now, "X-Sent-At": now, "X-Actor": actor_token(employee, employee.membership)}

    assert employee.post(to_answer(order, item), {"antwoord": "ja"}, headers=headers).status_code == 400
    assert not Check.objects.exists()
    assert not TabletAction.objects.exists()


@pytest.mark.parametrize("wrong", [{"X-Actor": "vals"}, {"X-Happened-At": "gisteren"}, {"X-Sent-At": "2026-13-40T99:00"}])
def test_what_does_not_say_well_who_or_when_is_kept_for_the_owner(employee, order, item, wrong):
    now = timezone.now().isoformat()
    right = {"X-Action": str(uuid4()), "X-Happened-At": now, "X-Sent-At": now, "X-Actor": actor_token(employee, employee.membership)}

    for _again in range(2):
        told = employee.post(to_answer(order, item), {"antwoord": "ja"}, headers=right | wrong).json()

    assert told["outcome"] == "kept"
    assert not Check.objects.exists()
    kept = TabletAction.objects.get()
    assert (kept.by, kept.item, kept.typed) == (employee.membership, item, {"antwoord": "ja"})


def test_nobody_of_another_company_did_it(employee, neighbour, order, item):
    stranger = type("Stranger", (), {"company_id": employee.membership.company_id + 1, "pk": 1})

    assert send(employee, to_answer(order, item), {"antwoord": "ja"}, by=stranger).json()["outcome"] == "kept"
    assert not Check.objects.exists()


def test_what_nobody_types_is_not_kept_with_what_was_typed(employee, order):
    told = send(employee, reverse("quality:defect-create", args=[order.pk]), {"description": "Deuk\x00 links\u202e"}).json()

    assert told["outcome"] == "done"
    assert order.defects.get().description == "Deuk links"


def test_a_shift_that_is_sent_afterwards_gives_no_notices(employee, order):
    url = reverse("quality:work", args=[order.pk])

    send(employee, url, {"start": "ja"})
    assert "Begonnen met werken" not in str(list(employee.get(reverse("quality:today")).context["messages"]))
    send(employee, url, {"stop": "ja"}, live=True)
    assert "Gestopt met werken" in str(list(employee.get(reverse("quality:today")).context["messages"]))


def test_the_owner_has_it_done_after_all_once_nothing_is_in_the_way(employee, owner, order, item):
    WorkOrder.objects.update(status="cancelled")
    send(employee, to_answer(order, item), {"antwoord": "nee"}, ago=timedelta(hours=2))
    action = TabletAction.objects.get(outcome="kept")
    do = reverse("quality:do-kept", args=[action.pk])

    assertContains(owner.post(do, follow=True), "Dat kan nog niet")
    WorkOrder.objects.update(status="in_progress")
    assertContains(owner.post(do, follow=True), "Verwerkt")

    check = Check.objects.get()
    assert (check.passed, check.answered_by, check.answered_at) == (False, employee.membership, action.happened_at)
    action.refresh_from_db()
    assert action.outcome == "done"
    assert owner.post(do).status_code == 404
    assert employee.post(do).status_code == 403


def test_a_defect_with_its_photo_is_done_after_all(employee, owner, order, picture):
    uid = uuid4()
    WorkOrder.objects.update(archived_at=timezone.now())
    send(employee, reverse("quality:defect-create", args=[order.pk]), {"description": "Deuk", "photo_uid": str(uid)})
    send(employee, reverse("quality:send-photo", args=[order.pk]), {"uid": str(uid), "photo": picture()})
    WorkOrder.objects.update(archived_at=None)

    for action in TabletAction.objects.filter(outcome="kept").order_by("pk"):
        owner.post(reverse("quality:do-kept", args=[action.pk]))

    assert not TabletAction.objects.filter(outcome="kept").exists()
    assert Defect.objects.get().photo
