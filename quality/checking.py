"""The check of one order: the questions, and an answer stamped with who and when."""

from dataclasses import dataclass
from itertools import groupby

from django.db import transaction
from django.db.models import Case, Count, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from workorders.models import WorkOrder

from .models import Check, ChecklistItem


class NotAnswerable(Exception):
    """An answer that comes too late; the message is for the screen."""


class OrderClosed(NotAnswerable):
    def __init__(self, order):
        super().__init__(_("%(order)s is al gereed; de kwaliteitscheck kan niet meer worden gewijzigd.") % {"order": order})


class NotOnChecklist(NotAnswerable):
    def __init__(self, item):
        super().__init__(_("%(item)s staat niet meer op de checklist.") % {"item": item})


@transaction.atomic
def answer(order, item, *, passed, by):
    """Note Ja or Nee; the last answer counts. A planned order is in progress from its first answer on.

    Raises `OrderClosed`, `NotOnChecklist`.
    """
    order = WorkOrder.objects.select_for_update().get(pk=order.pk)
    if not order.is_open:
        raise OrderClosed(order)
    if not ChecklistItem.objects.active().filter(pk=item.pk).exists():
        raise NotOnChecklist(item)
    stamp = {"passed": passed, "answered_by": by, "answered_at": timezone.now()}
    check, _is_new = Check.objects.update_or_create(order=order, item=item, defaults=stamp)
    if order.status == WorkOrder.Status.PLANNED:
        order.status = WorkOrder.Status.IN_PROGRESS
        order.save(update_fields=["status"])
    return check


@dataclass
class Question:
    """An item of the checklist with its answer on one order, or None."""

    item: ChecklistItem
    check: Check | None

    @property
    def is_asked(self):
        return self.item.archived_at is None and self.item.group.archived_at is None


class Checklist:
    """The questions of one order by group: what is on the checklist now, and what was answered before it left the list.

    A finished order shows its answers only. Two queries, whatever the length.
    """

    def __init__(self, order):
        self.order = order

    @cached_property
    def questions(self):
        checks = {check.item_id: check for check in self.order.checks.select_related("answered_by")}
        shown = Q(pk__in=checks)
        if self.order.is_open:
            shown |= Q(archived_at=None, group__archived_at=None)
        items = ChecklistItem.objects.filter(shown).select_related("group").order_by("group__name", "group_id", "pk")
        return [Question(item, checks.get(item.pk)) for item in items]

    @property
    def groups(self):
        """`[(group, [question, …]), …]`."""
        return [(group, list(found)) for group, found in groupby(self.questions, key=lambda question: question.item.group)]

    @property
    def asked(self):
        return sum(question.is_asked for question in self.questions)

    @property
    def answered(self):
        return sum(question.is_asked and question.check is not None for question in self.questions)

    @property
    def is_complete(self):
        return self.answered == self.asked


def _counted(checks):
    per_order = checks.filter(order=OuterRef("pk")).order_by().values("order")
    return Coalesce(Subquery(per_order.annotate(count=Count("pk")).values("count")), Value(0))


def with_progress(orders):
    """Adds `answered`: how many items of the present checklist have an answer."""
    on_checklist = Check.objects.filter(item__archived_at=None, item__group__archived_at=None)
    return orders.annotate(answered=_counted(on_checklist))


def with_results(orders):
    """Adds `passed` and `failed`: how many answers were Ja and Nee."""
    return orders.annotate(passed=_counted(Check.objects.filter(passed=True)), failed=_counted(Check.objects.filter(passed=False)))


def busy_first(orders):
    """In progress, then planned with the longest waiting first, then finished."""
    status = WorkOrder.Status
    turn = Case(When(status=status.IN_PROGRESS, then=Value(0)), When(status=status.PLANNED, then=Value(1)), default=Value(2))
    return orders.order_by(turn, "planned_on", "number")
