"""What was agreed including VAT is what the customer pays, on paper, in the e-invoice and in the books."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from invoicing import payments, pdf
from invoicing.collecting import Discount, issue_free_invoice, issue_invoice
from invoicing.crediting import Part, issue_credit_note
from invoicing.models import Invoice
from tests.factories import CustomerTypeFactory, WorkOrderLineFactory

from .given import buyer, finished_order
from .test_pdf import page_texts


@pytest.fixture
def karel(seller):
    """A private person whose prices include VAT."""
    kind = CustomerTypeFactory(name="Particulier", is_private=True, prices_include_vat=True)
    return buyer(name="Karel de Vries", type=kind)


def order_of(customer, *prices, by, with_vat=True, **more):
    order = finished_order(customer, by=by, **more)
    order.prices_include_vat = with_vat
    order.save()
    for price in prices:
        WorkOrderLineFactory(order=order, unit_price=Decimal(price), vat_rate="21")
    order.refresh_from_db()
    return order


def free_line(price, **more):
    return {
        "description": "Poetsbeurt",
        "quantity": Decimal(1),
        "unit_price": Decimal(price),
        "vat_rate": "21",
        "price_includes_vat": True,
    } | more


def text_of(invoice):
    return " ".join(" ".join(page_texts(pdf.document(invoice))).split())


@pytest.mark.parametrize("price", ["10.00", "35.00", "55.00", "80.00", "100.00", "125.00", "145.00"])
def test_a_consumers_price_that_no_price_without_vat_gives_is_charged(owner, karel, price):
    invoice = issue_invoice(karel, [order_of(karel, price, by=owner.membership)], by=owner.membership)

    assert invoice.gross_total == Decimal(price)
    assert invoice.net_total + invoice.vat_total == Decimal(price)
    shown = price.replace(".", ",")
    text = text_of(invoice)
    assert f"1 € {shown} 21% € {shown}" in text
    assert f"Te betalen € {shown}" in text
    assert "excl. btw" not in text


def test_orders_of_a_month_come_to_what_each_of_them_said(owner, karel):
    orders = [order_of(karel, "10.00", "35.00", by=owner.membership) for _ in range(7)]

    invoice = issue_invoice(karel, orders, by=owner.membership)

    assert invoice.gross_total == Decimal("315.00")
    assert invoice.net_total == sum(line.net for line in invoice.lines.all()) == Decimal("260.33")


def test_orders_from_before_and_after_a_change_stand_on_one_invoice(owner, karel):
    orders = [order_of(karel, "100.00", by=owner.membership), order_of(karel, "82.64", by=owner.membership, with_vat=False)]

    invoice = issue_invoice(karel, orders, by=owner.membership)

    assert invoice.gross_total == Decimal("100.00") + Decimal("99.99")
    assert sum(row.amount for visit in pdf._visits(invoice, True) for row in visit.rows) == invoice.gross_total
    page = owner.get(reverse("invoicing:detail", args=[invoice.pk]))
    assertContains(page, "Prijs incl. btw")
    assertContains(page, "€\xa099,99")


def test_who_charges_no_vat_asks_the_price_that_was_agreed(owner, karel):
    order = order_of(karel, "100.00", by=owner.membership)
    company = owner.membership.company
    company.is_small_business = True
    company.save()

    invoice = issue_invoice(karel, [order], by=owner.membership)

    assert (invoice.gross_total, invoice.vat_total) == (Decimal("100.00"), 0)


def test_where_vat_is_reversed_it_goes_out_of_the_price(owner, karel):
    order = order_of(karel, "121.00", by=owner.membership)
    karel.country, karel.vat_number, karel.vat_reversed = "BE", "BE0403170701", True
    karel.save()

    invoice = issue_invoice(karel, [order], by=owner.membership)

    assert (invoice.gross_total, invoice.vat_total) == (Decimal("100.00"), 0)


def test_a_discount_in_euro_is_with_vat_as_the_prices_are(owner, karel):
    off = Discount(Decimal(0), "Goede klant", Decimal("10.00"), includes_vat=True)

    invoice = issue_free_invoice(
        karel, [free_line("100.00"), free_line("10.00", vat_rate="9")], key=uuid4(), by=owner.membership, discount=off
    )

    assert invoice.gross_total == Decimal("100.00")
    assert sorted(line.amount for line in invoice.lines.filter(is_discount=True)) == [Decimal("-9.09"), Decimal("-0.91")]


def test_parts_that_are_credited_are_together_the_invoice_to_the_cent(owner, karel):
    invoice = issue_free_invoice(karel, [free_line("33.33", quantity=Decimal(3)), free_line("55.00")], key=uuid4(), by=owner.membership)
    first, second = invoice.lines.all()
    how = {"reason": "Kras bleef", "release": False, "by": owner.membership}

    notes = [issue_credit_note(invoice, [Part(first, amount=Decimal("0.01"))], **how)]
    notes += [issue_credit_note(invoice, [Part(first, amount=Decimal("33.32"))], **how)]
    notes += [issue_credit_note(invoice, [first, second], **how)]

    assert [note.gross_total for note in notes[:2]] == [Decimal("-0.01"), Decimal("-33.32")]
    for name in ("net_total", "vat_total", "gross_total"):
        assert sum(getattr(note, name) for note in notes) == -getattr(invoice, name)
    for note in notes:
        assert sum(line.net for line in note.lines.all()) == note.net_total


def test_what_can_be_credited_is_shown_with_vat(owner, karel):
    invoice = issue_free_invoice(karel, [free_line("100.00")], key=uuid4(), by=owner.membership)

    page = owner.get(reverse("invoicing:credit", args=[invoice.pk]))

    assertContains(page, "Nog te crediteren incl. btw")
    assertContains(page, "€\xa0100,00")


def test_a_hundred_euro_is_typed_charged_and_paid(owner, karel):
    """On the page of a free invoice, from the price that is typed to the payment."""
    address = reverse("invoicing:free")
    typed = {
        "customer": karel.pk,
        "performed_on": timezone.localdate().isoformat(),
        "key": str(uuid4()),
        "regels-TOTAL_FORMS": "1",
        "regels-INITIAL_FORMS": "0",
        "regels-0-description": "Poetsbeurt",
        "regels-0-quantity": "1",
        "regels-0-unit_price": "100",
        "regels-0-vat_rate": "21",
    }
    chosen = owner.post(address, typed | {"klant": "1", "prices_seen": "exclusief"})
    assertContains(chosen, "Voor deze klant gelden prijzen inclusief btw.")

    refused = owner.post(address, typed | {"prices_seen": "exclusief"})
    assertContains(refused, "Voor deze klant gelden prijzen inclusief btw.", status_code=422)
    assertContains(refused, 'value="inclusief"', status_code=422)
    assert not Invoice.objects.exists()

    owner.post(address, typed | {"prices_seen": "inclusief"})
    invoice = Invoice.objects.get()
    assert invoice.gross_total == Decimal("100.00")
    payments.register(invoice, Decimal("100.00"), on=timezone.localdate(), method="card", by=owner.membership)
    invoice.refresh_from_db()
    assert invoice.status == "paid"
