import pytest

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
