"""The klantenkaart (login card): address, user name and, right after it was set, the password."""

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from cleanconnect import once


def login_card_response(request, membership, password="", *, back="accounts:overview"):
    """The card as the answer to the form that set the password: printed now or never, because it is kept nowhere.

    `back` is the URL name of the overview to go on to, also for who sends the form again.
    """
    context = {
        "card": membership,
        "password": password,
        "mailed": bool(membership.user.email),
        "login_url": settings.SITE_URL + "/klantlogin/",
        "back": back,
    }
    response = render(request, "accounts/login_card.html", context)
    add_never_cache_headers(response)
    return once.done(response, reverse(back))
