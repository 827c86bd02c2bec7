"""Every overview as a file: what is filtered, for whom it is, and harmless for a spreadsheet."""

import csv
import io
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cleanconnect.navigation import MENU
from cleanconnect.views import Exportable
from customers.models import Customer
from exports import lists, tasks
from exports.models import Export
from imports.tests.given import counts, csv_file, imported
from imports.tests.test_customer_fields import of_everything
from invoicing.models import Invoice
from tests.factories import CustomerFactory, PriceAgreementFactory, ServiceFactory, WorkOrderFactory, WorkOrderLineFactory
from tests.isolation.addresses import addresses


def save(client, address, format="csv"):
    """The answer to *Opslaan als*, after its redirect."""
    return client.post(reverse("exports:create"), {"adres": address, "soort": format}, follow=True)


def content(response):
    return b"".join(response.streaming_content)


def csv_rows(response):
    return list(csv.reader(io.StringIO(content(response).decode("utf-8-sig")), delimiter=";"))


def xlsx_rows(response):
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(content(response))).active.iter_rows()]


def overviews():
    """`{url name: view class}` of every overview."""
    views = {address.name: address.view for address in addresses()}
    return {name: view for name, view in views.items() if isinstance(view, type) and issubclass(view, Exportable)}


def test_every_overview_can_be_saved():
    assert {name for name, view_class in overviews().items() if view_class.sheet is None} == {"exports:overview"}
    assert len(overviews()) > 15


def test_every_overview_in_the_menu_is_one():
    names = {tab.url_name for item in MENU for tab in item.tabs if "overview" in tab.url_name}

    assert names - set(overviews()) == {"imports:overview", "bookkeeping:overview"}


@pytest.mark.parametrize("name", sorted(name for name in overviews() if name != "exports:overview"))
@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_an_overview_is_saved_with_its_columns(owner, name, format):
    line = WorkOrderLineFactory(order=WorkOrderFactory(customer__name="Autobedrijf De Vries"))
    agreement = PriceAgreementFactory(customer=line.order.customer)
    about = {
        "vehicle-page": [line.order.vehicle_id],
        "services:agreements": [agreement.customer_id],
        "customer-history": [agreement.customer_id],
    }.get(name, [])

    response = save(owner, reverse(name, args=about), format)

    assert response.status_code == 200, response.redirect_chain
    rows = csv_rows(response) if format == "csv" else xlsx_rows(response)
    assert rows[0] == [str(column.label) for column in overviews()[name].sheet.columns]
    assert len(rows) == Export.objects.get().row_count + 1


def test_the_file_holds_what_is_filtered_in_its_order(owner):
    for name, city in (("Bakker", "Delft"), ("Anker", "Delft"), ("Cornelis", "Leiden")):
        CustomerFactory(name=name, city=city)

    rows = csv_rows(save(owner, reverse("customers:overview") + "?zoek=delft&sorteren=-naam&pagina=7"))

    assert [row[1] for row in rows[1:]] == ["Bakker", "Anker"]


def test_amounts_and_dates_are_as_a_dutch_spreadsheet_reads_them(owner):
    Invoice.objects.create(
        number="2026-0001",
        customer=CustomerFactory(),
        issued_on="2026-03-01",
        due_on="2026-03-15",
        seller={},
        buyer={},
        net_total=Decimal("1234.50"),
        vat_total=Decimal("259.25"),
        gross_total=Decimal("1493.75"),
        created_by=owner.membership,
    )

    text = csv_rows(save(owner, reverse("invoicing:overview")))
    cells = xlsx_rows(save(owner, reverse("invoicing:overview"), "xlsx"))

    assert (text[1][2], text[1][6]) == ("01-03-2026", "1234,50")
    assert (cells[1][2].isoformat(), cells[1][6]) == ("2026-03-01T00:00:00", 1234.5)


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+cmd|'x'", "-2+3+cmd|'x'", "@SUM(A1)", "\t=1+1"])
def test_a_formula_is_harmless(owner, name):
    Customer.objects.filter(pk=CustomerFactory().pk).update(name=name)

    assert csv_rows(save(owner, reverse("customers:overview")))[1][1] == f"'{name}"
    export = save(owner, reverse("customers:overview"), "xlsx")
    cell = openpyxl.load_workbook(io.BytesIO(content(export))).active["B2"]
    assert (cell.data_type, cell.value) == ("s", name)


def test_a_telephone_number_stays_as_it_is(owner):
    CustomerFactory(phone="+31 (0)10-123 45 67")

    assert csv_rows(save(owner, reverse("customers:overview")))[1][5] == "+31 (0)10-123 45 67"


def test_what_a_workbook_cannot_hold_is_left_out(owner):
    Customer.objects.filter(pk=CustomerFactory().pk).update(name="Bel\x07 ons", note="x" * 40_000)

    row = xlsx_rows(save(owner, reverse("customers:overview"), "xlsx"))[1]

    assert row[1] == "Bel ons"
    assert len(row[-2]) == 32_767


