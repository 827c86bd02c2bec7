"""The same statement of the bank sent twelve times at once is kept once: real transactions in threads."""

import pytest

from accounts.models import Company
from cleanconnect.tenancy import context
from invoicing import bank
from invoicing.models import BankLine
from invoicing.statements import reading
from tests.factories import MembershipFactory

from .test_bank import DATA
from .test_numbering import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_statement_at_once_is_kept_once():
    company = Company.objects.found(name="Glans")
    with context.company(company.pk):
        owner = MembershipFactory(role="owner")
    kept = [None] * 12

    def send(i):
        with context.company(company.pk):
            kept[i] = bank.keep(reading.read((DATA / "mt940.sta").read_bytes()), by=owner)

    raised = all_at_once(12, send)

    assert raised == [None] * 12
    with context.company(company.pk):
        assert sorted(kept) == [0] * 11 + [BankLine.objects.count()]
        assert BankLine.objects.exists()
