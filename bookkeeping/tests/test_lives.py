"""Whatever happens to invoices, all that adds them up says the same, to the cent: notes, payments, open items, return and exports."""

import csv
import io
from contextlib import contextmanager, suppress
from decimal import Decimal
from uuid import uuid4

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from bookkeeping import files, journal
from bookkeeping.models import BookExport
from cleanconnect.money import percent, to_cents
from invoicing import payments, ubl, vat_return
from invoicing.collecting import Discount, issue_free_invoice
from invoicing.crediting import Part, issue_credit_note, rests
from invoicing.errors import InvoicingError
from invoicing.models import Invoice, Payment
from invoicing.open_items import customers_with_open
from invoicing.refunds.paying_back import Account, book, make_batch, to_pay_back
from invoicing.tests.given import buyer, complete

XAF = {"x": files.XAF}
UBL = {"cbc": ubl.CBC, "cac": ubl.CAC}


def decimals(low, high):
    return st.decimals(min_value=Decimal(low), max_value=Decimal(high), places=2, allow_nan=False, allow_infinity=False)


@st.composite
def lines(draw):
    """A line with a discount of one kind, or one that takes off something."""
    quantity = draw(st.one_of(decimals("0.01", "9.99"), st.integers(1, 4).map(Decimal), st.just(Decimal(-1))))
    price = draw(st.one_of(decimals("0.00", "99.99"), st.just(Decimal("0.04"))))
    off, amount = draw(st.one_of(st.just(Decimal(0)), decimals("0.01", "100.00"))), Decimal(0)
    if quantity > 0 and not off and draw(st.booleans()):
        amount = draw(decimals("0.00", to_cents(quantity * price)))
    rate = draw(st.sampled_from(["21", "9", "0", "E"]))
    what = {"description": "Poetsen", "quantity": quantity, "unit_price": price, "vat_rate": rate}
    return what | {"discount": off, "discount_amount": amount, "price_includes_vat": draw(st.booleans())}


DISCOUNTS = st.one_of(
    st.just(Discount(Decimal(0))),
    decimals("0.01", "99.99").map(Discount),
    st.builds(lambda off, with_vat: Discount(Decimal(0), amount=off, includes_vat=with_vat), decimals("0.01", "20.00"), st.booleans()),
)
INVOICES = st.lists(st.tuples(st.lists(lines(), min_size=1, max_size=4), DISCOUNTS), min_size=1, max_size=2)
SHARES = st.sampled_from([Decimal("0.10"), Decimal("0.33"), Decimal("0.50"), Decimal(1)])
ACTS = st.lists(
    st.tuples(st.sampled_from(["pay", "pay_too_much", "take_back", "credit_line", "credit_amount", "credit_rest", "refund"]), SHARES),
    max_size=9,
)


