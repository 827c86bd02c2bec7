import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.template import engines

from cleanconnect.money import Amount, PriceField, euro, including_vat, nets, to_cents, vat_breakdown

EXAMPLES = json.loads((Path(__file__).parent / "data" / "vat_rounding.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("example", EXAMPLES["rounding"], ids=lambda example: example["exact"])
def test_an_amount_is_rounded_half_up_to_the_cent(example):
    assert str(to_cents(Decimal(example["exact"]))) == example["rounded"]


@pytest.mark.parametrize("invoice", EXAMPLES["excluding_vat"], ids=lambda invoice: invoice["total_incl"])
def test_vat_is_taken_per_rate_over_the_sum_of_the_lines(invoice):
    lines = [(to_cents(Decimal(line["quantity"]) * Decimal(line["unit_price_excl"])), line["vat_rate"]) for line in invoice["lines"]]

    per_rate = vat_breakdown(Amount(net, Decimal(rate)) for net, rate in lines)

    assert [str(net) for net, _rate in lines] == [line["net"] for line in invoice["lines"]]
    assert {(str(rate), str(base), str(vat)) for rate, base, vat in per_rate} == {
        (total["vat_rate"], total["base"], total["vat"]) for total in invoice["per_rate"]
    }
    assert str(sum(base for _rate, base, _vat in per_rate)) == invoice["total_excl"]
    assert str(sum(vat for _rate, _base, vat in per_rate)) == invoice["total_vat"]


def test_the_rate_may_be_the_text_that_a_line_keeps():
    assert vat_breakdown([Amount(Decimal("10.00"), "21"), Amount(Decimal("10.00"), "9")]) == [
        ("21", Decimal("10.00"), Decimal("2.10")),
        ("9", Decimal("10.00"), Decimal("0.90")),
    ]


def test_what_has_no_rate_has_no_vat_and_is_a_group_of_its_own():
    lines = [Amount(Decimal("10.00"), rate) for rate in ("E", "0", "AE", "21")]

    assert vat_breakdown(lines) == [
        ("21", Decimal("10.00"), Decimal("2.10")),
        ("0", Decimal("10.00"), Decimal("0.00")),
        ("AE", Decimal("10.00"), Decimal("0.00")),
        ("E", Decimal("10.00"), Decimal("0.00")),
    ]


@pytest.mark.parametrize("rate", ["21", "9"])
def test_every_consumer_price_comes_out_as_itself_alone_and_with_others(rate):
    prices = [Decimal(cents) / 100 for cents in range(1, 200_001)]

    for price in prices:
        ((_rate, base, vat),) = vat_breakdown([Amount(price, rate, True)])
        assert base + vat == price
        assert base == to_cents(price / (1 + Decimal(rate) / 100))
    lines = [Amount(price, one, True) for price in prices[::97] for one in ("21", rate, "0")]
    found = vat_breakdown(lines)
    assert sum(base + vat for _rate, base, vat in found) == sum(line.value for line in lines)
    of_rate = [net for net, line in zip(nets(lines), lines, strict=True) if line.rate == rate]
    assert sum(of_rate) == next(base for one, base, _vat in found if one == rate)


def test_prices_with_vat_and_without_stand_side_by_side():
    lines = [Amount(Decimal("10.00"), "21"), Amount(Decimal("10.00"), "21", True), Amount(Decimal("35.00"), "9", True)]

    assert vat_breakdown(lines) == [("21", Decimal("18.26"), Decimal("3.84")), ("9", Decimal("32.11"), Decimal("2.89"))]
    assert nets(lines) == [Decimal("10.00"), Decimal("8.26"), Decimal("32.11")]


def test_what_is_taken_in_parts_is_together_what_it_is_at_once():
    parts = [Amount(Decimal("3.33"), "21", True), Amount(Decimal("3.33"), "21", True), Amount(Decimal("3.34"), "21", True)]

    one_by_one = [nets([part], parts[:place])[0] for place, part in enumerate(parts)]

    assert one_by_one == nets(parts)
    assert sum(one_by_one) == Decimal("8.26")


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("1234.5", "€\xa01.234,50"), ("0", "€\xa00,00"), ("-12.345", "€\xa0-12,35"), ("0.005", "€\xa00,01")],
)
def test_euros_look_dutch(amount, shown):
    assert euro(Decimal(amount)) == shown


def test_no_amount_is_a_dash():
    assert euro(None) == "–"


@pytest.mark.parametrize(
    ("typed", "amount"), [("12,50", "12.50"), ("1.250,00", "1250.00"), ("12.50", "12.50"), ("1.250", "1250"), (" 7 ", "7")]
)
def test_prices_are_typed_in_dutch_notation(typed, amount):
    assert PriceField().formfield().clean(typed) == Decimal(amount)


@pytest.mark.parametrize(("amount", "rate", "shown"), [("10.00", "21", "12.10"), ("0.05", "9", "0.05"), ("7.50", "0", "7.50")])
def test_an_amount_is_shown_with_vat(amount, rate, shown):
    assert including_vat(Decimal(amount), rate) == Decimal(shown)


def test_no_amount_has_no_vat():
    assert including_vat(None, "21") is None


def test_an_id_in_a_template_gets_no_point():
    assert engines["jinja"].from_string("{{ pk }}").render({"pk": 12345}) == "12345"
