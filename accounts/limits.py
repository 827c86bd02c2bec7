"""How often something may be tried (`ACCOUNT_RATE_LIMITS` in the settings), counted by django-allauth in PostgreSQL.

Guesses are counted by name *and* address of the network, so that no stranger keeps somebody out by guessing for him.
"""

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from django.db import connection


def from_here(request, name):
    """The key of a name that is tried from the address of this request."""
    return f"{ratelimit.truncate_ip(get_adapter().get_client_ip(request))}:{name.lower()}"


def consume(request, action, *, key=None):
    """Count one try, of a GET too; returns it (`rollback()` takes it back), or None when there were too many."""
    return ratelimit.consume(request, app="allauth.account", action=action, key=key, limit_get=True)


class ForgedLinks:
    """Middleware: who tries addresses of pages without a login (they name a `company_pk`) waits after too many wrong ones.

    A link that is right opens all the same, from the same address too: only what was not found is counted.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        is_link = request.resolver_match and "company_pk" in request.resolver_match.kwargs
        if is_link and response.status_code == 404 and not consume(request, "forged_link"):
            return ratelimit.respond_429(request)
        return response


def forget_expired():
    """Take away the counts that no longer matter; Django's table cache only does so when it is full."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM limits WHERE expires < now()")
