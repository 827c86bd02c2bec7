"""Nonsense in every form of every page: an answer in Dutch at the field, what was typed stays, and never a 500."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from cleanconnect.permissions import may
from cleanconnect.texts import clean
from tests.factories import ServiceFactory, WorkOrderFactory
from tests.isolation.test_urls import GUARDED, PLAIN, WITH_ID

NONSENSE = {
    "empty": "",
    "blank": "   ",
    "long": "x" * 10_000,
    "nul": "a\x00b",
    "emoji": "🚗🧽✨",
    "html": "<script>alert('1')</script>\"'>",
    "negative": "-1",
    "huge": "9" * 400,
    "infinite": "NaN",
    "template": "{{ 7|add:7 }} %s %(x)s {% now 'Y' %}",
    "direction": "\u202eabc\u200b",
}
PUBLIC_FORMS = ["account_signup", "account_login", "account_reset_password"]


def forms_of(response):
    context = response.context
    return [] if context is None or context.get("form") is None else [context["form"]]


def assert_told_and_kept(client, address, nonsense):
    cache.clear()  # the rate limits are not what is tried here
    for form in forms_of(client.get(address)):
        typed = {form.add_prefix(name): nonsense for name, field in form.fields.items() if not field.disabled}

        response = client.post(address, typed)

        assert response.status_code in {200, 302, 403, 422}, address
        for answered in forms_of(response):
            assert not answered.is_bound or answered.errors or response.status_code == 200
            for name in answered.errors:
                widget = answered.fields[name].widget if name in answered.fields else None
                if widget and getattr(widget, "input_type", "") not in {"password", "file", "checkbox"}:
                    cleaned = clean(nonsense)  # what nobody types is not shown again
                    assert answered[name].value() in (nonsense, [nonsense], cleaned, [cleaned], None), f"{address}: {name}"


@pytest.fixture
def something_of_everything(company):
    ServiceFactory()
    WorkOrderFactory()


@pytest.mark.parametrize("nonsense", NONSENSE.values(), ids=NONSENSE)
@pytest.mark.parametrize("name", sorted(PLAIN))
def test_a_page_survives_nonsense(owner, something_of_everything, name, nonsense):
    assert_told_and_kept(owner, reverse(name), nonsense)


@pytest.mark.parametrize("nonsense", NONSENSE.values(), ids=NONSENSE)
@pytest.mark.parametrize("name", PUBLIC_FORMS)
def test_a_public_page_survives_nonsense(db, client, name, nonsense):
    assert_told_and_kept(client, reverse(name), nonsense)


@pytest.mark.parametrize("nonsense", NONSENSE.values(), ids=NONSENSE)
def test_every_row_of_ours_survives_nonsense(owner, something_of_everything, nonsense):
    from customers.models import Customer
    from services.models import Service, ServiceGroup
    from vehicles.models import VehicleType
    from workorders.models import WorkOrder

    ours = {model.objects.first().pk for model in (Customer, Service, ServiceGroup, VehicleType, WorkOrder)}
    for name, arguments in WITH_ID:
        for pk in ours:
            assert_told_and_kept(owner, reverse(name, args=[pk] * len(arguments)), nonsense)


@pytest.mark.parametrize("nonsense", NONSENSE.values(), ids=NONSENSE)
@pytest.mark.parametrize("name", sorted(PLAIN))
def test_a_query_string_of_nonsense_is_answered(owner, something_of_everything, name, nonsense):
    names = ("zoek", "status", "datum", "klant", "type", "rol", "soort", "groep", "sorteren", "pagina", "onderdeel", "soort_voertuig")

    response = owner.get(reverse(name), dict.fromkeys(names, nonsense))

    view = next(view for found, _arguments, view in GUARDED if found == name)
    answers = {200, 302, 404} if may(owner.membership, view.permission) else {403}
    assert response.status_code in answers | {405}
