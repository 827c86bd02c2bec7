"""Facturen: the overview, one invoice, its PDF, and whether it is paid."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.db.models import F
from django.forms.models import model_to_dict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from invoicing import tasks
from invoicing.collecting import draw_up, issue_invoice
from invoicing.models import Invoice
from invoicing.order_page import billing
from notifications.models import Message
from tests.factories import CustomerFactory, WorkOrderFactory
from workorders.models import WorkOrder

from .given import buyer, finished_order

OVERVIEW = reverse("invoicing:overview")


def issue(customer, by, *prices, **changes):
    invoice = issue_invoice(customer, [finished_order(customer, *(prices or ["25.00"]), by=by)], by=by)
    Invoice.objects.filter(pk=invoice.pk).update(**changes)
    invoice.refresh_from_db()
    return invoice


def due(customer, by, day, **changes):
    """An invoice of the term of the customer before this day."""
    orders = [finished_order(customer, "25.00", by=by)]
    invoice = draw_up(customer.company, customer, orders, by=by, on=day - timedelta(days=14))
    Invoice.objects.filter(pk=invoice.pk).update(**changes)
    return invoice


@pytest.fixture
def invoice(owner, garage):
    return issue(garage, owner.membership)


def page_of(name, invoice):
    return reverse(f"invoicing:{name}", args=[invoice.pk])


# --- overview ----------------------------------------------------------------------------------------------------


def test_the_overview_shows_number_date_customer_due_total_and_status(owner, invoice):
    page = owner.get(OVERVIEW)

    for shown in [invoice.number, "Garage Bakker", "€\xa030,25", f"{invoice.due_on:%-d-%-m-%Y}", "status-open"]:
        assertContains(page, shown)


def test_it_is_searched_by_number_and_customer(owner, garage):
    first, second = issue(garage, owner.membership), issue(buyer(name="Lease Later"), owner.membership)

    by_number = owner.get(OVERVIEW, {"zoek": first.number[-4:]})
    by_name = owner.get(OVERVIEW, {"zoek": " later "})

    assert list(by_number.context["object_list"]) == [first]
    assert list(by_name.context["object_list"]) == [second]


def test_it_is_filtered_on_status(owner, garage):
    today = timezone.localdate()
    late = due(garage, owner.membership, today - timedelta(days=1))
    paid = due(garage, owner.membership, today - timedelta(days=1), paid_on=today, paid_total=F("gross_total"))
    fresh = issue(garage, owner.membership)

    found = {
        status: set(owner.get(OVERVIEW, {"status": status}).context["object_list"]) for status in ("open", "vervallen", "betaald", "onzin")
    }

    assert found == {"open": {fresh, late}, "vervallen": {late}, "betaald": {paid}, "onzin": {fresh, late, paid}}


@pytest.mark.parametrize(("sort", "first"), [("bedrag", 0), ("-bedrag", 1), ("nummer", 0), ("-nummer", 1), ("klant", 1), ("onzin", 1)])
def test_it_sorts(owner, garage, sort, first):
    invoices = [issue(garage, owner.membership, "10.00"), issue(buyer(name="Aap"), owner.membership, "20.00")]

    assert owner.get(OVERVIEW, {"sorteren": sort}).context["object_list"][0] == invoices[first]


@pytest.mark.parametrize(
    "query", [{"zoek": "\x00"}, {"zoek": "x" * 5000}, {"pagina": "99999999999999999999"}, {"pagina": "-1"}, {"zoek": "<b>%_😀"}]
)
def test_a_strange_address_shows_a_page(owner, invoice, query):
    assert owner.get(OVERVIEW, query).status_code == 200


def test_it_asks_as_much_for_one_invoice_as_for_three(owner, garage, django_assert_num_queries):
    issue(garage, owner.membership)
    owner.get(OVERVIEW)

    with django_assert_num_queries(9):
        owner.get(OVERVIEW)
    for name in ("Tweede", "Derde"):
        issue(buyer(name=name), owner.membership)
    with django_assert_num_queries(9):
        owner.get(OVERVIEW)


def test_a_customer_sees_the_own_invoices_only(customer, owner, garage, neighbour):
    theirs = issue(garage, owner.membership)
    own = issue(buyer(name="Tijdelijk"), owner.membership)
    Invoice.objects.filter(pk=own.pk).update(customer=customer.membership.customer)

    page = customer.get(OVERVIEW)

    assert [row.number for row in page.context["object_list"]] == [own.number]
    assertNotContains(page, theirs.number)
    assertNotContains(page, "Te factureren")
    assert customer.get(page_of("detail", own)).status_code == 200
    assert {customer.get(page_of(name, theirs)).status_code for name in ("detail", "pdf")} == {404}


def test_an_employee_sees_no_invoices(employee, owner, invoice):
    assert {employee.get(OVERVIEW).status_code, *(employee.get(page_of(name, invoice)).status_code for name in ("detail", "pdf"))} == {403}


# --- one invoice -------------------------------------------------------------------------------------------------


def test_an_invoice_shows_its_lines_the_vat_per_rate_and_the_totals(owner, garage):
    high, low = finished_order(garage, "37.50", by=owner.membership), finished_order(garage, "10.00", by=owner.membership, vat_rate="9")
    invoice = issue_invoice(garage, [high, low], by=owner.membership)

    page = owner.get(page_of("detail", invoice))

    for shown in [
        "Kauwgom verwijderen",
        high.vehicle.plate_shown,
        "Btw 21% over €\xa037,50",
        "€\xa07,88",
        "Btw 9% over €\xa010,00",
        "€\xa056,28",
    ]:
        assertContains(page, shown)


def test_the_owner_sees_how_the_mail_stands_and_the_customer_does_not(owner, customer, invoice, company):
    before = owner.get(page_of("detail", invoice))
    tasks.make_pdf(company.pk, invoice.pk)
    Invoice.objects.update(customer=customer.membership.customer)
    mail = Message.objects.get()

    assertContains(before, "Wordt verstuurd zodra de PDF klaar is")
    assertContains(owner.get(page_of("detail", invoice)), reverse("notifications:detail", args=[mail.pk]))
    own = customer.get(page_of("detail", invoice))
    assertNotContains(own, "/berichten/")
    assertNotContains(own, "Markeren als betaald")


def test_without_an_address_it_says_so(owner, seller):
    invoice = issue(buyer(email=""), owner.membership)

    assertContains(owner.get(page_of("detail", invoice)), "geen e-mailadres")


def test_an_invoice_asks_as_much_for_one_line_as_for_three(owner, garage, django_assert_num_queries):
    small, large = issue(garage, owner.membership), issue(garage, owner.membership, "1.00", "2.00", "3.00")
    owner.get(page_of("detail", small))

    for invoice in (small, large):
        with django_assert_num_queries(16):
            owner.get(page_of("detail", invoice))


def test_no_page_changes_anything_else_of_an_issued_invoice(owner, invoice, garage, company):
    def kept():
        now = Invoice.objects.get()
        return model_to_dict(now, exclude=["paid_on", "paid_total", "pdf"]), [model_to_dict(line) for line in now.lines.all()]

    before = kept()

    rubbish = {"paid_on": timezone.localdate(), "amount": "1", "key": uuid4(), "method": "bank", "number": "X", "net_total": "1"}
    rubbish |= {"buyer": "{}", "issued_on": "2020-01-01", "orders": ["1"]}
    for name in ("detail", "pdf", "pay"):
        owner.post(page_of(name, invoice), rubbish)
        owner.put(page_of(name, invoice), rubbish)
        owner.delete(page_of(name, invoice))
    owner.post(reverse("invoicing:invoice-all", args=[garage.pk]), rubbish)
    owner.post(reverse("invoicing:from-order", args=[invoice.lines.get().order_id]), rubbish)

    assert kept() == before
    assert Invoice.objects.count() == 1


# --- the PDF -----------------------------------------------------------------------------------------------------


def test_the_pdf_opens_for_who_may_and_is_kept_by_no_shared_cache(owner, customer, invoice, company):
    Invoice.objects.update(customer=customer.membership.customer)
    tasks.make_pdf(company.pk, invoice.pk)

    for client in (owner, customer):
        response = client.get(page_of("pdf", invoice))
        assert b"".join(response.streaming_content).startswith(b"%PDF-")
        assert response["Content-Type"] == "application/pdf"
        assert invoice.number in response["Content-Disposition"]
        assert "private" in response["Cache-Control"]


def test_until_it_is_made_a_page_waits_and_then_goes_to_it(owner, invoice, company):
    address = page_of("pdf", invoice)

    waiting = owner.get(address)
    asked = owner.get(address, headers={"HX-Request": "true"})
    tasks.make_pdf(company.pk, invoice.pk)
    made = owner.get(address, headers={"HX-Request": "true"})

    assertContains(waiting, "De PDF wordt gemaakt", status_code=202)
    assertContains(waiting, '<noscript><meta http-equiv="refresh"', status_code=202)
    assertContains(asked, 'hx-trigger="every 2s"', status_code=202)
    assertNotContains(asked, "<html", status_code=202)
    assert made["HX-Redirect"] == address


def test_a_file_that_is_lost_is_a_page_that_is_not_there(owner, invoice, company):
    tasks.make_pdf(company.pk, invoice.pk)
    Path(default_storage.path(Invoice.objects.get().pdf.name)).unlink()

    assert owner.get(page_of("pdf", invoice)).status_code == 404


# --- on the page of an order --------------------------------------------------------------------------------------


def actions(order, client):
    order = WorkOrder.objects.get(pk=order.pk)
    context = {"order": order, "membership": client.membership, "billing": billing(order, client.membership), "csrf_input": ""}
    return render_to_string("invoicing/_order_actions.html", context)


def test_an_order_shows_the_button_then_the_invoice(owner, garage):
    order = finished_order(garage, "25.00", by=owner.membership)

    before = actions(order, owner)
    invoice = issue_invoice(garage, [order], by=owner.membership)
    after = actions(order, owner)

    assert reverse("invoicing:from-order", args=[order.pk]) in before
    assert page_of("detail", invoice) in after
    assert "<form" not in after


def test_the_button_shows_for_the_owner_and_finished_orders_only(owner, employee, customer, garage):
    order = finished_order(garage, "25.00", by=owner.membership)
    planned = WorkOrderFactory(customer=CustomerFactory(), created_by=owner.membership)

    assert "<form" in actions(order, owner)
    assert [actions(order, client).strip() for client in (employee, customer)] == ["", ""]
    assert actions(planned, owner).strip() == ""


def test_a_customer_goes_from_the_own_order_to_its_invoice(customer, owner, seller):
    own = customer.membership.customer
    own.street, own.postcode, own.city = "Dorpsstraat 2", "1234 AB", "Ouderkerk"
    own.save()
    order = finished_order(own, "25.00", by=owner.membership)
    invoice = issue_invoice(own, [order], by=owner.membership)

    page = customer.get(reverse("workorders:detail", args=[order.pk]))

    assertContains(page, page_of("detail", invoice))
    assertNotContains(page, "/te-factureren/")
