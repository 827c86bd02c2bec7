"""Whatever the lines are and in whatever order things happen: totals agree to the cent, and every line is invoiced exactly once."""

from contextlib import contextmanager, suppress
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from cleanconnect.money import Amount, percent, to_cents, vat_breakdown
from invoicing import pdf, runs, ubl, vat_return
from invoicing.collecting import Discount, issue_free_invoice, issue_invoice
from invoicing.crediting import issue_credit_note
from invoicing.errors import InvoicingError
from invoicing.models import Invoice, InvoiceLine, InvoiceRun
from workorders.models import WorkOrderLine

from .given import buyer, finished_order

NAMES = {"cbc": ubl.CBC, "cac": ubl.CAC}
# The rows of an example are taken back before the next, so that the fixtures may stay.
steady = {"derandomize": True, "deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


def decimals(low, high):
    return st.decimals(min_value=Decimal(low), max_value=Decimal(high), places=2, allow_nan=False, allow_infinity=False)


LINE = st.fixed_dictionaries(
    {
        "description": st.just("Poetsen"),
        "quantity": decimals("0.01", "99.99"),
        "unit_price": decimals("0.00", "999.99"),
        "discount": st.one_of(st.just(Decimal(0)), decimals("0.01", "100.00")),
        "vat_rate": st.sampled_from(["21", "9", "0", "E"]),
        "price_includes_vat": st.booleans(),
    }
)


@contextmanager
def undone():
    """Take back what the block writes."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@given(lines=st.lists(st.tuples(decimals("-9999.99", "9999.99"), st.sampled_from(["21", "9", "0", "E", "AE"])), max_size=12))
@settings(max_examples=200, **steady)
def test_vat_is_rounded_once_for_each_rate_whatever_the_lines(lines):
    found = vat_breakdown(Amount(*line) for line in lines)

    assert sum(base for _rate, base, _vat in found) == sum(net for net, _rate in lines)
    for rate, base, vat in found:
        assert vat == to_cents(base * percent(rate) / 100)
        assert abs(vat - base * percent(rate) / 100) <= Decimal("0.005")
    assert len({rate for rate, _base, _vat in found}) == len(found)


@pytest.mark.parametrize("is_private", [False, True], ids=["trade", "private"])
@given(lines=st.lists(LINE, min_size=1, max_size=6), off=st.one_of(st.just(Decimal(0)), decimals("0.01", "99.99")))
@settings(max_examples=40, **steady)
def test_invoice_paper_e_invoice_return_and_credit_note_agree(seller, owner, is_private, lines, off):
    with undone():
        customer = buyer(kvk_number="87654321", e_invoice="peppol")
        customer.type.is_private = is_private
        customer.type.save()
        try:
            invoice = issue_free_invoice(customer, lines, key=uuid4(), by=owner.membership, discount=Discount(off))
        except InvoicingError:
            assert not any(to_cents(line["quantity"] * line["unit_price"] * (100 - line["discount"]) / 100) for line in lines)
            return
        kept = list(invoice.lines.all())

        assert invoice.net_total == sum(line.net for line in kept)
        assert invoice.vat_total == sum(vat for _rate, _base, vat in vat_breakdown(line.charged for line in kept))
        assert invoice.gross_total == invoice.net_total + invoice.vat_total
        with_vat = invoice.is_shown_including_vat
        assert with_vat == (is_private or any(line["price_includes_vat"] for line in lines))
        paper = [row.amount for visit in pdf._visits(invoice, with_vat) for row in visit.rows]
        assert sum(paper) == (invoice.gross_total if with_vat else invoice.net_total)
        if all(line["price_includes_vat"] for line in lines):
            assert invoice.gross_total == sum(line.amount for line in kept)
        boxes = vat_return.boxes(vat_return.Quarter.of(timezone.localdate()))
        assert sum(box.base for box in boxes) == invoice.net_total
        assert sum(box.vat for box in boxes) == invoice.vat_total
        if not is_private:
            _agrees(invoice, ubl.build(invoice, None))
        note = issue_credit_note(invoice, invoice.lines.all(), reason="Alles", release=False, by=owner.membership)
        assert (note.net_total, note.vat_total, note.gross_total) == (-invoice.net_total, -invoice.vat_total, -invoice.gross_total)


def _agrees(invoice, data):
    root = etree.fromstring(data)

    def amounts(path):
        return [Decimal(found.text) for found in root.findall(path, NAMES)]

    lines, off = amounts("cac:InvoiceLine/cbc:LineExtensionAmount"), amounts("cac:AllowanceCharge/cbc:Amount")
    assert sum(lines) - sum(off) == invoice.net_total
    for line, amount in zip(root.findall("cac:InvoiceLine", NAMES), lines, strict=True):
        quantity, price, less = (
            sum(Decimal(found.text) for found in line.findall(path, NAMES))
            for path in ("cbc:InvoicedQuantity", "cac:Price/cbc:PriceAmount", "cac:AllowanceCharge/cbc:Amount")
        )
        assert to_cents(quantity * price) - less == amount
    assert amounts("cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount") == [invoice.net_total]
    assert amounts("cac:TaxTotal/cbc:TaxAmount") == [invoice.vat_total]
    assert sum(amounts("cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount")) == invoice.vat_total
    assert amounts("cac:LegalMonetaryTotal/cbc:PayableAmount") == [invoice.gross_total]


class Killed(Exception):
    """The worker or the server died here: what was not committed is gone."""


@contextmanager
def killed():
    with suppress(Killed), transaction.atomic():
        yield
        raise Killed


class Office:
    """Two customers with finished orders, and all that can be done with them, wrong moments included."""

    def __init__(self, by):
        self.by = by
        self.orders = [
            finished_order(customer, *prices, by=by)
            for customer in (buyer(invoice_per="all"), buyer(name="Lease BV"))
            for prices in (["10.05", "0.05"], ["33.33"], ["99.99", "12.50", "7.77"])
        ]

    def invoice(self, at):
        with suppress(InvoicingError):
            order = self.orders[at % len(self.orders)]
            issue_invoice(order.customer, [order], by=self.by)

    def invoice_and_die(self, at):
        with killed():
            self.invoice(at)

    def credit(self, at):
        standing = list(Invoice.objects.filter(kind=Invoice.Kind.INVOICE, credited_on=None).order_by("pk"))
        if standing:
            invoice = standing[at % len(standing)]
            issue_credit_note(invoice, invoice.lines.uncredited(), reason="Fout", release=True, by=self.by)

    def credit_one_line(self, at):
        standing = list(InvoiceLine.objects.filter(invoice__kind="invoice", credit_of=None).uncredited().order_by("pk"))
        if standing:
            line = standing[at % len(standing)]
            issue_credit_note(line.invoice, [line], reason="Fout", release=True, by=self.by)

    def begin_run(self, at):
        run = runs.propose(timezone.localdate(), by=self.by)
        if run:
            runs.confirm(run, seen=sum(proposal.net_now for proposal in runs.with_orders(run)))
            for _step in range(at % 3):
                runs.issue_next(run.pk)

    def die_in_a_run(self, at):
        for run in InvoiceRun.objects.filter(state="running"):
            with killed():
                runs.issue_next(run.pk)

    def finish(self):
        """All that is waiting is invoiced; what was credited in part is credited wholly, and then invoiced anew."""
        for run in InvoiceRun.objects.filter(state="running"):
            while runs.issue_next(run.pk):
                pass
        self._invoice_all()
        for order in self.orders:
            assert sum(line.net for line in order.invoice_lines.all()) <= sum(line.amount for line in order.lines.all())
        in_part = Invoice.objects.filter(kind=Invoice.Kind.INVOICE, credited_on=None, credit_notes__isnull=False).distinct()
        for invoice in in_part:
            issue_credit_note(invoice, invoice.lines.uncredited(), reason="Fout", release=True, by=self.by)
        self._invoice_all()

    def _invoice_all(self):
        for at in range(len(self.orders)):
            self.invoice(at)


ACTS = ["invoice", "invoice_and_die", "credit", "credit_one_line", "begin_run", "die_in_a_run"]


@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 5)), max_size=8))
@settings(max_examples=25, **steady)
def test_in_any_order_and_killed_anywhere_every_line_is_invoiced_once(seller, owner, nudges, acts):
    with undone():
        office = Office(owner.membership)
        for name, at in acts:
            getattr(office, name)(at)
        office.finish()

        charged = list(InvoiceLine.objects.charging().values_list("order_line", flat=True))
        assert sorted(charged) == sorted(WorkOrderLine.objects.values_list("pk", flat=True))
        issued = list(Invoice.objects.order_by("pk"))
        assert [invoice.number[-4:] for invoice in issued] == [f"{number:04}" for number in range(1, len(issued) + 1)]
        assert [invoice.issued_on for invoice in issued] == sorted(invoice.issued_on for invoice in issued)
        assert sum(invoice.net_total for invoice in issued) == sum(line.amount for line in WorkOrderLine.objects.all())
