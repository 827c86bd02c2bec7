"""A file has every field of a customer: what our own list was saved as comes in again, without a change and into an empty company."""

from decimal import Decimal

import pytest

from customers.fields import FIELDS
from customers.models import Customer
from imports.columns import COLUMNS
from imports.models import Kind
from imports.tests.given import checked, counts, csv_file, imported, workbook
from tests.factories import CustomerFactory, CustomerTypeFactory

HEADERS = [str(field.label) for field in FIELDS]


def of_everything(**values):
    """A customer abroad of whom all is filled in."""
    return CustomerFactory.build(
        **{
            "number": "00456",
            "name": "Garage Ünlü BVBA",
            "type": CustomerTypeFactory(name="Zakelijk"),
            "contact_name": "Jan Claes",
            "email": "jan@garage.example",
            "phone": "+32 3 123 45 67",
            "street": "Meir",
            "house_number": "1 bus 2",
            "postcode": "2000",
            "city": "Antwerpen",
            "country": "BE",
            "kvk_number": "01234567",
            "vat_number": "BE0428759497",
            "vat_reversed": True,
            "iban": "BE68539007547034",
            "language": "de",
            "payment_term_days": 45,
            "invoicing_profile": "month",
            "invoice_per": "po",
            "invoice_line_per_vehicle": True,
            "e_invoice": "nlcius",
            "e_address": "0208:0428759497",
            "oin_number": "00000001234567890000",
            "e_invoice_pdf": True,
            "po_required": True,
            "cost_centre_required": True,
            "no_reminders": True,
            "work_through_limit": Decimal("1234.50"),
            "mail_defect": True,
            "mail_approval": False,
            "mail_ready": True,
            "mail_redo": False,
            "note": 'Regel een\nregel twee; "drie"',
        }
        | values
    )


def as_kept(customer):
    return {field.name: getattr(customer, field.name) for field in FIELDS}


def test_every_field_has_its_column_under_the_name_that_our_file_gives_it():
    columns = {column.key: str(column.label) for column in COLUMNS[Kind.CUSTOMERS]}

    assert columns == {field.name: str(field.label) for field in FIELDS}


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"country": "DE", "vat_number": "DE136695976", "postcode": "01067", "e_address": "9930:DE136695976", "mail_defect": None},
        {"country": "NL", "vat_number": "NL123456782B90", "postcode": "1234 AB", "vat_reversed": False, "e_invoice": "none"},
    ],
)
def test_all_of_a_customer_comes_in(owner, values):
    customer = of_everything(**values)
    cells = {name: value for name, value in as_kept(customer).items() if value is not None} | {"type": customer.type.name}
    written = [{True: "ja", False: "nee"}.get(value, value) if isinstance(value, bool) else value for value in cells.values()]

    found = imported(owner, "customers", workbook([str(field.label) for field in FIELDS if field.name in cells], written))

    assert (found.state, counts(found)) == ("done", (1, 0, 0, 0)), found.problems
    assert as_kept(Customer.objects.get()) == as_kept(customer)


def test_vat_is_not_reversed_by_a_file_to_who_is_no_business_abroad(owner):
    found = checked(owner, "customers", csv_file("Naam;Btw verlegd;Land;Btw-id\nA;ja;NL;\nB;ja;DE;BE0428759497\n"))

    assert [problem[1] for problem in found.problems] == ["Btw verlegd", "Btw-id"]
