from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Counter
from customers.models import Branch
from invoicing.collecting import (
    AlreadyInvoiced,
    BuyerIncomplete,
    NotFinished,
    NothingToCharge,
    NotThisCustomers,
    SellerIncomplete,
    TooMuch,
    issue_invoice,
    to_invoice,
)
from invoicing.models import Invoice
from tests.factories import CustomerFactory, WorkOrderFactory, WorkOrderLineFactory

from .given import SELLER, buyer, complete, finished_order


def test_an_invoice_takes_the_orders_and_keeps_seller_and_buyer_as_they_are(owner, garage):
    order = finished_order(garage, "25.00", "12.50", by=owner.membership)

    invoice = issue_invoice(garage, [order], by=owner.membership)

    today = timezone.localdate()
    assert invoice.number == f"{today.year}-0001"
    assert (invoice.issued_on, invoice.due_on) == (today, today + timedelta(days=14))
    assert invoice.seller["vat_number"] == SELLER["vat_number"]
    assert invoice.buyer == {
        "name": "Garage Bakker",
        "contact_name": "",
        "street": "Dorpsstraat 2",
        "postcode": "1234 AB",
        "city": "Ouderkerk",
        "kvk_number": "",
        "vat_number": "",
        "oin_number": "",
        "e_address": "",
        "e_invoice": "none",
        "e_invoice_pdf": False,
        "country": "",
        "country_code": "NL",
        "is_private": False,
    }
    assert (invoice.net_total, invoice.vat_total, invoice.gross_total) == (Decimal("37.50"), Decimal("7.88"), Decimal("45.38"))
    assert invoice.created_by == owner.membership


def test_its_lines_say_what_was_done_to_which_vehicle_and_when(owner, garage):
    order = finished_order(garage, "25.00", by=owner.membership, on="2026-10-31")

    invoice = issue_invoice(garage, [order], by=owner.membership)

    line = invoice.lines.get()
    assert (line.description, line.quantity, line.unit_price, line.vat_rate) == ("Kauwgom verwijderen", 1, Decimal("25.00"), "21")
    assert line.performed_on.isoformat() == "2026-10-31"
    assert line.vehicle == f"{order.vehicle.plate_shown} Volvo V60"
    assert line.order == order


def test_the_visits_stand_in_the_order_of_their_days(owner, garage):
    later, earlier = (finished_order(garage, "25.00", by=owner.membership, on=day) for day in ("2026-11-09", "2026-11-02"))

    invoice = issue_invoice(garage, [later, earlier], by=owner.membership)

    assert [line.order for line in invoice.lines.all()] == [earlier, later]


def test_vat_is_rounded_once_per_rate_over_the_sum(owner, garage):
    high = finished_order(garage, "37.50", "12.50", by=owner.membership)
    low = finished_order(garage, "10.05", "0.01", by=owner.membership, vat_rate="9")

    invoice = issue_invoice(garage, [high, low], by=owner.membership)

    assert invoice.vat_per_rate() == [
        ("21", Decimal("50.00"), Decimal("10.50")),
        ("9", Decimal("10.06"), Decimal("0.91")),
    ]
    assert (invoice.net_total, invoice.vat_total, invoice.gross_total) == (Decimal("60.06"), Decimal("11.41"), Decimal("71.47"))


@pytest.mark.parametrize(
    ("prices", "quantity", "net", "vat"),
    [
        (["0.02"], "1", "0.02", "0.00"),
        (["0.03"], "1", "0.03", "0.01"),
        (["0.50"], "1", "0.50", "0.11"),  # 0.105 goes up
        (["9.99"], "0.33", "3.30", "0.69"),  # 3.2967
        (["0.01"] * 3, "1", "0.03", "0.01"),
        (["100.00"], "2.50", "250.00", "52.50"),
    ],
)
def test_half_a_cent_goes_up(owner, garage, prices, quantity, net, vat):
    order = finished_order(garage, *prices, by=owner.membership)
    order.lines.update(quantity=Decimal(quantity))

    invoice = issue_invoice(garage, [order], by=owner.membership)

    assert (invoice.net_total, invoice.vat_total) == (Decimal(net), Decimal(vat))


def test_numbers_go_on_per_company_and_start_anew_each_year(owner, garage, neighbour, monkeypatch):
    orders = [finished_order(garage, "25.00", by=owner.membership) for _ in range(3)]

    first, second = (issue_invoice(garage, [order], by=owner.membership) for order in orders[:2])
    monkeypatch.setattr("invoicing.collecting.timezone.localdate", lambda *args: timezone.now().date().replace(year=2027, month=1, day=2))
    third = issue_invoice(garage, [orders[2]], by=owner.membership)

    year = first.issued_on.year
    assert [first.number, second.number, third.number] == [f"{year}-0001", f"{year}-0002", "2027-0001"]


def test_a_worker_is_told_after_the_commit(owner, garage, nudges, django_capture_on_commit_callbacks):
    order = finished_order(garage, "25.00", by=owner.membership)

    with django_capture_on_commit_callbacks(execute=True):
        invoice = issue_invoice(garage, [order], by=owner.membership)

    assert nudges == [(invoice.company_id, invoice.pk)]


