"""Extra work for a defect: done at once below the customer's limit, asked for above it, and answered by a link or by telephone."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cleanconnect.money import euro, with_or_without
from workorders.intake import described, record_changes
from workorders.models import WorkOrder, WorkOrderLine
from workorders.status import NotAllowed, Place, go_on, move

from . import mails
from .models import Approval

VALID_FOR = timedelta(days=14)
State = Approval.State


class NotOpen(Exception):
    """This approval was answered, withdrawn or has expired; the message is for the screen."""


@transaction.atomic
def propose(defect, service, unit_price, *, by):
    """Propose a handling as the repair of a defect, at a price in euro, with VAT or without as those of its order; returns the `Approval`.

    Within what the customer lets be done without asking it stands on the order at once; else the order waits and the customer's
    contact for approvals is mailed. Whether somebody could be mailed is in `is_mailed`.
    """
    order = WorkOrder.objects.select_for_update(no_key=True).select_related("customer").get(pk=defect.order_id)
    approval = Approval(
        order=order, defect=defect, service=service, name=service.name, unit_price=unit_price, vat_rate=service.vat_rate, asked_by=by
    )
    approval.price_includes_vat = order.prices_include_vat
    approval.expires_at, approval.is_mailed = timezone.now() + VALID_FOR, False
    if _is_within_limit(order, approval.price_excluding_vat):
        approval.state, approval.decided_at = State.WITHIN_LIMIT, timezone.now()
        approval.save()
        limit = euro(order.customer.work_through_limit)
        _add_to_order(approval, by=by, reason=_("mag zonder vragen, tot %(limit)s") % {"limit": limit})
        return approval
    approval.save()
    if order.status != WorkOrder.Status.WAITING:
        move(order, WorkOrder.Status.WAITING, by=by, reason=_("Extra werk: %(service)s") % {"service": service}, place=Place.TABLET)
    approval.is_mailed = mails.approval(approval, approval.link) is not None
    return approval


def _is_within_limit(order, price):
    """Whether this fits in the customer's limit together with what was done without asking on this order before."""
    limit = order.customer.work_through_limit
    before = sum(approval.price_excluding_vat for approval in order.approvals.filter(state=State.WITHIN_LIMIT))
    return limit is not None and before + price <= limit


@transaction.atomic
def decide(approval, approves, *, by=None, name="", ip=None):
    """Write down the customer's answer, once; returns the `Approval`. Raises `NotOpen`.

    `by` is who noted it at the office; without it the customer answered through the link, from `ip`, as `name`.
    """
    approval = Approval.objects.select_for_update(no_key=True, of=["self"]).select_related("service", "order").get(pk=approval.pk)
    if approval.state != State.ASKED or (by is None and not approval.is_open):
        raise NotOpen(_("Dit is al beantwoord, ingetrokken of verlopen."))
    approval.state = State.APPROVED if approves else State.REFUSED
    approval.decided_at, approval.decided_by, approval.decided_name, approval.decided_ip = timezone.now(), by, name[:100], ip
    approval.save()
    who = name or (by.name if by else _("de klant"))
    if approves:
        day = date_format(timezone.localtime(approval.decided_at), "j F Y H:i")
        _add_to_order(approval, by=by, reason=_("akkoord van %(who)s op %(day)s") % {"who": who, "day": day})
    _go_on_when_answered(approval, by=by, who=who)
    return approval


@transaction.atomic
def withdraw(approval, *, by):
    """Take a question back: its link no longer works, and the work goes on without it. Raises `NotOpen`."""
    approval = Approval.objects.select_for_update(no_key=True, of=["self"]).select_related("order").get(pk=approval.pk)
    if approval.state != State.ASKED:
        raise NotOpen(_("Dit is al beantwoord of ingetrokken."))
    approval.state, approval.decided_at, approval.decided_by = State.WITHDRAWN, timezone.now(), by
    approval.save()
    _go_on_when_answered(approval, by=by, who=by.name)
    return approval


def _go_on_when_answered(approval, *, by, who):
    """The order goes on once nothing is asked any more."""
    if approval.order.approvals.filter(state=State.ASKED).exists():
        return
    reason = f"{approval.name}: {approval.get_state_display().lower()} ({who})"
    go_on(approval.order, by=by, reason=reason, place=Place.OFFICE if by else Place.CUSTOMER)


def _add_to_order(approval, *, by, reason):
    """The extra work as a line of the order, once more of it when it is there already."""
    order, service = WorkOrder.objects.select_for_update(no_key=True).get(pk=approval.order_id), approval.service
    if order.archived_at or order.status == WorkOrder.Status.CANCELLED or order.is_charged:
        raise NotAllowed(_("%(order)s kan niet meer worden gewijzigd.") % {"order": order})
    before = described(order)
    there = order.lines.filter(service=service).exists()
    WorkOrderLine.objects.create(
        order=order,
        service=None if there else service,  # a handling stands on an order once; a second time it is a line of its own
        description=f"{service.group.name}: {service.name}",
        unit_price=with_or_without(
            approval.unit_price, approval.vat_rate, includes_vat=approval.price_includes_vat, wanted=order.prices_include_vat
        ),
        vat_rate=approval.vat_rate,
        minutes=service.minutes,
        price_reason=reason[:200],
        priced_by_hand=not there,
    )
    order.version += 1
    order.save(update_fields=["version"])
    record_changes(order, before, by=by)