def test_a_customer_saves_its_own_orders_only(customer):
    mine, other = WorkOrderFactory(customer=customer.membership.customer), WorkOrderFactory()

    rows = csv_rows(save(customer, reverse("workorders:overview")))

    assert [row[0] for row in rows[1:]] == [str(mine.number)]
    assert other.number != mine.number


@pytest.mark.parametrize("name", ["customers:overview", "services:overview", "notifications:overview"])
def test_a_customer_cannot_save_what_it_cannot_see(customer, name):
    assert save(customer, reverse(name)).status_code == 404
    assert not Export.objects.exists()


def test_an_employee_saves_nothing(employee):
    assert save(employee, reverse("workorders:overview")).status_code == 403
    assert "Opslaan als" not in employee.get(reverse("quality:today")).content.decode()


@pytest.mark.parametrize(
    "address", ["", "/", "/bestaat-niet/", "https://elders.example/klantenbeheer/overzicht/", "/klantenbeheer/aanmaken/", "//x", "x\x00y"]
)
def test_another_address_is_no_list(owner, address):
    assert save(owner, address).status_code == 404


@pytest.mark.parametrize("query", ["zoek=€ café", "zoek=%FF%00", "pagina=x", "type=999999999999999999999", "sorteren=;drop"])
def test_a_query_of_nonsense_is_a_list_too(owner, query):
    CustomerFactory(name="De Vries")

    assert save(owner, f"{reverse('customers:overview')}?{query}").status_code == 200


def test_a_list_about_something_that_does_not_exist_is_no_list(owner):
    assert save(owner, reverse("vehicle-page", args=[999_999])).status_code == 404


@pytest.mark.parametrize("format", ["", "zip", "pdf"])
def test_another_format_is_refused(owner, format):
    assert save(owner, reverse("customers:overview"), format).status_code == 404


def test_a_long_list_is_made_by_a_worker_with_a_bar_before_it(owner, monkeypatch):
    monkeypatch.setattr(lists, "AT_ONCE", 1)
    CustomerFactory.create_batch(3)

    waiting = save(owner, reverse("customers:overview"))
    export = Export.objects.get()
    assert '<progress value="0"' in waiting.content.decode()
    assert owner.get(reverse("exports:download", args=[export.pk])).status_code == 404

    tasks.make(export.company_id, export.pk)
    tasks.make(export.company_id, export.pk)

    bar = owner.get(reverse("exports:detail", args=[export.pk]), headers={"HX-Request": "true", "HX-Target": "bar"})
    assert bar["HX-Redirect"] == reverse("exports:detail", args=[export.pk])
    assert "Downloaden" in owner.get(bar["HX-Redirect"]).content.decode()
    assert len(csv_rows(owner.get(reverse("exports:download", args=[export.pk])))) == 4


def test_the_worker_sees_no_more_than_the_customer_who_asked(customer, monkeypatch):
    monkeypatch.setattr(lists, "AT_ONCE", 0)
    mine = WorkOrderFactory(customer=customer.membership.customer)
    WorkOrderFactory()
    save(customer, reverse("workorders:overview"))
    export = Export.objects.get()

    tasks.make(export.company_id, export.pk)

    rows = csv_rows(customer.get(reverse("exports:download", args=[export.pk])))
    assert [row[0] for row in rows[1:]] == [str(mine.number)]


def test_an_employee_who_may_not_see_prices_gets_no_column_of_them(employee):
    view = lists.list_at(reverse("workorders:overview"), employee.membership)

    assert "Totaal excl. btw" not in [column.label for column in view.sheet.columns_for(employee.membership)]


def test_a_list_that_may_no_longer_be_seen_fails_with_a_reason(owner, monkeypatch):
    monkeypatch.setattr(lists, "AT_ONCE", 0)
    CustomerFactory()
    save(owner, reverse("customers:overview"))
    export = Export.objects.get()
    Export.objects.update(address="/weg/")

    tasks.make(export.company_id, export.pk)

    assert "bestaat niet meer" in owner.get(reverse("exports:detail", args=[export.pk])).content.decode()


def test_saved_customers_can_be_imported_again_without_a_change(owner):
    CustomerFactory.create_batch(3, phone="+31 10 1234567")

    text = content(save(owner, reverse("customers:overview")))
    found = imported(owner, "customers", csv_file(text))

    assert counts(found) == (0, 0, 3, 0), found.problems


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_all_of_a_customer_abroad_comes_back_from_the_file_without_a_change(owner, format):
    customer = of_everything()
    customer.company = owner.membership.company
    customer.save()
    CustomerFactory(name="=1+1", number="007", country="DE", vat_number="DE136695976", postcode="01067", archived_at=timezone.now())

    file = SimpleUploadedFile(f"klanten.{format}", content(save(owner, reverse("customers:overview") + "?staat=alle", format)))
    found = imported(owner, "customers", file)

    assert (counts(found), found.doubt_count) == ((0, 0, 2, 0), 0), found.problems


def test_saved_handlings_can_be_imported_again_without_a_change(owner):
    service = ServiceFactory(price=Decimal("1250.00"))

    text = content(save(owner, reverse("services:overview") + f"?soort={service.group.vehicle_type_id}"))
    found = imported(owner, "services", csv_file(text))

    assert counts(found) == (0, 0, 1, 0), found.problems
