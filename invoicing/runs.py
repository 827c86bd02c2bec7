"""Facturatieronde: all that is to be invoiced up to a day, as invoices by each customer's profile, issued one by one.

An invoice of a run is issued in a transaction of its own, together with its row in the run: a worker that is killed, or two of
them, or two owners with a run each, leave nothing half and charge nothing twice.
"""

import logging
from datetime import date, timedelta
from decimal import Decimal

from django.db import OperationalError, transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cleanconnect import jobs
from cleanconnect.days import on_days
from customers.models import InvoicePer, InvoicingProfile

from . import collecting, tasks
from .models import InvoiceRun, Proposal, ProposedOrder

logger = logging.getLogger(__name__)
State = InvoiceRun.State


class AmountsChanged(Exception):
    """What the owner saw is not what it is now."""


@transaction.atomic
def propose(until, *, by):
    """A run of the work finished up to and including a day; None when there is nothing to invoice then.

    A week or month of a customer who is invoiced so is proposed once it is over.
    """
    orders = collecting.to_invoice().filter(on_days("completed_at", last=until)).select_related("customer", "branch", "vehicle")
    groups = {}
    for order in orders.order_by("customer__name", "customer_id", "completed_at", "pk"):
        last_day, key, title = _group(order)
        if last_day <= until:
            groups.setdefault((order.customer_id, key), (order.customer, title, []))[2].append(order)
    if not groups:
        return None
    run = InvoiceRun.objects.create(until=until, created_by=by)
    proposals = Proposal.objects.bulk_create(
        Proposal(run=run, customer=customer, title=title[:150]) for customer, title, _orders in groups.values()
    )
    ProposedOrder.objects.bulk_create(
        ProposedOrder(proposal=proposal, order=order)
        for proposal, (_customer, _title, of_group) in zip(proposals, groups.values(), strict=True)
        for order in of_group
    )
    return run


def _group(order):
    """`(last day, key, title)` of the invoice that an order belongs on; never more than a calendar month (standards: Wet OB art. 35)."""
    done = timezone.localdate(order.completed_at)
    split_key, split_title = _split(order)
    match order.customer.invoicing_profile:
        case InvoicingProfile.WEEK:
            week = done.isocalendar()
            sunday = date.fromisocalendar(week.year, week.week, 7)
            period, title = (week.year, week.week, done.month), _("week %(week)s") % {"week": week.week}
            last_day = min(sunday, _month_end(done))
        case InvoicingProfile.MONTH:
            period, title, last_day = (done.year, done.month), date_format(done, "F Y"), _month_end(done)
        case _per_order:
            return done, order.pk, f"{order} · {order.vehicle}"
    return last_day, (period, split_key), " · ".join(filter(None, [title, split_title]))


def _split(order):
    """`(key, title)` of what a customer wants an invoice of its own for."""
    match order.customer.invoice_per:
        case InvoicePer.BRANCH:
            return order.branch_id, order.branch and order.branch.name
        case InvoicePer.COST_CENTRE:
            return order.cost_centre, order.cost_centre
        case InvoicePer.PO:
            return order.po_number, order.po_number
        case InvoicePer.VEHICLE:
            return order.vehicle_id, str(order.vehicle)
    return None, ""


def _month_end(day):
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def with_orders(run):
    """The proposals of a run, each with `now`: its orders that can still be invoiced, and `net_now`, what they amount to."""
    proposals = list(run.proposals.select_related("customer__type", "invoice"))
    orders = {order.pk: order for order in collecting.to_invoice().filter(pk__in=_orders_of(run)).select_related("vehicle")}
    found = {}
    for link in ProposedOrder.objects.filter(proposal__run=run):
        if link.order_id in orders:
            found.setdefault(link.proposal_id, []).append(orders[link.order_id])
    for proposal in proposals:
        proposal.now = found.get(proposal.pk, [])
        proposal.net_now = sum((order.net for order in proposal.now), Decimal(0))
    return proposals


def _orders_of(run):
    return ProposedOrder.objects.filter(proposal__run=run).values("order")


