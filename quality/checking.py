"""The check of one order: the questions, and an answer stamped with who and when."""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import groupby

from django.db import transaction
from django.db.models import (
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
    When,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from workorders.models import WorkOrder
from workorders.status import Place, move

from .models import Check, ChecklistItem, CheckPhoto


class NotAnswerable(Exception):
    """An answer that comes too late; the message is for the screen."""


class OrderClosed(NotAnswerable):
    def __init__(self, order):
        super().__init__(_("%(order)s is al gereed; de kwaliteitscheck kan niet meer worden gewijzigd.") % {"order": order})


class NotOnChecklist(NotAnswerable):
    def __init__(self, item):
        super().__init__(_("%(item)s staat niet meer op de checklist.") % {"item": item})


@transaction.atomic
def answer(order, item, *, passed, redo=False, by, at=None):
    """Note Ja or Nee; the last answer counts, by when it was given (`at`). A planned order is in progress from its first answer on.

    What is to be done again (`redo`) keeps the order from being finished until it is answered anew.

    Raises `OrderClosed`, `NotOnChecklist`.
    """
    order = WorkOrder.objects.select_for_update(no_key=True).get(pk=order.pk)
    if not order.is_open:
        raise OrderClosed(order)
    if not ChecklistItem.objects.asked_of(order.pk).filter(pk=item.pk).exists():
        raise NotOnChecklist(item)
    at = at or timezone.now()
    if later := Check.objects.filter(order=order, item=item, answered_at__gt=at).first():
        return later
    stamp = {"passed": passed, "redo": redo, "answered_by": by, "answered_at": at}
    check, _is_new = Check.objects.update_or_create(order=order, item=item, defaults=stamp)
    if order.status == WorkOrder.Status.PLANNED:
        move(order, WorkOrder.Status.IN_PROGRESS, by=by, place=Place.TABLET)
    return check


@dataclass
class Question:
    """An item of the checklist with its answer on one order, or None, and its photos."""

    item: ChecklistItem
    check: Check | None
    is_asked: bool = True
    photos: list[CheckPhoto] = field(default_factory=list)

    @property
    def is_answered(self):
        return self.check is not None and not self.check.redo


def read_answers(order):
    """Read the answers of an order with who and on what, and their photos, for `order.checks.all()` and `order.check_photos.all()`."""
    prefetch_related_objects([order], Prefetch("checks", Check.objects.select_related("answered_by", "item")), "check_photos")


class Checklist:
    """The questions of one order by group: what is asked of its handlings now, and what was answered before it left the list.

    A finished order shows its answers only. Three queries, whatever the length; answers and photos that were read of this `order`
    before (`read_answers`) are not read again.
    """

    def __init__(self, order):
        self.order = order

    @cached_property
    def questions(self):
        read_answers(self.order)
        checks = {check.item_id: check for check in self.order.checks.all()}
        asked = Q(pk__in=ChecklistItem.objects.asked_of(self.order.pk).values("pk"))
        items = ChecklistItem.objects.annotate(is_asked=ExpressionWrapper(asked, BooleanField()))
        items = items.filter(Q(pk__in=checks) | Q(is_asked=True) if self.order.is_open else Q(pk__in=checks))
        items = items.select_related("group").order_by("group__name", "group_id", "pk")
        photos = defaultdict(list)
        for photo in self.order.check_photos.all():
            photos[photo.item_id].append(photo)
        return [Question(item, checks.get(item.pk), item.is_asked, photos[item.pk]) for item in items]

    @property
    def groups(self):
        """`[(group, [question, …]), …]`."""
        return [(group, list(found)) for group, found in groupby(self.questions, key=lambda question: question.item.group)]

    @property
    def asked(self):
        return sum(question.is_asked for question in self.questions)

    @property
    def answered(self):
        return sum(question.is_asked and question.is_answered for question in self.questions)

    @property
    def photos_underway(self):
        """How many photos of the order are still on a tablet: of the check, of defects and of the car."""
        read_answers(self.order)
        return sum(row.is_underway for rows in (self.order.check_photos, self.order.defects, self.order.photos) for row in rows.all())

    @property
    def is_complete(self):
        return self.answered == self.asked


def _counted(checks):
    per_order = checks.filter(order=OuterRef("pk")).order_by().values("order")
    return Coalesce(Subquery(per_order.annotate(count=Count("pk")).values("count")), Value(0))


def with_progress(orders):
    """Adds `asked`: how many items an order is asked, and `answered`: how many of those have an answer."""
    order_of_items = OuterRef(OuterRef(OuterRef("pk")))  # a handling's lines stand two sub-selects deep in `asked_of`
    asked = ChecklistItem.objects.asked_of(order_of_items).order_by().annotate(one=Value(1)).values("one")
    answered = Check.objects.filter(redo=False, item__in=ChecklistItem.objects.asked_of(OuterRef(order_of_items)).values("pk"))
    return orders.annotate(
        asked=Coalesce(Subquery(asked.annotate(count=Count("pk")).values("count")), Value(0)), answered=_counted(answered)
    )


def with_results(orders):
    """Adds `passed` and `failed`: how many answers were Ja and Nee."""
    return orders.annotate(passed=_counted(Check.objects.filter(passed=True)), failed=_counted(Check.objects.filter(passed=False)))


def busy_first(orders):
    """Being worked on or to be done again, then planned and to be checked by day and hour, then waiting, then finished."""
    status = WorkOrder.Status
    turns = [(status.IN_PROGRESS, status.REJECTED), (status.PLANNED, status.TO_CHECK), (status.WAITING,)]
    turn = Case(*(When(status__in=these, then=Value(place)) for place, these in enumerate(turns)), default=Value(len(turns)))
    return orders.order_by(turn, "planned_on", F("planned_time").asc(nulls_last=True), "number")
