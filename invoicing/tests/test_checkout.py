"""Where a customer is sent to pay: to a page of Mollie, whatever the answer to our question says."""

import pytest
from django.test import Client
from pytest_django.asserts import assertContains

from invoicing.collecting import issue_invoice
from invoicing.models import OnlinePayment
from invoicing.online import mollie

from .given import finished_order
from .test_online import path_of, start


@pytest.fixture
def invoice(owner, garage):
    """Of € 121.00."""
    return issue_invoice(garage, [finished_order(garage, "100.00", by=owner.membership)], by=owner.membership)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/betalen",
        "http://www.mollie.com/checkout/1",
        "//example.org/checkout",
        "https://example.org\\@www.mollie.com/",
        "https://www.mollie.com.example.org/",
        "https://notmollie.com/",
        "javascript:alert(1)",
        "ftp://www.mollie.com/",
        "https://www.mollie.com/" + "x" * 300,
        "https://[mollie.com/",
        "/checkout",
        "",
        None,
        7,
        {"href": "https://www.mollie.com/"},
    ],
)
def test_a_customer_is_sent_to_pages_of_mollie_only(account, server, invoice, monkeypatch, address):
    made = server.create
    monkeypatch.setattr(server, "create", lambda *args: made(*args) | {"_links": {"checkout": {"href": address}}})

    response = Client().post(path_of(invoice))

    assertContains(response, "Online betalen lukt nu niet", status_code=503)
    assert not OnlinePayment.objects.exists()


PAGES_OR_NOT = [
    "https://www.mollie.com/checkout/select-method/7",
    "https://pay.example.org/7",
    "http://127.0.0.1:8000/v2/checkout/7",
    "http://www.mollie.com/checkout/select-method/7",
    "http://shop.example.org/7",
    "http://127.0.0.1:8001/v2/checkout/7",
    "https://example.org/7",
]


def test_pages_of_mollie_are_those_of_the_settings(settings):
    settings.MOLLIE_PAGES = ["https://*.mollie.com", "https://pay.example.org", "http://127.0.0.1:8000/", "http://shop.example.org"]

    assert [address for address in PAGES_OR_NOT if mollie.is_page(address)] == PAGES_OR_NOT[:3]


def test_an_address_that_was_kept_from_before_is_looked_at_too(account, server, invoice):
    online = start(invoice)
    OnlinePayment.objects.update(checkout_url="https://example.org/betalen")

    assert start(invoice) != online
