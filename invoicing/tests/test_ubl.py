"""E-invoices: valid by the official rules where those are on this machine, exact to the cent always, and named what is missing."""

import importlib.util
import sys
from base64 import b64decode
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from lxml import etree
from pytest_django.asserts import assertContains, assertNotContains

from cleanconnect.validators import EAS, validate_e_address
from customers.models import Customer
from invoicing import tasks, ubl
from invoicing.collecting import Discount, issue_free_invoice, issue_invoice
from invoicing.crediting import Part, issue_credit_note
from invoicing.models import Invoice
from notifications.models import Message
from tests.factories import WorkOrderLineFactory

from .given import buyer, finished_order

RULES = Path(__file__).parents[3] / "shared" / "standards" / "ubl"
needs_rules = pytest.mark.skipif(not RULES.exists(), reason="the official rules of UBL are not on this machine")
NAMES = {"cbc": ubl.CBC, "cac": ubl.CAC}


@pytest.fixture(scope="session")
def found_by_the_rules():
    """The official XSD and Schematron: of bytes, all that they find."""
    sys.path.insert(0, str(RULES))
    try:
        spec = importlib.util.spec_from_file_location("validate_ubl", RULES / "validate_ubl.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(RULES))
    return module.validate


@pytest.fixture(scope="session")
def validate(found_by_the_rules):
    """`validate(bytes)` gives what is wrong, as the ids of rules."""
    return lambda data: [(found.rule, found.message) for found in found_by_the_rules(data) if found.is_error]


@pytest.fixture(scope="session")
def warnings_of(found_by_the_rules):
    """`warnings_of(bytes)` gives what is allowed but not wanted."""
    return lambda data: [(found.rule, found.message) for found in found_by_the_rules(data) if not found.is_error]


@pytest.fixture
def business(seller):
    return business_of()


def business_of(**fields):
    return buyer(**({"kvk_number": "87654321", "e_invoice": "peppol"} | fields))


def issue(customer, owner, *prices, rate="21", **how):
    order = finished_order(customer, *(prices or ["100.00", "33.33"]), by=owner.membership, vat_rate=rate)
    return issue_invoice(customer, [order], by=owner.membership, **how)


def texts(data, path):
    return [element.text for element in etree.fromstring(data).findall(path, NAMES)]


# --- ten different ones ------------------------------------------------------------------------------------------


def plain(owner):
    return issue(business_of(), owner)


def of_three_rates(owner):
    customer = business_of()
    order = finished_order(customer, "37.50", "12.50", by=owner.membership)
    for rate, price in (("9", "10.05"), ("0", "5.00"), ("E", "2.00")):
        WorkOrderLineFactory(order=order, unit_price=Decimal(price), vat_rate=rate)
    return issue_invoice(customer, [order], by=owner.membership)


def with_discounts(owner):
    customer = business_of()
    order = finished_order(customer, "33.33", by=owner.membership)
    WorkOrderLineFactory(order=order, quantity=Decimal("2.50"), unit_price=Decimal("19.99"), discount=Decimal("12.50"))
    return issue_invoice(customer, [order], by=owner.membership, discount=Discount(Decimal("7.5"), "Trouwe klant"))


def reversed_abroad(owner):
    customer = business_of(
        country="BE",
        vat_number="BE0403170701",
        vat_reversed=True,
        kvk_number="",
        e_address="0208:0403170701",
        postcode="2000",
        city="Antwerpen",
    )
    return issue(customer, owner)


def of_a_small_business(owner):
    company = owner.membership.company
    company.is_small_business = True
    company.save()
    return issue(business_of(), owner)


def to_a_public_body(owner):
    return issue(business_of(kvk_number="", oin_number="00000001234567890000"), owner)


def as_nlcius(owner):
    return issue(business_of(e_invoice="nlcius"), owner)


def without_an_order(owner):
    lines = [{"description": "Shampoo <5 l> & meer", "quantity": Decimal("0.50"), "unit_price": Decimal("12.35"), "vat_rate": "21"}]
    return issue_free_invoice(business_of(), lines, key=uuid4(), reference="PO 77", by=owner.membership)


def with_vat_in_its_prices(owner):
    """€ 10, 35 and 55: no price without VAT of two decimals comes to those."""
    typed = [("10.00", "1", "21", "0"), ("35.00", "3", "21", "0"), ("99.99", "1", "21", "12.50"), ("55.00", "1.50", "9", "0")]
    lines = [
        {
            "description": f"Voor een particulier {number}",
            "quantity": Decimal(quantity),
            "unit_price": Decimal(price),
            "vat_rate": rate,
            "discount": Decimal(discount),
            "price_includes_vat": True,
        }
        for number, (price, quantity, rate, discount) in enumerate(typed)
    ]
    return issue_free_invoice(business_of(), lines, key=uuid4(), by=owner.membership, discount=Discount(Decimal("7.5"), "Trouwe klant"))


def a_credit_note_of_a_part_with_vat_in_its_prices(owner):
    invoice = with_vat_in_its_prices(owner)
    parts = [Part(invoice.lines.all()[0], amount=Decimal("3.33")), Part(invoice.lines.all()[1], quantity=Decimal(2))]
    return issue_credit_note(invoice, parts, reason="Kras bleef", release=False, by=owner.membership)


def a_credit_note(owner):
    invoice = with_discounts(owner)
    return issue_credit_note(invoice, invoice.lines.all(), reason="Dubbel gefactureerd", release=False, by=owner.membership)


def a_credit_note_of_one_line_as_nlcius(owner):
    invoice = as_nlcius(owner)
    return issue_credit_note(invoice, [invoice.lines.first()], reason="Kras bleef", release=False, by=owner.membership)


def collected(owner, **fields):
    company, customer = owner.membership.company, business_of(**fields)
    company.creditor_id = "NL79ZZZ999999990000"
    company.save()
    given = {"reference": "M-1", "holder": "Garage Bakker", "iban": "NL13TEST0123456789", "signed_on": "2026-01-05"}
    customer.mandates.create(created_by=owner.membership, **given)
    return issue(customer, owner)


def collected_as_nlcius(owner):
    return collected(owner, e_invoice="nlcius")


KINDS = (
    collected,
    collected_as_nlcius,
    plain,
    of_three_rates,
    with_discounts,
    reversed_abroad,
    of_a_small_business,
    to_a_public_body,
    as_nlcius,
    without_an_order,
    with_vat_in_its_prices,
    a_credit_note_of_a_part_with_vat_in_its_prices,
    a_credit_note,
    a_credit_note_of_one_line_as_nlcius,
)
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


@needs_rules
@pytest.mark.parametrize("kind", [kind for kind in KINDS if "nlcius" in kind.__name__] + [to_a_public_body], ids=lambda kind: kind.__name__)
def test_nlcius_warns_of_nothing(owner, seller, warnings_of, kind):
    assert warnings_of(ubl.build(kind(owner))) == []


@needs_rules
def test_the_schemes_of_an_electronic_address_are_those_of_the_rules():
    rules = (RULES / "en16931" / "EN16931-UBL-validation-preprocessed.sch").read_text()
    listed = rules[rules.index('id="BR-CL-25"') :].partition("contains('")[2].partition("'")[0]

    assert {scheme for scheme in listed.split() if scheme.isdigit()} == EAS


@pytest.mark.parametrize(
    "address", ["0106:12345678", "0190:00000001002306608000", "0208:0403170701", "9944:NL123456782B90", "9930:DE136695976"]
)
def test_an_electronic_address_that_can_be(address):
    validate_e_address(address)


@pytest.mark.parametrize(
    "address", ["9999:123", "0106:1", "0190:123", "0208:0403170700", "9944:NL123456789B90", "0088:1234567890123", "9930:DE1", "ABCD:1", ""]
)
def test_an_electronic_address_that_no_rule_accepts(address):
    with pytest.raises(ValidationError):
        validate_e_address(address)


@needs_rules
@every_kind
def test_it_is_valid(owner, seller, validate, kind):
    invoice = kind(owner)

    assert ubl.missing(invoice) == []
    assert validate(ubl.build(invoice)) == []


@every_kind
def test_its_amounts_are_those_of_the_invoice(owner, seller, kind):
    invoice = kind(owner)
    sign = -1 if invoice.is_credit_note else 1

    data = ubl.build(invoice)

    totals = {name: Decimal(texts(data, f"cac:LegalMonetaryTotal/cbc:{name}")[0]) for name in ("TaxExclusiveAmount", "PayableAmount")}
    assert totals == {"TaxExclusiveAmount": sign * invoice.net_total, "PayableAmount": sign * invoice.gross_total}
    assert [Decimal(text) for text in texts(data, "cac:TaxTotal/cbc:TaxAmount")] == [sign * invoice.vat_total]
    lines = [
        Decimal(text) for text in texts(data, f"cac:{'CreditNote' if invoice.is_credit_note else 'Invoice'}Line/cbc:LineExtensionAmount")
    ]
    discounts = [Decimal(text) for text in texts(data, "cac:AllowanceCharge/cbc:Amount")]
    assert sum(lines) - sum(discounts) == sign * invoice.net_total


# --- one broken copy for each rule that matters ------------------------------------------------------------------

BREAKS = {
    "BR-02": ("cbc:ID", None),
    "BR-06": ("cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName", None),
    "BR-CO-10": ("cac:LegalMonetaryTotal/cbc:LineExtensionAmount", "1.00"),
    "BR-CO-13": ("cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount", "1.00"),
    "BR-CO-15": ("cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount", "1.00"),
    "BR-CO-14": ("cac:TaxTotal/cbc:TaxAmount", "1.00"),
    "BR-S-05": ("cac:InvoiceLine/cac:Item/cac:ClassifiedTaxCategory/cbc:Percent", "0"),
    "PEPPOL-EN16931-R003": ("cbc:BuyerReference", None),
    "PEPPOL-EN16931-R010": ("cac:AccountingCustomerParty/cac:Party/cbc:EndpointID", None),
    "PEPPOL-EN16931-R020": ("cac:AccountingSupplierParty/cac:Party/cbc:EndpointID", None),
    "NL-R-002": ("cac:AccountingSupplierParty/cac:Party/cac:PostalAddress/cbc:StreetName", None),
    "NL-R-003": ("cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity/cbc:CompanyID", {"schemeID": "0002"}),
    "NL-R-004": ("cac:AccountingCustomerParty/cac:Party/cac:PostalAddress/cbc:PostalZone", None),
    "NL-R-007": ("cac:PaymentMeans", None),
    "NL-R-008": ("cac:PaymentMeans/cbc:PaymentMeansCode", "10"),
}


@needs_rules
@pytest.mark.parametrize("rule", BREAKS)
def test_a_broken_copy_is_noticed(owner, seller, validate, rule):
    path, change = BREAKS[rule]
    root = etree.fromstring(ubl.build(plain(owner)))
    element = root.find(path, NAMES)
    if change is None:
        element.getparent().remove(element)
    elif isinstance(change, dict):
        element.attrib.update(change)
    else:
        element.text = change

    assert rule in {found for found, _message in validate(etree.tostring(root))}


# --- sending -----------------------------------------------------------------------------------------------------


def test_it_goes_along_with_the_mail_and_is_kept_with_its_hash(owner, business):
    invoice = issue(business, owner)

    tasks.make_pdf(invoice.company_id, invoice.pk)

    invoice.refresh_from_db()
    names = [name for _stored, name in Message.objects.get().attachments]
    assert names == [f"Factuur {invoice.number}.pdf", f"Factuur {invoice.number}.xml"]
    assert len(invoice.ubl_sha256) == 64
    response = owner.get(reverse("invoicing:ubl", args=[invoice.pk]))
    assert b"".join(response.streaming_content).startswith(b"<?xml")


@needs_rules
def test_the_pdf_goes_along_inside_where_the_customer_wants_that(owner, seller, validate):
    invoice = issue(business_of(e_invoice_pdf=True), owner)

    tasks.make_pdf(invoice.company_id, invoice.pk)

    invoice.refresh_from_db()
    with invoice.ubl.open() as file:
        data = file.read()
    [inside] = texts(data, "cac:AdditionalDocumentReference/cac:Attachment/cbc:EmbeddedDocumentBinaryObject")
    with invoice.pdf.open() as file:
        assert b64decode(inside) == file.read()
    assert validate(data) == []


def test_who_wants_none_gets_none(owner, garage):
    invoice = issue(garage, owner)

    tasks.make_pdf(invoice.company_id, invoice.pk)

    invoice.refresh_from_db()
    assert invoice.ubl.name == ""
    assertNotContains(owner.get(reverse("invoicing:detail", args=[invoice.pk])), "e-factuur")
    assert owner.get(reverse("invoicing:ubl", args=[invoice.pk])).status_code == 404


def test_what_is_missing_is_named_and_filled_in_later(owner, seller):
    customer = business_of(kvk_number="")
    invoice = issue(customer, owner)
    tasks.make_pdf(invoice.company_id, invoice.pk)
    page = reverse("invoicing:detail", args=[invoice.pk])

    for said in ("KvK-nummer of OIN van de klant", "elektronisch adres van de klant", reverse("customers:edit", args=[customer.pk])):
        assertContains(owner.get(page), said)
    owner.post(reverse("invoicing:make-ubl", args=[invoice.pk]))
    invoice.refresh_from_db()
    assert invoice.ubl.name == ""
    Customer.objects.filter(pk=customer.pk).update(kvk_number="87654321")
    assertContains(owner.get(page), "E-factuur maken")
    for _press in range(2):
        owner.post(reverse("invoicing:make-ubl", args=[invoice.pk]))

    invoice.refresh_from_db()
    with invoice.ubl.open() as file:
        assert "87654321" in texts(file.read(), "cac:AccountingCustomerParty/cac:Party/cbc:EndpointID")
    assertNotContains(owner.get(page), "E-factuur maken")


def test_signs_that_xml_cannot_hold_are_left_out(owner, seller):
    invoice = issue(business_of(name="Ga\x0brage \ufffe \U0001f697"), owner)

    assert "Garage  \U0001f697" in texts(ubl.build(invoice), "cac:AccountingCustomerParty/cac:Party/cac:PartyName/cbc:Name")


@pytest.mark.parametrize(
    ("field", "value"), [("oin_number", "123"), ("e_address", "0106-12345678"), ("e_address", "12345678"), ("e_invoice", "fax")]
)
def test_a_mistake_at_the_customer_is_told(owner, business, field, value):
    address = reverse("customers:edit", args=[business.pk])
    form = owner.get(address).context["form"]
    now = {name: form[name].value() for name in form.fields if form[name].value() is not None}

    response = owner.post(address, now | {field: value})

    assert response.status_code == 422
    assert response.context["form"].errors[field]


def test_a_customer_downloads_the_own_e_invoice_only(owner, business, customer):
    invoice = issue(business, owner)
    tasks.make_pdf(invoice.company_id, invoice.pk)
    address = reverse("invoicing:ubl", args=[invoice.pk])

    assert customer.get(address).status_code == 404
    Invoice.objects.update(customer=customer.membership.customer)
    assert customer.get(address).status_code == 200
