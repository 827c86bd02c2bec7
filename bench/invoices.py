"""Month end: 600 orders of 40 customers become invoices with PDF and mail, the files by two processes as two workers would make them."""

import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from uuid import uuid4

from django.db.models import Sum
from django.utils import timezone

from accounts.models import Company, Membership
from bench import worker
from bench.filling import fill
from cleanconnect.celery import keep_what_is_loaded
from cleanconnect.tenancy import context
from customers.models import Customer
from invoicing import pdf, runs
from invoicing.collecting import issue_free_invoice, issue_invoice, to_invoice
from invoicing.models import Invoice
from invoicing.tests.given import SELLER
from workorders.models import WorkOrder

ORDERS, FEW, WORKERS = 600, 60, 2
TWO_PAGES = 9  # orders on an invoice of two pages


def month_end():
    """Pairs (label, seconds)."""
    company = fill("benchinvoices", 2_000)
    with context.company(company.pk):
        Company.objects.filter(pk=company.pk).update(**SELLER, email="info@bench.example")
        member = Membership.objects.get()
        Customer.objects.update(invoicing_profile="order")
        orders = list(to_invoice().order_by("pk").values_list("pk", flat=True)[: TWO_PAGES + FEW + ORDERS])
        yield "PDF of two pages, warm", two_pages(orders[:TWO_PAGES], member)
        yield "PDF of 10,000 lines", ten_thousand_lines(member)
    for chosen in (orders[TWO_PAGES : TWO_PAGES + FEW], orders[TWO_PAGES + FEW :]):
        with context.company(company.pk):
            WorkOrder.objects.update(is_history=True)  # history is not invoiced
            WorkOrder.objects.filter(pk__in=chosen).update(is_history=False)
        issued, seconds = issue(company, member)
        check(company, chosen, issued)
        yield f"{len(chosen)} invoices, issued by a run", seconds
        yield f"their PDFs and mails, {WORKERS} processes", make_files(company, issued)


def two_pages(orders, member):
    """Seconds for one as a worker makes it, the mean of ten after one to warm up."""
    customer = Customer.objects.first()
    WorkOrder.objects.filter(pk__in=orders).update(customer=customer)
    invoice = issue_invoice(customer, WorkOrder.objects.filter(pk__in=orders), by=member)
    pages = len(pdf.document(invoice).pages)
    if pages != 2:
        raise RuntimeError(f"{pages} pages")
    keep_what_is_loaded()
    started = time.perf_counter()
    for _time in range(10):
        pdf.render(invoice)
    return (time.perf_counter() - started) / 10


def ten_thousand_lines(member):
    """Seconds for the PDF of the longest invoice we promise."""
    lines = [{"description": f"Handeling {number}", "quantity": 1, "unit_price": 10, "vat_rate": "21"} for number in range(10_000)]
    invoice = issue_free_invoice(Customer.objects.first(), lines, by=member, key=uuid4())
    started = time.perf_counter()
    pdf.render(invoice)
    return time.perf_counter() - started


def issue(company, member):
    """The invoices of a run, issued as its worker does; and the seconds it took."""
    with context.company(company.pk):
        run = runs.propose(timezone.localdate(), by=member)
        runs.confirm(run, seen=sum((proposal.net_now for proposal in runs.with_orders(run)), Decimal(0)))
    started, more = time.perf_counter(), True
    while more:
        with context.company(company.pk):
            more = runs.issue_next(run.pk)
    seconds = time.perf_counter() - started
    with context.company(company.pk):
        return list(run.proposals.values_list("invoice", flat=True)), seconds


def check(company, orders, issued):
    """What was done and what was charged are the same, to the cent."""
    with context.company(company.pk):
        done = WorkOrder.objects.filter(pk__in=orders).aggregate(total=Sum("net"))["total"]
        charged = Invoice.objects.filter(pk__in=issued).aggregate(total=Sum("net_total"))["total"]
    if (len(issued), charged) != (len(orders), done):
        raise RuntimeError(f"{len(issued)} invoices of {charged} for {len(orders)} orders of {done}")


def make_files(company, issued):
    """Seconds for their PDFs and mails; the processes are up before the clock runs."""
    with ProcessPoolExecutor(WORKERS, multiprocessing.get_context("spawn"), worker.set_up) as workers:
        list(workers.map(worker.ready, range(WORKERS)))
        started = time.perf_counter()
        made = sum(workers.map(worker.make, [company.pk] * len(issued), issued, chunksize=10))
        seconds = time.perf_counter() - started
    if made != len(issued):
        raise RuntimeError(f"{made} mails for {len(issued)} invoices")
    return seconds
