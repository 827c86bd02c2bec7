"""What each kind of file makes, and that a second run of the same file changes nothing."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer, CustomerEvent, CustomerType
from imports.examples import workbook as example
from imports.models import Kind
from imports.tests.given import checked, counts, csv_file, imported, workbook
from invoicing import collecting
from quality.completion import NotReopenable, reopen
from services.models import ListPrice, Service
from services.pricing import list_prices
from tests.factories import CustomerFactory, CustomerTypeFactory, ServiceFactory, VehicleFactory
from vehicles.models import Vehicle, VehicleHolder
from workorders.models import WorkOrder

CUSTOMERS = "Klantnr;Bedrijfsnaam;Klanttype;E-mail;Postcode;Tel\r\n1001;Dealer De Vries;Zakelijk;s@devries.example;1234ab;010-1234567\r\n"
HISTORY = [
    ["Datum", "Kenteken", "Klantnummer", "Omschrijving", "Bedrag", "Medewerker", "Bonnummer"],
    [date(2025, 3, 14), "GB-001-B", 1001, "Interieur gereinigd", 45.5, "Oude Jan", "W-1"],
    ["15-03-2025", "GB-001-B", 1001, "Lak gepolijst", "1.250,00", "", ""],
    [date(2025, 3, 14), "GB-001-B", 1001, "Velgen", 20, "Oude Jan", "W-1"],
]


@pytest.fixture
def dealer(company):
    return CustomerFactory(number="1001", name="Dealer")


def test_a_customer_is_made_with_its_type_and_history(owner):
    found = imported(owner, "customers", csv_file(CUSTOMERS))

    assert (found.state, counts(found)) == ("done", (1, 0, 0, 0))
    customer = Customer.objects.get()
    assert (customer.number, customer.name, customer.type.name, customer.postcode) == ("1001", "Dealer De Vries", "Zakelijk", "1234 AB")
    assert CustomerEvent.objects.get().kind == "imported"
    assert CustomerEvent.objects.get().by == owner.membership


def test_a_customer_we_know_by_number_is_brought_up_to_date_and_an_empty_cell_leaves_what_is_there(owner):
    CustomerFactory(number="1001", name="Oude naam", type=CustomerTypeFactory(name="zakelijk"), city="Delft", phone="015-1")

    found = imported(owner, "customers", csv_file("Klantnummer;Naam;Plaats;Telefoon\n1001;Nieuwe naam;;015-2\n"), vast_type="")

    customer = Customer.objects.get()
    assert counts(found) == (0, 1, 0, 0)
    assert (customer.name, customer.city, customer.phone) == ("Nieuwe naam", "Delft", "015-2")


def test_customers_without_a_number_get_the_next_free_one(owner):
    CustomerFactory(number="2")

    imported(owner, "customers", csv_file("Naam,Plaats\nAnna,Delft\nBert,Delft\n"))

    assert list(Customer.objects.filter(city="Delft").order_by("name").values_list("number", flat=True)) == ["1", "3"]


def test_a_private_type_that_is_made_is_private(owner):
    imported(owner, "customers", csv_file("Naam;Type\nAnna;Particulier\n"))

    assert CustomerType.objects.get().is_private


@pytest.mark.parametrize("kind", Kind.values)
def test_the_example_file_can_be_imported_and_a_second_time_changes_nothing(owner, kind):
    if kind in {"vehicles", "history"}:
        imported(owner, "customers", SimpleUploadedFile("k.xlsx", example(Kind.CUSTOMERS)))
    first = imported(owner, kind, SimpleUploadedFile("voorbeeld.xlsx", example(Kind(kind))))
    assert (first.state, counts(first)) == ("done", (2, 0, 0, 0)), first.problems

    again = imported(owner, kind, SimpleUploadedFile("voorbeeld.xlsx", example(Kind(kind))))

    assert (again.state, counts(again)) == ("done", (0, 0, 2, 0))


def test_customers_without_numbers_are_not_doubled_either(owner):
    text = "Naam;Postcode;Huisnummer\nAnna Bakker;1234 AB;1\nAnna Bakker;1234 AB;2\n"
    imported(owner, "customers", csv_file(text))

    found = imported(owner, "customers", csv_file(text))

    assert counts(found) == (0, 0, 2, 0)
    assert Customer.objects.count() == 2


def test_a_vehicle_is_known_by_its_plate_and_gets_its_customer(owner, dealer):
    vehicle = VehicleFactory(plate="GB001B", plate_shown="GB-001-B", make="Volvo")

    found = imported(owner, "vehicles", csv_file("Kenteken;Merk;Klantnummer\ngb001b;Saab;1001\n"))

    vehicle.refresh_from_db()
    assert counts(found) == (0, 1, 0, 0)
    assert (vehicle.make, VehicleHolder.objects.get().customer) == ("Saab", dealer)


def test_the_same_plate_in_two_rows_is_one_vehicle_with_two_holders(owner, dealer):
    CustomerFactory(number="1002")

    imported(owner, "vehicles", csv_file("Kenteken;Soort;Klantnummer\nGB-001-B;Auto;1001\nGB001B;Auto;1002\n"))

    assert Vehicle.objects.get().holders.count() == 2


@pytest.mark.parametrize(
    ("row", "column", "text"),
    [
        ("12;;Auto;1001", "Kenteken", "12: Dit is geen Nederlands kenteken"),
        (";123;Auto;1001", "VIN", "17 letters en cijfers"),
        (";;Auto;1001", "Kenteken", "kenteken of een chassisnummer"),
        ("GB-001-B;;Auto;9999", "Klantnummer", "Klantnummer 9999 kennen we niet"),
        ("GB-001-B;;;1001", "Soort", "soort voertuig"),
    ],
)
def test_what_is_wrong_with_a_vehicle_is_told_at_its_row_and_column(owner, dealer, row, column, text):
    found = checked(owner, "vehicles", csv_file(f"Kenteken;VIN;Soort;Klantnummer\n{row}\n"))

    assert counts(found) == (0, 0, 0, 1)
    ((number, where, said),) = found.problems
    assert (number, where) == (2, column)
    assert text in said


def test_handlings_make_their_types_and_groups_and_copies_know_their_original(owner):
    text = "Voertuigtype;Groep;Handeling;Prijs\nAuto;Interieur;Stoelen;€ 1.045,50\nBus;Interieur;Stoelen;60\n"

    imported(owner, "services", csv_file(text))

    first, copy = Service.objects.order_by("pk")
    assert (first.price, first.group.name, first.group.vehicle_type.name) == (Decimal("1045.50"), "Interieur", "Auto")
    assert (copy.original, copy.group.vehicle_type.name) == (first, "Bus")


def test_a_new_price_of_a_handling_with_dated_prices_leaves_those_of_before(owner):
    service = ServiceFactory(price=Decimal("25.00"))
    ListPrice.objects.create(service=service, price=Decimal("27.00"), starts_on="2026-01-01")
    row = f"{service.group.vehicle_type.name};{service.group.name};{service.name};30"

    found = imported(owner, "services", csv_file(f"Voertuigtype;Groep;Handeling;Prijs\n{row}\n"))

    assert counts(found) == (0, 1, 0, 0)
    assert list_prices([service]) == {service.pk: Decimal("30.00")}
    assert list_prices([service], on=date(2026, 1, 2)) == {service.pk: Decimal("27.00")}


def test_past_work_becomes_finished_orders_by_plate(owner, dealer):
    found = imported(owner, "history", workbook(*HISTORY), vast_type="Auto standaard")

    assert counts(found) == (2, 1, 0, 0)
    order = WorkOrder.objects.get(origin_number="W-1")
    assert (order.status, order.is_history, order.planned_on, order.note) == (
        "completed",
        True,
        date(2025, 3, 14),
        "Uitgevoerd door: Oude Jan",
    )
    assert list(order.lines.values_list("description", "unit_price", "service")) == [
        ("Interieur gereinigd", Decimal("45.50"), None),
        ("Velgen", Decimal("20.00"), None),
    ]
    assert WorkOrder.objects.get(origin_number="").lines.get().unit_price == Decimal("1250.00")


def test_past_work_a_second_time_changes_nothing(owner, dealer):
    imported(owner, "history", workbook(*HISTORY), vast_type="Auto standaard")

    again = imported(owner, "history", workbook(*HISTORY), vast_type="Auto standaard")

    assert counts(again) == (0, 0, 3, 0)
    assert WorkOrder.objects.count() == 2


def test_past_work_is_never_invoiced_nor_reopened(owner, dealer):
    imported(owner, "history", workbook(*HISTORY), vast_type="Auto standaard")
    order = WorkOrder.objects.first()

    assert not collecting.to_invoice().exists()
    with pytest.raises(collecting.InvoicingError):
        collecting._refuse_orders([order], dealer)
    with pytest.raises(NotReopenable):
        reopen(order, by=owner.membership)


def test_who_did_the_work_is_found_among_the_users(owner, employee, dealer):
    imported(
        owner, "history", workbook(HISTORY[0], [date(2025, 3, 14), "GB-001-B", 1001, "Poets", 10, "wim werknemer", "9"]), vast_type="Auto"
    )

    assert WorkOrder.objects.get().completed_by == employee.membership


def test_past_work_shows_on_the_vehicles_page(owner, dealer):
    imported(owner, "history", workbook(*HISTORY), vast_type="Auto standaard")

    assert owner.get(reverse("workorders:detail", args=[WorkOrder.objects.first().pk])).status_code == 200
    assert owner.get(reverse("workorders:overview")).status_code == 200


def test_all_that_is_wrong_with_a_row_is_said_at_once(owner):
    found = checked(owner, "customers", csv_file("Naam;E-mail;Postcode;Betalingstermijn\nFout;geen adres;34O1;veel\n"))

    assert [(row, column) for row, column, _text in found.problems] == [(2, "E-mail"), (2, "Betalingstermijn"), (2, "Postcode")]


def test_a_customer_who_was_merged_or_forgotten_is_not_made_again(owner):
    kept = CustomerFactory(number="1")
    CustomerFactory(number="2", merged_into=kept, archived_at=timezone.now())
    CustomerFactory(number="3", anonymised_at=timezone.now(), archived_at=timezone.now())

    found = checked(owner, "customers", csv_file("Klantnummer;Naam\n2;Oud\n3;Weg\n"))

    assert [text for _row, _column, text in found.problems] == [
        "Deze klant is bij u opgegaan in een andere klant.",
        "Deze klant is bij u geanonimiseerd.",
    ]
