"""Btw in all its kinds, a discount on the whole invoice, an invoice without an order, and its preview."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from accounts.models import Counter
from cleanconnect.validators import EU
from customers.models import Country, Customer
from invoicing import pdf
from invoicing.collecting import Discount, issue_free_invoice, issue_invoice
from invoicing.crediting import issue_credit_note
from invoicing.models import Invoice
from tests.factories import WorkOrderLineFactory

from .given import buyer, finished_order
from .test_pdf import page_texts

FREE = reverse("invoicing:free")


def typed(customer, *lines, key=None, **fields):
    """What the form for an invoice without an order sends: lines are (description, quantity, price, rate)."""
    names = ("description", "quantity", "unit_price", "vat_rate")
    rows = {f"regels-{number}-{name}": value for number, line in enumerate(lines) for name, value in zip(names, line, strict=True)}
    heads = {"regels-TOTAL_FORMS": len(lines), "regels-INITIAL_FORMS": 0, "customer": customer.pk, "key": key or uuid4()}
    heads["performed_on"] = timezone.localdate().isoformat()
    return heads | rows | fields


# --- kinds -------------------------------------------------------------------------------------------------------


def test_several_rates_stand_on_one_invoice(owner, garage):
    order = finished_order(garage, "100.00", by=owner.membership)
    for rate, price in (("9", "10.00"), ("0", "5.00"), ("E", "2.00")):
        WorkOrderLineFactory(order=order, unit_price=Decimal(price), vat_rate=rate)

    invoice = issue_invoice(garage, [order], by=owner.membership)
    [text] = page_texts(pdf.document(invoice))

    assert (invoice.net_total, invoice.vat_total) == (Decimal("117.00"), Decimal("21.90"))
    for said in (
        "Btw 21% over € 100,00",
        "Btw 9% over € 10,00",
        "Btw 0% over € 5,00",
        "Btw vrijgesteld, over € 2,00",
        "Vrijgesteld van btw.",
    ):
        assert said in text


def test_a_small_business_charges_no_vat_and_says_why(owner, garage, seller):
    seller.is_small_business = True
    seller.save()

    invoice = issue_invoice(garage, [finished_order(garage, "100.00", by=owner.membership)], by=owner.membership)
    seller.is_small_business = False
    seller.save()
    [text] = page_texts(pdf.document(Invoice.objects.get()))

    assert (invoice.vat_total, invoice.gross_total) == (0, Decimal("100.00"))
    assert "kleineondernemersregeling" in text


def test_to_a_business_abroad_vat_is_reversed(owner, seller):
    abroad = buyer(country="DE", vat_number="DE136695976", vat_reversed=True)

    invoice = issue_invoice(abroad, [finished_order(abroad, "100.00", by=owner.membership)], by=owner.membership)
    [text] = page_texts(pdf.document(invoice))

    assert invoice.vat_per_rate() == [("AE", Decimal("100.00"), Decimal("0.00"))]
    for said in ("Btw verlegd naar de afnemer", "DE136695976", "NL123456782B90", "Duitsland"):
        assert said in text


def test_a_small_business_reverses_vat_abroad_too(owner, seller):
    seller.is_small_business = True
    seller.save()
    abroad = buyer(country="IE", vat_number="IE6433435F", vat_reversed=True)

    invoice = issue_invoice(abroad, [finished_order(abroad, "100.00", by=owner.membership)], by=owner.membership)
    [text] = page_texts(pdf.document(invoice))

    assert [rate for rate, _base, _vat in invoice.vat_per_rate()] == ["AE"]
    assert "Btw verlegd naar de afnemer" in text
    assert "kleineondernemersregeling" not in text


@pytest.mark.parametrize("fields", [{"country": "GB", "vat_number": "DE136695976"}, {"country": "DE", "vat_number": "DE123"}])
def test_what_was_agreed_wrongly_before_is_charged(owner, seller, fields):
    customer = buyer(vat_reversed=True, **fields)

    invoice = issue_invoice(customer, [finished_order(customer, "100.00", by=owner.membership)], by=owner.membership)

    assert invoice.vat_total == Decimal("21.00")


def test_all_of_the_union_can_be_chosen():
    assert set(Country.values) > EU
    assert len(EU) == 27


VAT_NUMBERS = {
    **{"AT": "ATU13585627", "BE": "BE0403170701", "BG": "BG175074752", "CY": "CY10259033P", "CZ": "CZ25123891", "DE": "DE136695976"},
    **{"DK": "DK13585628", "EE": "EE100931558", "ES": "ES54362315K", "FI": "FI20774740", "FR": "FR40303265045", "GR": "EL094259216"},
    **{"HR": "HR33392005961", "HU": "HU12892312", "IE": "IE6433435F", "IT": "IT00743110157", "LT": "LT119511515", "LU": "LU15027442"},
    **{"LV": "LV40003521600", "MT": "MT11679112", "PL": "PL8567346215", "PT": "PT501964843", "RO": "RO18547290", "SE": "SE123456789701"},
    **{"SI": "SI50223054", "SK": "SK2022749619"},
}


@pytest.mark.parametrize("country", sorted(EU - {"NL"}))
def test_to_each_of_the_others_vat_can_be_reversed(country):
    customer = Customer(country=country, vat_number=VAT_NUMBERS[country], vat_reversed=True)

    assert customer.has_vat_reversed
    assert not Customer(country="CH", vat_number=VAT_NUMBERS[country], vat_reversed=True).has_vat_reversed


@pytest.mark.parametrize(
    "fields",
    [
        {"country": "NL", "vat_number": "DE136695976"},
        {"country": "DE", "vat_number": ""},
        {"country": "GB", "vat_number": "DE136695976"},
        {"country": "CH", "vat_number": "DE136695976"},
    ],
)
def test_only_then(owner, fields):
    customer = buyer()
    address = reverse("customers:edit", args=[customer.pk])
    form = owner.get(address).context["form"]
    now = {name: form[name].value() for name in form.fields if form[name].value() is not None}

    response = owner.post(address, now | {"vat_reversed": "on"} | fields)

    assert response.status_code == 422
    assertContains(response, "Verleggen kan alleen", status_code=422)


def test_the_btw_id_is_of_the_country_of_the_customer(owner):
    customer = buyer()
    address = reverse("customers:edit", args=[customer.pk])
    form = owner.get(address).context["form"]
    now = {name: form[name].value() for name in form.fields if form[name].value() is not None}

    response = owner.post(address, now | {"vat_reversed": "on", "country": "BE", "vat_number": "DE136695976"})

    assertContains(response, "geen btw-id van het land", status_code=422)


def test_a_private_customer_reads_prices_with_vat_that_add_up(owner, seller):
    person = buyer(name="Jan Jansen")
    person.type.is_private = True
    person.type.save()
    order = finished_order(person, *["0.04"] * 3, "10.02", by=owner.membership)

    invoice = issue_invoice(person, [order], by=owner.membership)
    rows = [row for visit in pdf._visits(invoice, including=True) for row in visit.rows]
    [text] = page_texts(pdf.document(invoice))

    assert sum(row.amount for row in rows) == invoice.gross_total == Decimal("12.27")
    assert "Bedrag incl. btw" in text
    assert "Btw 21% over € 10,14" in text
    assert "Totaal excl. btw" not in text


# --- discount ----------------------------------------------------------------------------------------------------


def test_a_discount_is_taken_off_each_rate(owner, garage):
    orders = [
        finished_order(garage, "100.00", "33.33", by=owner.membership),
        finished_order(garage, "10.00", by=owner.membership, vat_rate="9"),
    ]

    invoice = issue_invoice(garage, orders, by=owner.membership, discount=Discount(Decimal("7.5")))

    assert invoice.vat_per_rate() == [("21", Decimal("123.33"), Decimal("25.90")), ("9", Decimal("9.25"), Decimal("0.83"))]
    assert [line.net for line in invoice.lines.filter(is_discount=True)] == [Decimal("-10.00"), Decimal("-0.75")]
    assert page_texts(pdf.document(invoice))[0].count("Korting 7,50%") == 2


def test_with_its_discount_an_invoice_is_credited_to_nil(owner, garage):
    order = finished_order(garage, "33.33", by=owner.membership)
    invoice = issue_invoice(garage, [order], by=owner.membership, discount=Discount(Decimal(10), "Trouwe klant"))

    note = issue_credit_note(invoice, invoice.lines.all(), reason="x", release=True, by=owner.membership)

    assert note.gross_total == -invoice.gross_total


def test_the_owner_types_a_discount_beside_the_orders(owner, garage):
    order = finished_order(garage, "100.00", by=owner.membership)
    address = reverse("invoicing:choose-orders", args=[garage.pk])

    wrong = owner.post(address, {"orders": [order.pk], "discount_on_all": "101"})
    owner.post(address, {"orders": [order.pk], "discount_on_all": "2,5", "why": "Trouwe klant"})

    assert wrong.status_code == 422
    assert Invoice.objects.get().net_total == Decimal("97.50")
    assert Invoice.objects.get().lines.get(is_discount=True).description == "Trouwe klant"


# --- without an order --------------------------------------------------------------------------------------------


def test_an_invoice_without_an_order_is_typed_and_issued(owner, garage):
    lines = [("Shampoo 5 l", "2", "12,50", "21"), ("", "", "", "21"), ("Koffie", "1", "3,00", "9")]

    response = owner.post(FREE, typed(garage, *lines, reference="PO 77"))

    invoice = Invoice.objects.get()
    assertRedirects(response, reverse("invoicing:detail", args=[invoice.pk]))
    assert (invoice.net_total, invoice.vat_total, invoice.reference) == (Decimal("28.00"), Decimal("5.52"), "PO 77")
    [text] = page_texts(pdf.document(invoice))
    for said in ("Shampoo 5 l", "Koffie", "PO 77", "Te betalen"):
        assert said in text
    assertContains(owner.get(response.url), "Shampoo 5 l")


def test_pressing_twice_makes_one(owner, garage):
    form = typed(garage, ("Shampoo", "1", "10,00", "21"))

    first, second = owner.post(FREE, form), owner.post(FREE, form)

    assert first.url == second.url
    assert Invoice.objects.count() == 1


def test_a_line_more_keeps_what_was_typed(owner, garage):
    page = owner.post(FREE, typed(garage, ("Shampoo", "x", "veel", "9"), reference="PO 77", meer="1"))

    assert page.status_code == 200
    assertContains(page, 'value="Shampoo"')
    assertContains(page, 'value="veel"')
    assertContains(page, 'value="PO 77"')
    assert len(page.context["form"].lines.forms) == 2


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([("", "", "", "21")], "Vul ten minste één regel in"),
        ([("Shampoo", "1", "", "21")], "Vul de prijs in"),
        ([("", "1", "10,00", "21")], "Vul in wat dit is"),
        ([("Shampoo", "1", "0", "21")], "Er is niets te factureren"),
    ],
)
def test_what_is_missing_is_said_at_its_line(owner, garage, lines, said):
    response = owner.post(FREE, typed(garage, *lines))

    assertContains(response, said, status_code=422)
    assert not Invoice.objects.exists()


def test_nonsense_in_the_rows_is_no_500(owner, garage):
    for count in ("", "x", "-1", "99999999999999999999", "²"):
        for more in ({}, {"meer": "1"}):
            assert owner.post(FREE, typed(garage) | {"regels-TOTAL_FORMS": count} | more).status_code in (200, 422)


def test_a_preview_issues_nothing(owner, garage, nudges, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = owner.post(FREE, typed(garage, ("Shampoo", "1", "10,00", "21"), voorbeeld="1"))

    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    assert not Invoice.objects.exists()
    assert not Counter.objects.filter(series__startswith="invoice").exists()
    assert nudges == []


def test_credited_without_an_order_nothing_is_released(owner, garage):
    line = {"description": "Shampoo", "quantity": Decimal(1), "unit_price": Decimal(10), "vat_rate": "21"}
    invoice = issue_free_invoice(garage, [line], key=uuid4(), by=owner.membership)

    note = issue_credit_note(invoice, invoice.lines.all(), reason="x", release=True, by=owner.membership)

    assert note.gross_total == Decimal("-12.10")
