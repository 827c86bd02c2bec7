import pytest

from invoicing.models import PaymentAccount
from tests.mollie_server import KEY, mollie

from .given import buyer, complete


@pytest.fixture
def seller(company):
    """`company` with all that an invoice must say about it."""
    return complete(company)


@pytest.fixture
def garage(seller):
    """A customer who can be sent an invoice."""
    return buyer()


@pytest.fixture
def nudges(monkeypatch):
    """The nudges to make a PDF, as `(company id, invoice id)`, instead of the queue."""
    sent = []
    monkeypatch.setattr("invoicing.tasks.make_pdf.delay", lambda *args: sent.append(args))
    return sent


@pytest.fixture
def server(settings):
    """Mollie, reached by the product as it runs for others to see."""
    with mollie() as running:
        settings.MOLLIE_URL = running.url
        settings.MOLLIE_PAGES = [*settings.MOLLIE_PAGES, running.url.removesuffix("v2/")]
        settings.SITE_URL = "https://app.cleanconnect.example"
        yield running


@pytest.fixture
def account(owner, server):
    """The company's account with it."""
    made = PaymentAccount(set_by=owner.membership)
    made.key = KEY
    made.save()
    return made
