"""Every address of the product: it declares a permission, obeys the role, and knows no row of another company."""

import pytest
from django import forms
from django.urls import URLPattern, get_resolver, reverse

from cleanconnect.permissions import BOOKKEEPER, MAY, may

PUBLIC = {
    "home",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reset_password",
    "personal-link",
    "calendar-feed",
    "approval",
    "manifest",
    "service-worker",
    "tablet",
    "tablet-pin",
    "approval-photo",
    "defect-page",
    "defect-page-photo",
    "local-mail",
    "mollie-webhook",
    "pay-online",
    "quote-page",
    "mfa_authenticate",
}
READ_BY_BOOKKEEPERS = {"own_account", "prices.see", "invoicing.view", "books.see", "exports.make"}
OWN_LOGIN = {  # of someone who is logged in, with or without a company
    "start",
    "tablet-change-person",
    "own-password",
    "own-address",
    "choose-company",
    "enter-company",
    "invitations",
    "accept-invitation",
    "decline-invitation",
    "account_reauthenticate",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
}


def addresses(resolver=None, namespaces=()):
    """`(full name, names of the arguments, view)` of every address."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "view_class", pattern.callback)
            yield ":".join([*namespaces, pattern.name]), list(pattern.pattern.converters), view
        else:
            yield from addresses(pattern, [*namespaces, pattern.namespace] if pattern.namespace else namespaces)


ALL = list(addresses())
GUARDED = [(name, arguments, view) for name, arguments, view in ALL if name not in PUBLIC | OWN_LOGIN]
PLAIN = [name for name, arguments, _view in GUARDED if not arguments]
WITH_ID = [(name, arguments) for name, arguments, _view in GUARDED if arguments]


@pytest.mark.parametrize(("name", "arguments", "view"), GUARDED, ids=[name for name, *_ in GUARDED])
def test_every_view_declares_its_permission(name, arguments, view):
    assert getattr(view, "permission", None) in MAY


def test_the_exceptions_exist():
    assert {name for name, *_ in ALL} >= PUBLIC | OWN_LOGIN


@pytest.mark.parametrize("name", sorted(PLAIN))
@pytest.mark.parametrize("role", ["owner", "employee", "customer", "bookkeeper"])
def test_a_page_opens_for_the_roles_that_may_and_for_no_other(request, name, role):
    client = request.getfixturevalue(role)
    view = next(view for found, _arguments, view in GUARDED if found == name)

    status = client.get(reverse(name)).status_code

    if may(client.membership, view.permission):
        assert status in {200, 302, 404, 405}
    else:
        assert status == 403


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_a_stranger_is_sent_to_klantlogin(db, client, name):
    assert client.get(reverse(name)).url.startswith("/klantlogin/")


@pytest.mark.parametrize(("name", "arguments"), sorted(WITH_ID), ids=[name for name, _ in sorted(WITH_ID)])
def test_a_huge_number_is_not_there_either(owner, name, arguments):
    address = reverse(name, args=[10**30] * len(arguments))

    assert {owner.get(address).status_code, owner.post(address, {}).status_code} <= {404, 405}


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_an_id_of_another_company_is_refused_at_its_field(owner, neighbour, name):
    page = owner.get(reverse(name))
    form = page.context and page.context.get("form")
    choices = {
        field: value
        for field, value in getattr(form, "fields", {}).items()
        if isinstance(value, forms.ModelChoiceField | forms.ModelMultipleChoiceField)
    }
    if not choices:
        pytest.skip("no choice of rows on this page")

    foreign = {field: neighbour.rows[value.queryset.model].pk for field, value in choices.items()}
    response = owner.post(reverse(name), foreign)

    assert response.status_code == 422
    assert set(choices) <= set(response.context["form"].errors)


@pytest.mark.parametrize(("name", "arguments", "view"), GUARDED, ids=[name for name, *_ in GUARDED])
def test_a_bookkeeper_changes_nothing(bookkeeper, name, arguments, view):
    if view.permission in READ_BY_BOOKKEEPERS:
        pytest.skip("may be read, or is its own")

    assert bookkeeper.post(reverse(name, args=[1] * len(arguments)), {}).status_code == 403


def test_what_a_bookkeeper_may_is_reading_and_taking_files_along():
    assert {permission for permission, roles in MAY.items() if BOOKKEEPER in roles} == READ_BY_BOOKKEEPERS


def test_a_user_may_not_enter_a_company_without_membership(owner, neighbour):
    response = owner.post(reverse("enter-company", args=[neighbour.company.pk]))

    assert response.status_code == 404
