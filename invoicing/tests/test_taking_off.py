"""What is taken off: a quantity below zero, a discount in percent or in euro; and when it was supplied."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import etree

from cleanconnect.discounts import DiscountField, Off
from invoicing import pdf, ubl
from invoicing.collecting import BelowZero, Discount, issue_free_invoice
from invoicing.models import Invoice

from .given import buyer
from .test_pdf import page_texts

FREE = reverse("invoicing:free")


def line(price, quantity=1, **fields):
    values = {"description": "Poetsen", "quantity": Decimal(quantity), "unit_price": Decimal(price), "vat_rate": "21"}
    return values | fields


def free(customer, owner, *lines, **how):
    return issue_free_invoice(customer, lines, key=uuid4(), by=owner.membership, **how)


def typed(customer, *rows, **fields):
    found = {"customer": customer.pk, "key": uuid4(), "performed_on": timezone.localdate().isoformat()}
    found |= {"regels-TOTAL_FORMS": len(rows), "regels-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        found |= {f"regels-{number}-{name}": value for name, value in row.items()}
    return found | fields


def row(price, quantity="1", **fields):
    return {"description": "Poetsen", "quantity": quantity, "unit_price": price, "vat_rate": "21"} | fields


# --- below zero --------------------------------------------------------------------------------------------------


def test_a_deposit_goes_back_on_an_invoice(owner, garage):
    response = owner.post(FREE, typed(garage, row("100"), row("25", "-2", description="Statiegeld terug")))

    invoice = Invoice.objects.get()
    assert response.url == reverse("invoicing:detail", args=[invoice.pk])
    assert (invoice.net_total, invoice.vat_total) == (Decimal("50.00"), Decimal("10.50"))
    [text] = page_texts(pdf.document(invoice))
    assert "Statiegeld terug -2 € 25,00 21% € -50,00" in text


def test_it_is_in_the_e_invoice_with_a_price_above_zero(owner, seller):
    customer = buyer(kvk_number="87654321", e_invoice="peppol")
    invoice = free(customer, owner, line("100.00"), line("25.00", "-1"), line("40.00", discount_amount=Decimal("15.00")))

    root = etree.fromstring(ubl.build(invoice))

    names = {"cbc": ubl.CBC, "cac": ubl.CAC}
    amounts = [found.text for found in root.findall("cac:InvoiceLine/cbc:LineExtensionAmount", names)]
    assert amounts == ["100.00", "-25.00", "25.00"]
    assert [found.text for found in root.findall("cac:InvoiceLine/cac:Price/cbc:PriceAmount", names)] == ["100.00", "25.00", "40.00"]
    assert [found.text for found in root.findall("cac:InvoiceLine/cac:AllowanceCharge/cbc:Amount", names)] == ["15.00"]


@pytest.mark.parametrize("rows", [[row("100"), row("101", "-1")], [row("100"), row("1", "-1", vat_rate="9")]])
def test_no_rate_of_vat_comes_below_zero(owner, garage, rows):
    response = owner.post(FREE, typed(garage, *rows))

    assert response.status_code == 422
    assert "onder nul" in str(response.context["form"].lines.forms[1].errors["quantity"])
    with pytest.raises(BelowZero):
        free(garage, owner, line("100.00"), line("100.01", "-1"))


def test_nothing_of_something_is_refused(owner, garage):
    response = owner.post(FREE, typed(garage, row("100", "0")))

    assert "Nul kan niet" in str(response.context["form"].lines.forms[0].errors["quantity"])


# --- discounts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "off"),
    [
        ("", Off()),
        ("10", Off(percent=Decimal(10))),
        ("12,5 %", Off(percent=Decimal("12.5"))),
        ("€ 25", Off(amount=Decimal(25))),
        ("7,50 euro", Off(amount=Decimal("7.50"))),
    ],
)
def test_a_discount_is_typed_in_percent_or_in_euro(text, off):
    assert DiscountField().clean(text) == off
    assert DiscountField().clean(str(off)) == off


@pytest.mark.parametrize("text", ["101", "-5", "€ -5", "veel", "1,234", "€ 100000"])
def test_any_other_discount_is_refused(owner, garage, text):
    response = owner.post(FREE, typed(garage, row("100", discount=text)))

    assert response.status_code == 422
    assert "discount" in response.context["form"].lines.forms[0].errors


def test_a_discount_in_euro_on_the_whole_goes_over_the_rates(owner, garage):
    invoice = free(garage, owner, line("100.00"), line("50.00", vat_rate="9"), discount=Discount(Decimal(0), amount=Decimal("20.00")))

    assert [(found.vat_rate, found.net) for found in invoice.lines.filter(is_discount=True)] == [
        ("21", Decimal("-13.33")),
        ("9", Decimal("-6.67")),
    ]
    assert invoice.net_total == Decimal("130.00")


@pytest.mark.parametrize(("row", "whole"), [(row("100", discount="€ 100,01"), ""), (row("100"), "€ 100,01")])
def test_a_discount_is_never_more_than_what_it_is_on(owner, garage, row, whole):
    response = owner.post(FREE, typed(garage, row, discount_on_all=whole))

    assert response.status_code == 422
    assert "hoger dan het bedrag" in response.content.decode()
    assert not Invoice.objects.exists()


# --- when --------------------------------------------------------------------------------------------------------


def test_the_day_of_supply_is_asked_printed_and_sent(owner, seller):
    customer = buyer(kvk_number="87654321", e_invoice="peppol")

    owner.post(FREE, typed(customer, row("100"), performed_on="2026-11-01", performed_until="2026-11-30", discount_on_all="10"))

    invoice = Invoice.objects.get()
    assert invoice.supplied == {"first": date(2026, 11, 1), "last": date(2026, 11, 30)}
    [text] = page_texts(pdf.document(invoice))
    assert "Geleverd op 1 november 2026 t/m 30 november 2026" in text
    period = etree.fromstring(ubl.build(invoice)).find("cac:InvoicePeriod", {"cac": ubl.CAC})
    assert [child.text for child in period] == ["2026-11-01", "2026-11-30"]


@pytest.mark.parametrize(
    "fields", [{"performed_on": ""}, {"performed_on": "0206-11-01"}, {"performed_until": "2020-01-01"}, {"performed_until": "2099-01-01"}]
)
def test_a_day_that_cannot_be_is_refused(owner, garage, fields):
    response = owner.post(FREE, typed(garage, row("100"), **fields))

    assert response.context["form"].errors.keys() == fields.keys()


# --- changing over -----------------------------------------------------------------------------------------------


def settings_of(owner):
    form = owner.get(reverse("company-edit")).context["form"]
    return {name: form[name].value() or "" for name in form.fields if name != "logo"}


def test_numbers_go_on_where_another_program_stopped(owner, garage):
    owner.post(reverse("company-edit"), settings_of(owner) | {"first_number": "457"})

    invoices = [free(garage, owner, line("10.00")) for _twice in range(2)]

    assert [invoice.number[-4:] for invoice in invoices] == ["0457", "0458"]
    assert "first_number" not in settings_of(owner)


def test_after_the_first_invoice_no_gap_can_be_made(owner, garage, seller):
    typed = settings_of(owner) | {"first_number": "457"}
    free(garage, owner, line("10.00"))
    seller.refresh_from_db()

    owner.post(reverse("company-edit"), typed)

    assert free(garage, owner, line("10.00")).number[-4:] == "0002"