class Life:
    """Invoices of one company, and all that can be done with them; what may not be done does nothing."""

    def __init__(self, by):
        self.by, self.at = by, 0
        self.customers = [buyer(kvk_number="87654321", e_invoice="peppol", number=str(number)) for number in (1, 2)]

    def issue(self, typed, discount):
        self.at += 1
        with suppress(InvoicingError), transaction.atomic():
            issue_free_invoice(self.customers[self.at % 2], typed, key=uuid4(), by=self.by, discount=discount)

    def _one(self, **where):
        """One after another, of those that there are."""
        self.at += 1
        found = list(Invoice.objects.filter(**where).order_by("pk"))
        return found[self.at % len(found)] if found else None

    def _pay(self, invoice, amount):
        if invoice and (amount := to_cents(amount)):
            payments.register(invoice, amount, on=timezone.localdate(), method="bank", by=self.by)

    def pay(self, share):
        invoice = self._one()
        self._pay(invoice, invoice.open_total * share if invoice else 0)

    def pay_too_much(self, share):
        invoice = self._one(kind="invoice")
        self._pay(invoice, abs(invoice.gross_total) + 1 + share if invoice else 0)

    def take_back(self, share):
        if payment := Payment.objects.filter(method="bank").order_by("pk").last():
            payments.remove(payment)

    def _credit(self, how):
        invoice = self._one(kind="invoice", credited_on=None)
        left = [rest for rest in rests(invoice) if rest.is_left and not rest.line.is_discount] if invoice else []
        if left:
            with suppress(InvoicingError), transaction.atomic():
                issue_credit_note(invoice, how(left), reason="Fout", release=False, by=self.by)

    def credit_line(self, share):
        self._credit(lambda left: [self._so_many(left[self.at % len(left)], share)])

    @staticmethod
    def _so_many(rest, share):
        return Part(rest.line, quantity=to_cents(rest.number * share) or None) if rest.number else Part(rest.line)

    def credit_amount(self, share):
        self._credit(lambda left: [Part(rest.line, amount=to_cents(rest.amount * share) or None) for rest in left[:2]])

    def credit_rest(self, share):
        self._credit(lambda left: [rest.line for rest in left])

    def refund(self, share):
        if owed := list(to_pay_back()):
            accounts = {invoice: Account("Klant", "NL13TEST0123456789") for invoice in owed}
            book(make_batch(accounts, pay_on=timezone.localdate(), by=self.by), by=self.by)


