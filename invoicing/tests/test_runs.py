"""Facturatierondes: proposed by profile, agreed to, issued once, whoever stops, kills or repeats."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import OperationalError
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from cleanconnect import jobs
from cleanconnect.jobs import Job
from customers.models import Branch
from invoicing import collecting, pdf, runs, tasks
from invoicing.models import Invoice, InvoiceLine, InvoiceRun, Proposal
from tests.factories import VehicleFactory, WorkOrderLineFactory

from .given import buyer, finished_order
from .test_pdf import page_texts

LATER = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """Runs go on when the test says so."""
    monkeypatch.setattr("invoicing.tasks.issue_run.delay", lambda *args: None)
    monkeypatch.setattr("invoicing.tasks.make_pdf.delay", lambda *args: None)


def page(name, run):
    return reverse(f"invoicing:{name}", args=[run.pk])


def groups(run):
    """`{title: order pks}` of what a run proposes."""
    return {proposal.title: [order.pk for order in proposal.orders.order_by("pk")] for proposal in run.proposals.all()}


def agree(run, **how):
    total = sum(proposal.net_now for proposal in runs.with_orders(run))
    runs.confirm(run, seen=total, **how)
    run.refresh_from_db()


def go(run):
    tasks.issue_run(run.company_id, run.pk)
    run.refresh_from_db()


# --- what is proposed --------------------------------------------------------------------------------------------


def test_each_order_by_itself(owner, garage):
    first, second = (finished_order(garage, "10.00", by=owner.membership) for _order in range(2))

    assert list(groups(runs.propose(LATER, by=owner.membership)).values()) == [[first.pk], [second.pk]]


def test_per_month_once_the_month_is_over(owner, seller):
    customer = buyer(invoicing_profile="month")
    october = [finished_order(customer, "10.00", by=owner.membership, on=day) for day in ("2026-10-01", "2026-10-31")]
    november = finished_order(customer, "10.00", by=owner.membership, on="2026-11-02")

    assert groups(runs.propose(LATER, by=owner.membership)) == {"oktober 2026": [order.pk for order in october]}
    assert groups(runs.propose(date(2026, 11, 30), by=owner.membership))["november 2026"] == [november.pk]


def test_per_week_but_never_over_two_months(owner, seller):
    customer = buyer(invoicing_profile="week")
    days = ("2026-10-30", "2026-11-01", "2026-11-02", "2026-11-08")
    orders = [finished_order(customer, "10.00", by=owner.membership, on=day).pk for day in days]

    run = runs.propose(LATER, by=owner.membership)

    found = [[order.pk for order in proposal.orders.order_by("pk")] for proposal in run.proposals.order_by("pk")]
    assert found == [orders[:1], orders[1:2], orders[2:]]


@pytest.mark.parametrize(
    ("per", "expected"),
    [
        ("all", [[0, 1, 2, 3]]),
        ("branch", [[0, 1, 2], [3]]),
        ("centre", [[0, 2, 3], [1]]),
        ("po", [[0, 1, 3], [2]]),
        ("vehicle", [[0, 3], [1], [2]]),
    ],
)
def test_an_invoice_of_its_own_for_what_the_customer_wants(owner, seller, per, expected):
    customer = buyer(invoicing_profile="month", invoice_per=per)
    orders = [finished_order(customer, "10.00", by=owner.membership, on="2026-10-05") for _order in range(4)]
    orders[1].cost_centre, orders[2].po_number, orders[3].vehicle = "K1", "PO9", orders[0].vehicle
    orders[3].branch = Branch.objects.create(customer=customer, name="Noord")
    for order in orders:
        order.save()

    run = runs.propose(LATER, by=owner.membership)

    found = [
        [[order.pk for order in orders].index(order.pk) for order in proposal.orders.order_by("pk")] for proposal in run.proposals.all()
    ]
    assert sorted(found) == expected


def test_nothing_to_invoice_is_no_run(owner, garage):
    finished_order(garage, "10.00", by=owner.membership, on="2026-11-20")

    assert runs.propose(date(2026, 11, 19), by=owner.membership) is None
    assert not InvoiceRun.objects.exists()


# --- what is issued ----------------------------------------------------------------------------------------------


def test_all_that_was_agreed_to_is_invoiced_to_the_cent(owner, seller):
    customers = [buyer(name=f"Klant {number}", invoicing_profile="month" if number % 2 else "order") for number in range(4)]
    for number in range(12):
        finished_order(customers[number % 4], f"{number + 1}.33", by=owner.membership, on="2026-10-15")
    before = collecting.waiting()
    run = runs.propose(LATER, by=owner.membership)

    agree(run)
    go(run)

    assert (run.state, collecting.waiting()["count"]) == ("done", 0)
    assert Invoice.objects.count() == 2 * 3 + 2
    assert sum(invoice.net_total for invoice in Invoice.objects.all()) == before["total"]
    assert runs.progress(run)["percent"] == 100


def test_what_is_skipped_stays_to_be_invoiced(owner, seller):
    customer, other = buyer(invoicing_profile="month"), buyer(name="Ander")
    orders = [finished_order(customer, "10.00", by=owner.membership, on="2026-10-05") for _order in range(3)]
    skipped = finished_order(other, "10.00", by=owner.membership)
    run = runs.propose(LATER, by=owner.membership)

    agree(run, without=[run.proposals.get(customer=other).pk], without_orders=[orders[1].pk])
    go(run)

    assert Invoice.objects.get().lines.count() == 2
    assert {order.pk for order in collecting.to_invoice()} == {orders[1].pk, skipped.pk}


def test_a_worker_that_dies_leaves_nothing_half_and_nothing_is_doubled(owner, garage, monkeypatch):
    for _order in range(3):
        finished_order(garage, "10.00", by=owner.membership)
    run = runs.propose(LATER, by=owner.membership)
    agree(run)
    save = Proposal.save
    monkeypatch.setattr(Proposal, "save", lambda *args, **kwargs: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        tasks.issue_run(run.company_id, run.pk)
    assert not Invoice.objects.exists()
    monkeypatch.setattr(Proposal, "save", save)
    again = []
    monkeypatch.setattr("invoicing.tasks.issue_run.delay", lambda *args: again.append(args))

    Job.objects.update(due_at=Now(), nudged_at=None)
    jobs.sweep()
    go(run)

    assert again == [(run.company_id, run.pk)]
    assert sorted(Invoice.objects.values_list("number", flat=True)) == [f"{timezone.localdate().year}-{number:04}" for number in (1, 2, 3)]
    go(run)
    assert Invoice.objects.count() == 3


def test_two_owners_with_a_run_each_charge_nothing_twice(owner, seller):
    customer = buyer(invoicing_profile="month")
    finished_order(customer, "10.00", by=owner.membership, on="2026-10-05")
    one, other = (runs.propose(LATER, by=owner.membership) for _run in range(2))
    agree(one)
    agree(other)

    go(one)
    go(other)

    assert Invoice.objects.count() == 1
    assert InvoiceLine.objects.count() == 1
    refused = other.proposals.get()
    assert (refused.state, refused.invoice) == ("refused", None)
    assert "al gefactureerd" in refused.problem
    assertContains(owner.get(page("run", other)), "al gefactureerd")


def test_it_is_stopped_and_resumed(owner, garage):
    for _order in range(3):
        finished_order(garage, "10.00", by=owner.membership)
    run = runs.propose(LATER, by=owner.membership)
    agree(run)
    runs.issue_next(run.pk)

    assertContains(owner.get(page("run", run)), "1 van 3 gemaakt")
    owner.post(page("run-stop", run))
    go(run)
    assert (run.state, Invoice.objects.count()) == ("stopped", 1)
    assertContains(owner.get(page("run", run)), "2 facturen zijn nog niet gemaakt")
    owner.post(page("run-resume", run))
    go(run)

    assert (run.state, Invoice.objects.count()) == ("done", 3)


def test_one_that_cannot_be_made_does_not_hold_up_the_others(owner, seller):
    homeless, fine = buyer(name="A", street=""), buyer(name="B")
    finished_order(homeless, "10.00", by=owner.membership)
    finished_order(fine, "10.00", by=owner.membership)
    run = runs.propose(LATER, by=owner.membership)
    assertContains(owner.get(page("run", run)), "Vul aan: adres")
    agree(run)

    go(run)

    assert {proposal.customer.name: proposal.state for proposal in run.proposals.all()} == {"A": "refused", "B": "issued"}
    assertContains(owner.get(page("run", run)), "1 factuur kon niet worden gemaakt")


def test_a_database_that_says_later_refuses_no_invoice(owner, garage, monkeypatch):
    finished_order(garage, "10.00", by=owner.membership)
    run = runs.propose(LATER, by=owner.membership)
    agree(run)

    def meet(*args, **kwargs):
        raise OperationalError("deadlock detected")

    with monkeypatch.context() as patch:
        patch.setattr(collecting, "issue_invoice", meet)
        with pytest.raises(OperationalError):
            runs.issue_next(run.pk)

    go(run)
    assert (run.state, run.proposals.get().state) == (InvoiceRun.State.DONE, Proposal.State.ISSUED)


def test_a_price_that_changed_after_the_owner_agreed_is_not_charged(owner, garage):
    order = finished_order(garage, "10.00", by=owner.membership)
    run = runs.propose(LATER, by=owner.membership)
    agree(run)
    order.lines.update(unit_price=Decimal(99))

    go(run)

    assert run.proposals.get().state == "refused"
    assert not Invoice.objects.exists()


# --- pages -------------------------------------------------------------------------------------------------------


def test_the_owner_proposes_looks_and_agrees(owner, seller):
    customer = buyer(invoicing_profile="month")
    orders = [finished_order(customer, "10.00", by=owner.membership, on="2026-10-05") for _order in range(2)]
    assertContains(owner.get(reverse("invoicing:to-invoice")), "2 werkorders")

    run_page = owner.post(reverse("invoicing:run-start"), {"until": "2026-11-24"}).url
    proposed = owner.get(run_page)
    run = InvoiceRun.objects.get()

    for said in ("oktober 2026", "2 werkorders", "€\xa020,00"):
        assertContains(proposed, said)
    response = owner.post(page("run-confirm", run), {"seen": "20.00", "skip_order": [orders[0].pk]})
    assertRedirects(response, run_page)
    go(run)
    assertContains(owner.get(run_page), "1 van 1 facturen gemaakt")
    assertContains(owner.get(reverse("invoicing:runs")), "Klaar")


def test_amounts_that_changed_meanwhile_are_shown_first(owner, garage):
    order = finished_order(garage, "10.00", by=owner.membership)
    run = runs.propose(LATER, by=owner.membership)
    order.lines.update(unit_price=Decimal(12))

    for seen in ("10.00", "", "veel", "NaN"):
        response = owner.post(page("run-confirm", run), {"seen": seen, "skip": ["x", "9" * 30]})
        assertContains(response, "Er is iets veranderd", status_code=422)
    run.refresh_from_db()
    assert run.state == "proposed"


@pytest.mark.parametrize("name", ["skip", "skip_order"])
def test_skipping_what_is_not_in_the_proposal_shows_it_again(owner, garage, name):
    finished_order(garage, "10.00", by=owner.membership)
    run = runs.propose(LATER, by=owner.membership)

    response = owner.post(page("run-confirm", run), {"seen": "10.00", name: ["999999999"]})

    assertContains(response, "Er is iets veranderd", status_code=422)
    run.refresh_from_db()
    assert run.state == "proposed"


@pytest.mark.parametrize(
    ("until", "said"), [("", "verplicht"), ("morgen", "datum"), ("2999-01-01", "nog niet geweest"), ("2026-01-01", "niets te factureren")]
)
def test_a_day_that_is_none_is_said(owner, garage, until, said):
    finished_order(garage, "10.00", by=owner.membership)

    response = owner.post(reverse("invoicing:run-start"), {"until": until})

    if response.status_code == 302:
        response = owner.get(response.url)
    else:
        assertContains(response, f'value="{until}"' if until else 'aria-invalid="true"', status_code=422)
    assertContains(response, said, status_code=response.status_code)


def test_a_proposal_is_thrown_away_but_no_run_that_began(owner, garage):
    finished_order(garage, "10.00", by=owner.membership)
    proposed, begun = (runs.propose(LATER, by=owner.membership) for _run in range(2))
    agree(begun)

    for run in (proposed, begun):
        owner.post(page("run-discard", run))

    assert list(InvoiceRun.objects.all()) == [begun]


@pytest.mark.parametrize(("month", "late"), [("2026-09-30", 1), ("2026-10-31", 1), ("2026-11-01", 0)])
def test_work_past_the_legal_day_is_pointed_out(owner, garage, month, late):
    finished_order(garage, "10.00", by=owner.membership, on=month)
    response = owner.get(reverse("invoicing:to-invoice"))

    assert collecting.waiting()["late_count"] == (late if timezone.localdate() < date(2026, 12, 16) else 1)
    (assertContains if response.context["waiting"]["late_count"] else assertNotContains)(response, "volgens de wet")


def test_the_proposal_asks_as_much_for_two_orders_as_for_ten(owner, garage, django_assert_max_num_queries):
    counts = []
    for number in (2, 10):
        for _order in range(number):
            finished_order(garage, "10.00", by=owner.membership)
        run = runs.propose(LATER, by=owner.membership)
        owner.get(page("run", run))
        with django_assert_max_num_queries(30) as captured:
            owner.get(page("run", run))
        counts.append(len(captured))

    assert counts[0] == counts[1]


# --- a line for each car -----------------------------------------------------------------------------------------


def test_a_customer_who_wants_it_gets_a_line_for_each_car(owner, seller):
    customer = buyer(invoice_line_per_vehicle=True)
    order = finished_order(customer, by=owner.membership)
    order.vehicle = VehicleFactory(plate="AB123C", plate_shown="AB-123-C")
    order.save()
    for name, price in (("Wassen", "10.00"), ("Poetsen", "20.00")):
        WorkOrderLineFactory(order=order, description=name, unit_price=Decimal(price))

    invoice = collecting.issue_invoice(customer, [order], by=owner.membership)
    [text] = page_texts(pdf.document(invoice))

    assert "Wassen, Poetsen 21% € 30,00" in text
    assert invoice.lines.count() == 2