def test_an_order_is_invoiced_once(owner, garage):
    order = finished_order(garage, "25.00", by=owner.membership)
    issue_invoice(garage, [order], by=owner.membership)

    with pytest.raises(AlreadyInvoiced):
        issue_invoice(garage, [order], by=owner.membership)

    assert Invoice.objects.count() == 1
    assert Counter.objects.get(series__startswith="invoice").last == 1


@pytest.mark.parametrize("status", ["planned", "in_progress"])
def test_an_order_that_is_not_finished_waits(owner, garage, status):
    order = WorkOrderFactory(customer=garage, status=status, created_by=owner.membership)
    WorkOrderLineFactory(order=order)

    with pytest.raises(NotFinished):
        issue_invoice(garage, [order], by=owner.membership)

    assert not Counter.objects.filter(series__startswith="invoice").exists()


def test_orders_of_two_customers_do_not_share_an_invoice(owner, garage):
    orders = [finished_order(garage, "25.00", by=owner.membership), finished_order(buyer(name="Ander"), "25.00", by=owner.membership)]

    with pytest.raises(NotThisCustomers):
        issue_invoice(garage, orders, by=owner.membership)


@pytest.mark.parametrize("prices", [[], ["0.00"]])
def test_an_order_without_an_amount_gets_no_invoice_and_stands_on_no_list(owner, garage, prices):
    order = finished_order(garage, *prices, by=owner.membership)

    with pytest.raises(NothingToCharge):
        issue_invoice(garage, [order], by=owner.membership)

    assert not to_invoice().exists()


def test_a_free_handling_stands_on_the_invoice_beside_a_paid_one(owner, garage):
    order = finished_order(garage, "25.00", "0.00", by=owner.membership)

    invoice = issue_invoice(garage, [order], by=owner.membership)

    assert [line.unit_price for line in invoice.lines.all()] == [Decimal("25.00"), Decimal("0.00")]


def test_no_orders_are_no_invoice(owner, garage):
    with pytest.raises(NothingToCharge):
        issue_invoice(garage, [], by=owner.membership)


def test_an_amount_beyond_the_register_is_refused(owner, garage):
    order = finished_order(garage, *["99999.99"] * 10, by=owner.membership)
    order.lines.update(quantity=Decimal("9999.99"))

    with pytest.raises(TooMuch):
        issue_invoice(garage, [order], by=owner.membership)


@pytest.mark.parametrize(
    ("field", "says"),
    [
        ("name", "bedrijfsnaam"),
        ("street", "adres"),
        ("postcode", "adres"),
        ("city", "adres"),
        ("vat_number", "btw-id"),
        ("kvk_number", "KvK-nummer"),
        ("iban", "IBAN"),
    ],
)
def test_a_seller_who_lacks_something_is_told_what(owner, garage, seller, field, says):
    order = finished_order(garage, "25.00", by=owner.membership)
    setattr(seller, field, " ")
    seller.save()

    with pytest.raises(SellerIncomplete, match=f"ontbreekt: {says}\\."):
        issue_invoice(garage, [order], by=owner.membership)


def test_a_buyer_without_an_address_is_named(owner, company):
    complete(company)
    nowhere = CustomerFactory(name="Zonder Adres")
    order = finished_order(nowhere, "25.00", by=owner.membership)

    with pytest.raises(BuyerIncomplete, match=r"Zonder Adres .* ontbreekt: adres\."):
        issue_invoice(nowhere, [order], by=owner.membership)


def test_a_line_names_what_the_customer_knows_the_order_by(owner, garage):
    order = finished_order(garage, "25.00", by=owner.membership)
    order.branch = Branch.objects.create(customer=garage, name="Noord")
    order.po_number, order.cost_centre = "PO-77", "K12"
    order.save()

    invoice = issue_invoice(garage, [order], by=owner.membership)

    assert invoice.lines.get().reference == "vestiging Noord · inkoopnummer PO-77 · kostenplaats K12"


def test_the_longest_reference_fits(owner, garage):
    order = finished_order(garage, "25.00", by=owner.membership)
    order.branch = Branch.objects.create(customer=garage, name="N" * 100)
    order.po_number, order.cost_centre = "P" * 40, "K" * 40
    order.save()

    invoice = issue_invoice(garage, [order], by=owner.membership)

    assert invoice.lines.get().reference.endswith("K" * 40)


def test_the_term_agreed_with_the_customer_goes_before_the_companys(owner, garage):
    garage.payment_term_days = 45
    garage.save()

    invoice = issue_invoice(garage, [finished_order(garage, "25.00", by=owner.membership)], by=owner.membership)

    assert invoice.due_on == timezone.localdate() + timedelta(days=45)


def test_a_foreign_buyer_is_named_with_number_and_country(owner, garage):
    garage.street, garage.house_number, garage.country = "Meir", "1", "BE"
    garage.save()

    invoice = issue_invoice(garage, [finished_order(garage, "25.00", by=owner.membership)], by=owner.membership)

    assert (invoice.buyer["street"], invoice.buyer["country"]) == ("Meir 1", "België")
