"""The error pages, in the house's style and with a way back; and the headers of every page."""

from django.urls import reverse


def test_an_unknown_address_is_a_page_with_a_way_back(owner):
    response = owner.get("/bestaat-niet/")

    assert response.status_code == 404
    assert "Niet gevonden" in response.content.decode()
    assert reverse("start") in response.content.decode()


def test_a_stranger_gets_the_same_page(db, client):
    response = client.get("/bestaat-niet/")

    assert response.status_code == 404
    assert "Niet gevonden" in response.content.decode()


def test_a_page_of_another_role_says_so_and_keeps_the_menu(employee):
    response = employee.get(reverse("accounts:overview"))

    assert response.status_code == 403
    assert "Geen toegang" in response.content.decode()
    assert "Werkorders" in response.content.decode()


def test_an_error_is_a_dutch_page(owner, monkeypatch):
    owner.raise_request_exception = False
    monkeypatch.setattr("accounts.views.MembershipFilter.qs", property(lambda self: 1 / 0))

    response = owner.get(reverse("accounts:overview"))

    assert response.status_code == 500
    assert "Er ging iets mis" in response.content.decode()


def test_nothing_from_elsewhere_and_nothing_inline_may_run(db, client):
    policy = client.get("/")["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
