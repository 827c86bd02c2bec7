"""What the tests of this room start from."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tests.factories import CustomerFactory, WorkOrderFactory, WorkOrderLineFactory

SELLER = {
    "street": "Poetsweg 1",
    "postcode": "3401 AB",
    "city": "IJsselstein",
    "kvk_number": "12345678",
    "vat_number": "NL123456782B90",
    "iban": "NL91ABNA0417164300",
}
ADDRESS = {"street": "Dorpsstraat 2", "postcode": "1234 AB", "city": "Ouderkerk"}


def complete(company):
    """Fill in what an invoice must say about its seller."""
    for field, value in SELLER.items():
        setattr(company, field, value)
    company.save()
    return company


def buyer(**fields):
    return CustomerFactory(**(ADDRESS | {"name": "Garage Bakker", "email": "bakker@garage.example"} | fields))


def finished_order(customer, *prices, by, on="2026-11-02", vat_rate="21"):
    """A finished order with one line for each price."""
    order = WorkOrderFactory(
        customer=customer,
        created_by=by,
        status="completed",
        completed_by=by,
        completed_at=datetime.fromisoformat(on).replace(hour=12, tzinfo=ZoneInfo("Europe/Amsterdam")),
    )
    for price in prices:
        WorkOrderLineFactory(order=order, unit_price=Decimal(price), vat_rate=vat_rate)
    return order