@contextmanager
def undone():
    """Take back what the block writes."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@given(issued=INVOICES, acts=ACTS)
@settings(max_examples=20, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_everything_adds_up(company, owner, issued, acts):
    complete(company)
    with undone():
        life = Life(owner.membership)
        for typed, discount in issued:
            life.issue(typed, discount)
        for name, share in acts:
            getattr(life, name)(share)

        found = list(Invoice.objects.order_by("pk").prefetch_related("lines"))
        for one in found:
            _is_itself(one)
            _is_paid_by_its_payments(one)
            if not one.is_credit_note:
                _is_never_credited_for_more(one)
        _open_items_add_up(found)
        _return_and_exports_agree(company, found)


def _is_itself(invoice):
    assert sum(line.net for line in invoice.lines.all()) == invoice.net_total == sum(base for _rate, base, _vat in invoice.vat_per_rate())
    assert sum(vat for _rate, _base, vat in invoice.vat_per_rate()) == invoice.vat_total
    assert invoice.net_total + invoice.vat_total == invoice.gross_total
    for rate, base, vat in invoice.vat_per_rate():
        of_rate = [line for line in invoice.lines.all() if line.vat_rate == rate]
        assert sum(line.net for line in of_rate) == base
        if all(line.price_includes_vat for line in of_rate):
            assert sum(line.amount for line in of_rate) == base + vat
        if not invoice.is_credit_note:
            assert base >= 0
            assert abs(vat - base * percent(rate) / 100) < Decimal("0.01" if any(line.price_includes_vat for line in of_rate) else "0.0051")
    assert invoice.gross_total <= 0 if invoice.is_credit_note else invoice.gross_total >= 0
    if not ubl.missing(invoice):
        _agrees(invoice, etree.fromstring(ubl.build(invoice)))


def _agrees(invoice, root):
    sign = -1 if invoice.is_credit_note else 1
    kind = "CreditNote" if invoice.is_credit_note else "Invoice"

    def amounts(path):
        return sum(Decimal(found.text) for found in root.findall(path, UBL)) * sign

    charges = Decimal(0)
    for found in root.findall("cac:AllowanceCharge", UBL):
        is_charge = found.findtext("cbc:ChargeIndicator", namespaces=UBL) == "true"
        charges += Decimal(found.findtext("cbc:Amount", namespaces=UBL)) * (1 if is_charge else -1)
    assert amounts(f"cac:{kind}Line/cbc:LineExtensionAmount") + sign * charges == invoice.net_total
    assert amounts("cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount") == invoice.net_total
    assert amounts("cac:TaxTotal/cbc:TaxAmount") == amounts("cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount") == invoice.vat_total
    assert amounts("cac:LegalMonetaryTotal/cbc:PayableAmount") == invoice.gross_total


def _is_never_credited_for_more(invoice):
    notes = list(invoice.credit_notes.all())
    for rate, charged, charged_vat in invoice.vat_per_rate():
        credited = [(base, vat) for note in notes for of_rate, base, vat in note.vat_per_rate() if of_rate == rate]
        base, vat = sum(base for base, _vat in credited), sum(vat for _base, vat in credited)
        assert -charged <= base <= 0
        assert -charged_vat <= vat <= 0
        assert vat == (-charged_vat if base == -charged else to_cents(base * percent(rate) / 100))
    if invoice.credited_on:
        assert invoice.credited_total == invoice.gross_total
    assert invoice.open_total <= 0 or all(note.open_total >= 0 for note in notes)


def _is_paid_by_its_payments(invoice):
    assert invoice.paid_total == sum(payment.amount for payment in invoice.payments.all())
    is_settled = invoice.open_total >= 0 if invoice.is_credit_note else invoice.open_total <= 0
    assert bool(invoice.paid_on) == is_settled


def _open_items_add_up(invoices):
    still_open = sum(invoice.gross_total - invoice.paid_total for invoice in invoices)
    assert (customers_with_open().aggregate(total=Sum("open"))["total"] or 0) == still_open
    assert sum(invoice.overpaid for invoice in to_pay_back()) == sum(invoice.overpaid for invoice in invoices)
    assert {invoice.pk for invoice in Invoice.objects.owed()} == {
        one.pk for one in invoices if one.open_total > 0 and not one.is_credit_note
    }
    assert (Payment.objects.filter(method="credit").aggregate(total=Sum("amount"))["total"] or 0) == 0
    assert not Invoice.objects.filter(gross_total=0, paid_on=None).exists()


def _return_and_exports_agree(company, invoices):
    today = timezone.localdate()
    net, vat = sum(invoice.net_total for invoice in invoices), sum(invoice.vat_total for invoice in invoices)
    boxes = vat_return.boxes(vat_return.Quarter.of(today))
    assert (sum(box.base for box in boxes), sum(box.vat for box in boxes)) == (net, vat)
    if not invoices:
        return
    export = BookExport(kind="xaf", first=today.replace(day=1), last=today, created_at=timezone.now())
    for kind, check in (("xaf", _is_balanced), ("csv", _adds_up), ("eboekhouden", _adds_up)):
        export.kind, file = kind, io.BytesIO()
        written, rates = files.write(export, journal.with_lines(journal.issued(today, today)), journal.codes(), company, file)
        assert {invoice.pk for invoice in written} == {invoice.pk for invoice in invoices}
        assert (sum(base for _rate, base, _vat in rates), sum(vat for _rate, _base, vat in rates)) == (net, vat)
        check(file.getvalue(), net + vat)


def _is_balanced(data, gross):
    root = etree.fromstring(data)
    debtors = Decimal(0)
    for transaction_ in root.iterfind(".//x:transaction", XAF):
        signed = [
            Decimal(line.findtext("x:amnt", namespaces=XAF)) * (1 if line.findtext("x:amntTp", namespaces=XAF) == "D" else -1)
            for line in transaction_.iterfind("x:trLine", XAF)
        ]
        assert sum(signed) == 0
    account = journal.codes().debtors
    for line in root.iterfind(".//x:trLine", XAF):
        if line.findtext("x:accID", namespaces=XAF) == account:
            amount = Decimal(line.findtext("x:amnt", namespaces=XAF))
            debtors += amount if line.findtext("x:amntTp", namespaces=XAF) == "D" else -amount
    assert debtors == gross


def _adds_up(data, gross):
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    name = next(name for name in rows[0] if name in {"Bedrag incl. btw", "BedragInclBTW"})
    assert sum(Decimal(row[name].replace(",", ".")) for row in rows) == gross
