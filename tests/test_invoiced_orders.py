"""What is invoiced stays as it was."""

import pytest
from django.urls import reverse

from invoicing.collecting import issue_invoice
from invoicing.tests.given import buyer, complete, finished_order


@pytest.fixture(autouse=True)
def no_queue(monkeypatch):
    monkeypatch.setattr("invoicing.tasks.make_pdf.delay", lambda *args: None)


def test_an_invoiced_order_is_not_opened_again(owner):
    complete(owner.membership.company)
    order = finished_order(buyer(), "25.00", by=owner.membership)
    issue_invoice(order.customer, [order], by=owner.membership)

    response = owner.post(reverse("quality:reopen", args=[order.pk]), follow=True)

    page = response.content.decode()
    order.refresh_from_db()
    assert order.status == "completed"
    assert "is al gefactureerd en kan daarom niet worden heropend" in page
    assert reverse("quality:reopen", args=[order.pk]) not in page
    assert reverse("quality:reopen", args=[order.pk]) not in owner.get(reverse("workorders:detail", args=[order.pk])).content.decode()
