"""Startgids: where a new owner begins."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from services.models import Service
from tests.factories import CustomerFactory, WorkOrderFactory

ANSWERS = {"vehicles": ["standaard"], "customers": ["zakelijk"], "work": ["interieur"]}


@pytest.fixture
def new(company):
    company.start_guide_done_at = None
    company.save()
    return company


def test_the_owner_of_a_new_company_begins_with_the_guide(owner, new):
    response = owner.get(reverse("start"))

    assert response.url == reverse("start-guide")
    assertContains(owner.get(response.url), "Welke voertuigen behandelt u?")


def test_an_employee_of_a_new_company_does_not(employee, new):
    assert employee.get(reverse("start")).url == reverse("quality:today")


def test_three_answers_load_the_start_set_and_say_what_was_made(owner, new):
    response = owner.post(reverse("start-guide"), ANSWERS, follow=True)

    assertContains(response, "Klaargezet: 1 soorten voertuigen, 10 handelingen")
    assert Service.objects.count() == 10


@pytest.mark.parametrize("question", ["vehicles", "customers", "work"])
def test_an_unanswered_question_is_said_at_the_question_and_the_ticks_stay(owner, new, question):
    response = owner.post(reverse("start-guide"), ANSWERS | {question: []})

    assert response.status_code == 422
    kept = next(name for name in ANSWERS if name != question)
    assertContains(response, f'name="{kept}" value="{ANSWERS[kept][0]}"', status_code=422)
    assert not Service.objects.exists()


@pytest.mark.parametrize("value", ["bestaat-niet", "\x00", "<b>", "1" * 5000])
def test_nonsense_is_refused(owner, new, value):
    assert owner.post(reverse("start-guide"), ANSWERS | {"work": [value]}).status_code == 422
    assert owner.get(reverse("start-guide-expected"), ANSWERS | {"work": [value]}).status_code == 200


def test_the_page_foretells_what_the_ticked_answers_give(owner, new):
    response = owner.get(reverse("start-guide-expected"), ANSWERS)

    assertContains(response, "10 handelingen met prijs en tijd")


def test_the_steps_are_ticked_by_what_is_there(owner, new):
    owner.post(reverse("start-guide"), ANSWERS)
    before = owner.get(reverse("start-guide")).content.decode().count("Gedaan")
    CustomerFactory()

    assert owner.get(reverse("start-guide")).content.decode().count("Gedaan") == before + 1


def test_the_first_order_ends_the_guide(owner, new):
    WorkOrderFactory()

    owner.get(reverse("start-guide"))

    assert owner.get(reverse("start")).url == reverse("workorders:overview")


def test_the_guide_can_be_left_and_found_again(owner, new):
    owner.post(reverse("start-guide-finish"))

    assert owner.get(reverse("start")).url == reverse("workorders:overview")
    assertContains(owner.get(reverse("workorders:overview")), reverse("start-guide"))


@pytest.mark.parametrize("role", ["employee", "customer"])
def test_only_the_owner_may(request, role, new):
    client = request.getfixturevalue(role)

    assert client.get(reverse("start-guide")).status_code == 403
    assert client.post(reverse("start-guide"), ANSWERS).status_code == 403
    assert client.post(reverse("start-guide-finish")).status_code == 403
    assertNotContains(client.get(reverse("workorders:overview")), reverse("start-guide"))
