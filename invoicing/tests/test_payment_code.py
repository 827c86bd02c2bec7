"""The payment code on an invoice holds what EPC069-12 (version 002, UTF-8) allows and nothing else, whatever stands in the invoice."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
import segno
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from invoicing import pdf
from invoicing.models import Invoice
from tests.forms_of_pages import forms_on

from .given import complete

CODES = json.loads((Path(__file__).parent / "data" / "epc_qr.json").read_text(encoding="utf-8"))
THIRD = CODES["valid"][2]
AMOUNT = re.compile(r"EUR(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,2})?")


def invoice_of(name="Glans Autopoets", iban="NL91ABNA0417164300", amount="60.50", number="2026-0001"):
    return Invoice(number=number, seller={"name": name, "iban": iban}, gross_total=Decimal(amount))


def payload(invoice):
    """The bytes in the code, as they were given to segno; None without a code."""
    make, seen = segno.make_qr, []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segno, "make_qr", lambda data, **how: seen.append(data) or make(data, **how))
        code = pdf._payment_qr(invoice)
    assert code is None or (code.error == "M" and code.version <= 13)
    return seen[0] if code else None


def fields(invoice):
    """The lines of the code, each held to what the standard allows there."""
    data = payload(invoice)
    assert len(data) <= 331
    lines = data.decode("utf-8").split("\n")
    service, version, character_set, identification, bic, name, iban, amount, purpose, reference, text = lines
    assert (service, version, character_set, identification) == ("BCD", "002", "1", "SCT")
    assert bic == "" or re.fullmatch("[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", bic)
    assert 0 < len(name) <= 70
    assert name == name.strip()
    assert re.fullmatch("[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", iban)
    assert AMOUNT.fullmatch(amount)
    assert (purpose, reference) == ("", "")
    assert 0 < len(text) <= 140
    assert not any(ord(sign) < 0x20 or 0x7F <= ord(sign) < 0xA0 or 0x2028 <= ord(sign) <= 0x202E for line in lines for sign in line)
    return {"name": name, "iban": iban, "amount": Decimal(amount.removeprefix("EUR")), "text": text}


def test_the_code_says_who_gets_how_much_for_which_invoice():
    assert fields(invoice_of()) == {
        "name": "Glans Autopoets",
        "iban": "NL91ABNA0417164300",
        "amount": Decimal("60.50"),
        "text": "Factuur 2026-0001",
    }


@pytest.mark.parametrize("case", CODES["valid"], ids=lambda case: f"{case['name']} {case['amount']}")
def test_the_codes_of_the_standard_are_what_we_make(case):
    """Their account, amount and name; of an invoice the number stands in the text, and there is no BIC, purpose or reference."""
    made = fields(invoice_of(case["name"], case["iban"], case["amount"]))

    expected = case["payload"].split("\n")
    assert (made["name"], made["iban"], made["amount"]) == (expected[5], expected[6], Decimal(case["amount"]))


@pytest.mark.parametrize("case", CODES["invalid"], ids=lambda case: case["why"])
def test_what_the_standard_forbids_is_in_no_code(case):
    """A name that is too long is cut, a line end in it is a blank; else there is no code at all."""
    named = THIRD | {name: value for name, value in case.items() if name in {"name", "iban", "amount"}}
    invoice = invoice_of(named["name"], named["iban"], named["amount"], number=case.get("text") or "1")

    if named["iban"] != THIRD["iban"] or named["amount"] != THIRD["amount"] or not named["name"]:
        assert payload(invoice) is None
    else:
        assert fields(invoice)["iban"] == "NL91ABNA0417164300"


NASTY = [
    "Glans\nNL00FAKE\rEUR1",
    "Glans\r\nZoon",
    "\u2028Glans\u2029Zoon\x85",
    "Auto\x0bHuis\x00\x1f",
    "\u202ekcolg\u202c Glans",
    "\ud800Glans\udfff\uffff",
    "Ł" * 100,
    "漢" * 100,
    "🚗" * 100,
    "👩🏽‍🔧" * 40,
    "e\u0301" * 90,
    "محل غسيل السيارات",
    '<script>alert("Glans")</script> & zoon',
    f"{'x' * 69} {'y' * 30}",
]


@pytest.mark.parametrize("nasty", NASTY, ids=range(len(NASTY)))
def test_nasty_names_and_numbers_stay_inside_their_field(nasty):
    for invoice in (invoice_of(name=nasty), invoice_of(number=nasty[:30]), invoice_of(name=nasty, number=nasty[:30])):
        made = fields(invoice)

        assert (made["iban"], made["amount"]) == ("NL91ABNA0417164300", Decimal("60.50"))


@given(
    name=st.text(min_size=1, max_size=100),
    number=st.text(max_size=160),
    amount=st.decimals(min_value=Decimal("0.01"), max_value=Decimal("999999999.99"), places=2),
)
def test_whatever_stands_in_the_invoice_the_code_is_right_or_not_there(name, number, amount):
    invoice = invoice_of(name=name, number=number, amount=amount)

    if payload(invoice) is not None:
        assert fields(invoice)["amount"] == amount


@pytest.mark.parametrize("amount", ["0.00", "-5.00", "1000000000.00", "1209998669.00"])
def test_no_code_for_what_cannot_be_paid_so(amount):
    assert pdf.payment_code(invoice_of(amount=amount)) is None


@pytest.mark.parametrize("iban", ["NL00ABNA0417164300", "", "BR1800360305000010009795493C1", "TR330006100519786457841326"])
def test_no_code_for_an_account_that_sepa_does_not_reach(iban):
    assert pdf.payment_code(invoice_of(iban=iban)) is None


def test_the_company_is_asked_for_an_account_that_customers_can_pay_to(owner, company):
    complete(company)
    address = reverse("company-edit")
    form = next(form for form in forms_on(owner.get(address), address) if "iban" in dict(form.fields))

    response = form.choose({"iban": "BR18 0036 0305 0000 1000 9795 493C1"}).send(owner)

    assert response.status_code == 422
    [error] = response.context["form"].errors["iban"]
    assert "SEPA" in error
    assert response.context["form"]["iban"].value() == "BR18 0036 0305 0000 1000 9795 493C1"
