"""MT940 as each Dutch bank writes it, and statements that went wrong for others: right amounts, names and accounts."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from customers.models import Customer
from invoicing import matching
from invoicing.models import Invoice
from invoicing.statements import reading
from invoicing.statements.entries import NotAStatement

DATA = Path(__file__).parent / "data/bank"
EXPECTED = json.loads((DATA / "expected.json").read_text())


def read(name):
    return reading.read((DATA / name).read_bytes())


@pytest.mark.parametrize("name", EXPECTED)
def test_what_went_wrong_for_others_is_read_as_it_is(name):
    expected, lines = EXPECTED[name], read(name)

    assert len(lines) == len(expected["lines"])
    for line, said in zip(lines, expected["lines"], strict=True):
        assert line.amount == Decimal(said["amount"])
        assert line.name == said.get("name", line.name)
        assert line.iban == said.get("iban", line.iban)
        assert all(text in line.description for text in said.get("text_holds", []))
        assert line.state == said.get("state", "open")
    assert sum(line.amount for line in lines) == Decimal(expected.get("sum_of_lines", sum(line.amount for line in lines)))
    assert {line.account for line in lines} == {expected.get("account", lines[0].account)}


@pytest.mark.parametrize(("totals", "is_certain"), [(("400.00", "29.56"), True), (("400.00", "30.00"), False)])
def test_a_batch_of_two_is_certain_if_both_together_are_the_amount(totals, is_certain):
    (line,) = read("batch_without_amounts.xml")
    customer = Customer(pk=1)
    invoices = [
        Invoice(pk=number, number=f"2026-000{number}", customer=customer, gross_total=Decimal(total))
        for number, total in enumerate(totals, 1)
    ]

    assert matching.match(line, invoices).is_certain == is_certain


DIALECTS = {
    "asn": [
        ("1000.00", "garage de zon", "NL20INGB0001234567", "Factuur 2026-0001"),
        (
            "-61.80",
            "ENERGIE BV",
            "NL02ABNA0123456789",
            "Relatienummer 1755481/Factuurn r.7903792-07-01-2020/B.t.w. bedrag 10.73/Inzake geleverde diensten",
        ),
        ("-1.65", "", "", "Kosten gebruik betaalrekening inclusief 1 betaalpas"),
    ],
    "sns": [("-25.00", "marechal s", "", "dit is een test")],
    "triodos": [
        ("-15.70", "", "", "ALGEMENE TUSSENREKENING KOSTEN VAN 01-10-2010 TOT EN MET 31-12-2010"),
        ("-700.00", "", "", "HUUR KANTOOR - FEB 2010"),
    ],
    "abn": [
        (
            "-9.00",
            "",
            "",
            "GIRO 428428 KPN - DIGITENNE BETALINGSKENM. 000000042188659 5314606715 BETREFT FACTUUR D.D. 20-05-2011 INCL. 1,44 BTW",
        ),
        ("11.00", "GARAGE EEN", "NL20INGB0001234567", "FACTUUR 2026-0001"),
        ("-107.00", "", "", "BEA NR:XXX1234 21.05.11/12.04 HANS ANDERS OPT./056 KAT,PAS999"),
        ("-9.49", "", "", "BEA NR:XXX1234 24.05.11/09.18 PETS PLACE KATWIJK KATWI,PAS999"),
    ],
    "knab": [
        ("-260.00", "PICQER", "", "FACTUUR 201403110, 201403113"),
        (
            "500.00",
            "MMS ONLINE NEDERLAND B.V.",
            "NL20INGB0001234567",
            "12160475 0050001631430920 ORDERID: 264267 MEDIA MARKT ONLINE NE",
        ),
    ],
    "ing": [
        ("-768.51", "", "", "TOTAAL 5 VZ"),
        (
            "105.20",
            "GREENFLUX ASSETS BV",
            "NL20INGB0001234567",
            "Nr. LNT22000057 / 21.2.2023Nr. LNT22000079 / 21.3.2023Nr. LNT22000068 / 21.2.2023",
        ),
        ("335.53", "Lambrix Elektrotechniek", "NL02ABNA0123456789", "110130590"),
        ("327.78", "Jansen/De Vries", "NL20INGB0001234567", "0009123412341234"),
        ("-10.00", "Piet", "NL20INGB0001234567", "Factuur 2026-0027"),
    ],
}


@pytest.mark.parametrize("bank", DIALECTS)
def test_each_bank_in_its_own_dialect(bank):
    lines = read(f"dialect_{bank}.sta")

    assert [(str(line.amount), line.name, line.iban, line.description) for line in lines] == DIALECTS[bank]


def test_a_return_of_ing_keeps_its_references():
    *_others, line = read("dialect_ing.sta")

    assert (line.end_to_end_id, line.mandate, line.is_return, line.return_reason) == ("2026-0027", "M-1", True, "MD06")


def test_a_file_of_which_a_line_is_missing_is_refused_with_the_difference():
    with pytest.raises(NotAStatement, match="12,50"):
        reading.read((DATA / "ing.sta").read_bytes().replace(b"EUR1017,75", b"EUR1030,25"))
