"""Mollie's API, the calls that we need (docs.mollie.com, v2). Every trouble is `cleanconnect.outside.Unavailable`."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host
from django.utils.http import url_has_allowed_host_and_scheme

from cleanconnect.money import to_cents
from cleanconnect.outside import Unavailable, get_json, post_json

EURO = "EUR"
LONGEST = 300  # of an address that we keep (`OnlinePayment.checkout_url`)
LOCAL = {"127.0.0.1", "::1", "localhost"}


def create_payment(key, *, amount, description, uid, redirect_url, webhook_url):
    """Start a payment of an amount in euro; the same `uid` gives the same payment. Returns what Mollie tells of it.

    `webhook_url` is None where Mollie cannot reach us.
    """
    body = {
        "amount": {"currency": EURO, "value": f"{to_cents(amount)}"},
        "description": description[:255],
        "redirectUrl": redirect_url,
        "metadata": {"uid": str(uid)},
    }
    if webhook_url:
        body["webhookUrl"] = webhook_url
    return post_json(f"{settings.MOLLIE_URL}payments", body, _headers(key) | {"Idempotency-Key": str(uid)})


def get_payment(key, mollie_id):
    """What Mollie tells of a payment now."""
    return get_json(f"{settings.MOLLIE_URL}payments/{mollie_id}", headers=_headers(key))


def is_key(key):
    """Whether Mollie lets this key in; raises `Unavailable` when that cannot be asked."""
    try:
        get_json(f"{settings.MOLLIE_URL}methods", headers=_headers(key))
    except Unavailable as error:
        if error.status in (401, 403):
            return False
        raise
    return True


def is_page(address):
    """Whether an address is of a page of Mollie (MOLLIE_PAGES), so that a customer may be sent there.

    It is https, but for a server on this machine. `*.` stands for all names below a domain, as in a Content-Security-Policy.
    """
    if not isinstance(address, str) or len(address) > LONGEST or not address.isprintable():
        return False
    try:
        host = urlsplit(address).netloc
    except ValueError:
        return False
    pages = [urlsplit(page) for page in settings.MOLLIE_PAGES]
    is_local = any(page.scheme == "http" and page.netloc == host and page.hostname in LOCAL for page in pages)
    is_ours = validate_host(host, [page.netloc.removeprefix("*") for page in pages])
    # The last says that a browser reads the same host in it: not in `https://elsewhere\@www.mollie.com`.
    return is_ours and url_has_allowed_host_and_scheme(address, {host}, require_https=not is_local)


def _headers(key):
    return {"Authorization": f"Bearer {key}"}
