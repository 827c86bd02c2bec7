"""Mollie's API, the calls that we need (docs.mollie.com, v2). Every trouble is `cleanconnect.outside.Unavailable`."""

from django.conf import settings

from cleanconnect.money import to_cents
from cleanconnect.outside import Unavailable, get_json, post_json

EURO = "EUR"


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


def _headers(key):
    return {"Authorization": f"Bearer {key}"}
