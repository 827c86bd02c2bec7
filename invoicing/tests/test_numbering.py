"""Numbers without gaps or doubles when several press the button at once: real transactions in threads."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Company
from cleanconnect.tenancy import context
from invoicing.collecting import AlreadyInvoiced, issue_invoice
from invoicing.models import Invoice
from tests.factories import MembershipFactory

from .given import buyer, complete, finished_order

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(nudges):
    """`(company, owner, customer)`, committed."""
    company = Company.objects.found(name="Glans")
    with context.company(company.pk):
        complete(company)
        return company, MembershipFactory(role="owner"), buyer()


def all_at_once(count, act):
    """Run `act(i)` in `count` threads that start together; returns what each raised, or None."""
    together, raised = Barrier(count), [None] * count

    def run(i):
        together.wait()
        try:
            act(i)
        except Exception as error:
            raised[i] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=[i]) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def numbers(company):
    with context.company(company.pk):
        return sorted(Invoice.objects.values_list("number", flat=True))


def test_issued_at_the_same_moment_the_numbers_have_no_gap(shop):
    company, owner, customer = shop
    with context.company(company.pk):
        orders = [finished_order(customer, "25.00", by=owner) for _ in range(16)]

    def issue(i):
        with context.company(company.pk):
            issue_invoice(customer, [orders[i]], by=owner)
            if i == 0:
                raise InterruptedError  # after it drew a number: taken back

    raised = all_at_once(16, issue)

    assert [type(error) for error in raised] == [InterruptedError] + [type(None)] * 15
    assert numbers(company) == [f"{timezone.localdate().year}-{n:04}" for n in range(1, 16)]


def test_a_double_click_issues_one_invoice(shop):
    company, owner, customer = shop
    with context.company(company.pk):
        orders = [finished_order(customer, "25.00", by=owner) for _ in range(3)]

    def issue(i):
        with context.company(company.pk):
            issue_invoice(customer, orders if i else orders[::-1], by=owner)

    raised = all_at_once(3, issue)

    assert sorted(type(error).__name__ for error in raised) == [AlreadyInvoiced.__name__] * 2 + ["NoneType"]
    assert numbers(company) == [f"{timezone.localdate().year}-0001"]