@transaction.atomic
def confirm(run, *, without=(), without_orders=(), seen):
    """Start issuing a run, but for these proposals and orders; `seen` is the total excluding VAT of all that was shown.

    Raises `AmountsChanged` when that is not what it comes to now, or when one of these is not in it.
    """
    run = InvoiceRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    if run.state != State.PROPOSED:
        return
    proposals = with_orders(run)
    orders = {order.pk for proposal in proposals for order in proposal.now}
    is_as_seen = sum(proposal.net_now for proposal in proposals) == seen
    if not is_as_seen or set(without) - {proposal.pk for proposal in proposals} or set(without_orders) - orders:
        raise AmountsChanged
    stay = orders - set(without_orders)
    ProposedOrder.objects.filter(proposal__run=run).exclude(order__in=stay).delete()
    for proposal in proposals:
        left = [order for order in proposal.now if order.pk in stay]
        proposal.net = sum((order.net for order in left), Decimal(0))
        proposal.is_included = bool(left) and proposal.pk not in without
    Proposal.objects.bulk_update(proposals, ["net", "is_included"])
    _go_on(run)


@transaction.atomic
def stop(run):
    """No further invoice is made; what was made stays."""
    InvoiceRun.objects.filter(pk=run.pk, state=State.RUNNING).update(state=State.STOPPED)


@transaction.atomic
def resume(run):
    run = InvoiceRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    if run.state == State.STOPPED:
        _go_on(run)


def _go_on(run):
    run.state = State.RUNNING
    run.save(update_fields=["state"])
    jobs.add(tasks.issue_run, run)


def discard(run):
    """Throw a proposal away that was not agreed to; returns whether it was there."""
    return bool(InvoiceRun.objects.filter(pk=run.pk, state=State.PROPOSED).delete()[0])


@transaction.atomic
def issue_next(run_id):
    """Issue the next invoice of a run that goes on; False when there is none left to issue."""
    run = InvoiceRun.objects.select_for_update(no_key=True).filter(pk=run_id, state=State.RUNNING).select_related("created_by").first()
    if run is None:
        return False
    proposal = run.proposals.filter(is_included=True, state=Proposal.State.WAITING).order_by("pk").select_related("customer__type").first()
    if proposal is None:
        run.state, run.finished_at = State.DONE, timezone.now()
        run.save(update_fields=["state", "finished_at"])
        return False
    try:
        with transaction.atomic():
            proposal.invoice = _issue(proposal, run.created_by)
        proposal.state = Proposal.State.ISSUED
    except collecting.InvoicingError as error:
        proposal.state, proposal.problem = Proposal.State.REFUSED, str(error)[:300]
    except OperationalError:  # two transactions met, or the database went away: nothing is wrong with this invoice
        raise
    except Exception:  # the others go on; this one is looked at
        logger.exception("an invoice of a run failed", extra={"proposal": proposal.pk})
        proposal.state, proposal.problem = Proposal.State.REFUSED, _("Er ging iets mis; probeer deze factuur los.")
    proposal.save(update_fields=["invoice", "state", "problem"])
    return True


def _issue(proposal, by):
    invoice = collecting.issue_invoice(proposal.customer, proposal.orders, by=by)
    if proposal.orders.aggregate(net=Sum("net"))["net"] != proposal.net:  # they are locked now
        raise collecting.InvoicingError(_("Het bedrag is veranderd nadat u akkoord gaf; bekijk deze werkorders opnieuw."))
    return invoice


def progress(run):
    """`{"total", "issued", "refused", "left", "percent", "net"}` of what was agreed to."""
    found = run.proposals.filter(is_included=True).aggregate(
        total=Count("pk"),
        issued=Count("pk", filter=Q(state=Proposal.State.ISSUED)),
        refused=Count("pk", filter=Q(state=Proposal.State.REFUSED)),
        net=Sum("net", filter=Q(state=Proposal.State.ISSUED), default=Decimal(0)),
    )
    done = found["issued"] + found["refused"]
    return found | {"left": found["total"] - done, "percent": 100 * done // found["total"] if found["total"] else 100}
