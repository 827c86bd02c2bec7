"""How much work fits in a day, and how much is in it: working hours, days off, public holidays and what is planned."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import holidays
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Membership

from ..models import SpecialDay, WorkingDay, WorkOrder

USUAL = (time(8), time(17), 60)  # from, to, minutes of break; Monday to Friday, until the company says otherwise
UNKNOWN_MINUTES = 60  # what an order takes when nobody said how long


@dataclass
class Hours:
    """When somebody is at work on a day: from, to and the minutes of work between; no minutes is not at work, with why."""

    starts_at: time | None = None
    ends_at: time | None = None
    minutes: int = 0
    why_not: str = ""


@dataclass
class Day:
    """A day of the board: who works when, what is planned for it in minutes, and the name of the public holiday."""

    day: date
    holiday: str = ""
    hours: dict = field(default_factory=dict)  # membership.pk: Hours
    planned: dict = field(default_factory=lambda: defaultdict(int))  # membership.pk, or None for nobody: minutes
    count: int = 0

    @property
    def capacity(self):
        return sum(hours.minutes for hours in self.hours.values())

    @property
    def minutes(self):
        return sum(self.planned.values())

    @property
    def percentage(self):
        return min(100, round(100 * self.minutes / self.capacity)) if self.capacity else 100 if self.minutes else 0

    @property
    def is_over(self):
        return self.minutes > self.capacity


def workers():
    """Those who are planned: active employees, and the owners while there is no employee."""
    active = Membership.objects.active().order_by("name")
    return list(active.who_may("own_days")) or list(active.who_may("quality.check"))


def public_holidays(first, last):
    """`{date: name}` of the Dutch public holidays (Algemene termijnenwet, art. 3), in Dutch."""
    years = range(first.year, last.year + 1)
    return {day: name for day, name in holidays.country_holidays("NL", years=years, language="nl").items() if first <= day <= last}


def days(first, last, people=None):
    """`[Day, …]` from one date to another with everybody's hours and what is planned; a few queries for any number of days."""
    people = workers() if people is None else people
    free = public_holidays(first, last)
    usual = {(row.membership_id, row.weekday): row for row in WorkingDay.objects.all()}
    special = {(row.membership_id, row.day): row for row in SpecialDay.objects.filter(day__range=(first, last))}
    found = {}
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        found[day] = Day(day, free.get(day, ""))
        for person in people:
            found[day].hours[person.pk] = _hours(person.pk, day, free.get(day), usual, special)
    _add_work(found)
    return list(found.values())


def _hours(person, day, holiday, usual, special):
    for row in (special.get((person, day)), special.get((None, day))):
        if row and not row.is_open:
            return Hours(why_not=row.reason or _("vrij"))
    opened = any(row and row.is_open for row in (special.get((person, day)), special.get((None, day))))
    if holiday and not opened:
        return Hours(why_not=holiday)
    row = usual.get((person, day.weekday())) or usual.get((None, day.weekday()))
    if row is None and (day.weekday() < 5 or opened):
        starts_at, ends_at, pause = USUAL
    elif row is None or row.starts_at is None:
        return Hours(why_not=_("werkt niet op %(day)s") % {"day": date_format(day, "l")})
    else:
        starts_at, ends_at, pause = row.starts_at, row.ends_at, row.break_minutes
    length = datetime.combine(day, ends_at) - datetime.combine(day, starts_at)
    return Hours(starts_at, ends_at, max(0, int(length.total_seconds() // 60) - pause))


def _add_work(found):
    """What is planned for these days; an order of two people is half of each."""
    orders = WorkOrder.objects.active().filter(planned_on__in=found).exclude(status=WorkOrder.Status.CANCELLED)
    for order in orders.with_minutes().prefetch_related("assignments"):
        day, minutes = found[order.planned_on], order.minutes or UNKNOWN_MINUTES
        day.count += 1
        people = [assignment.membership_id for assignment in order.assignments.all()]
        for person in people or [None]:
            day.planned[person] += round(minutes / max(len(people), 1))


def objections(order, *, day, starts_at, minutes, people, bay):
    """What speaks against planning the order so, in sentences; somebody may do it all the same.

    `day` is a date, `starts_at` a time or None, `minutes` its length or None, `people` memberships, `bay` a `Bay` or None.
    """
    if day is None:
        return []
    minutes = minutes or UNKNOWN_MINUTES
    [there] = days(day, day, list({person.pk: person for person in [*workers(), *people]}.values()))
    ends_at = _end(starts_at, minutes)
    shown, found = date_format(day, "l j F"), []
    _take_out(there, order)
    for person in people:
        hours = there.hours[person.pk]
        load = there.planned[person.pk] + round(minutes / len(people))
        if not hours.minutes:
            found.append(_("%(name)s werkt %(day)s niet: %(why)s.") % {"name": person, "day": shown, "why": hours.why_not})
        elif load > hours.minutes:
            found.append(
                _("%(name)s heeft %(day)s dan %(load)s minuten werk en werkt er %(minutes)s.")
                % {"name": person, "day": shown, "load": load, "minutes": hours.minutes}
            )
        if hours.minutes and starts_at and (starts_at < hours.starts_at or ends_at > hours.ends_at):
            found.append(
                _("%(name)s werkt %(day)s van %(from)s tot %(to)s.")
                % {"name": person, "day": shown, "from": hours.starts_at.strftime("%H:%M"), "to": hours.ends_at.strftime("%H:%M")}
            )
        found += _meets(
            order, day, starts_at, ends_at, Q(assignments__membership=person), _("%(who)s is dan al bezig met %(others)s."), person
        )
    if not people and there.minutes + minutes > there.capacity:
        if there.capacity:
            text = _("Op %(day)s is dan %(load)s minuten werk gepland; er wordt %(minutes)s minuten gewerkt.")
            found.append(text % {"day": shown, "load": there.minutes + minutes, "minutes": there.capacity})
        else:
            why = there.holiday or next((hours.why_not for hours in there.hours.values()), "")
            found.append(_("Op %(day)s wordt niet gewerkt: %(why)s.") % {"day": shown, "why": why})
    if bay:
        found += _meets(order, day, starts_at, ends_at, Q(bay=bay), _("Op %(who)s staat dan %(others)s."), bay)
    return found


def _end(starts_at, minutes):
    """When it is done, on the same day at the latest."""
    if starts_at is None:
        return None
    end = datetime.combine(date.min, starts_at) + timedelta(minutes=minutes)
    return end.time() if end.date() == date.min else time.max


def _take_out(there, order):
    """Where the order is now is not counted against where it goes."""
    if order.planned_on == there.day:
        now = WorkOrder.objects.with_minutes().get(pk=order.pk)
        people = list(order.assignments.values_list("membership_id", flat=True))
        for person in people or [None]:
            there.planned[person] -= round((now.minutes or UNKNOWN_MINUTES) / max(len(people), 1))


def _meets(order, day, starts_at, ends_at, same, text, who):
    """A sentence with the orders that are there at the same time."""
    if starts_at is None:
        return []
    others = WorkOrder.objects.open().filter(same, planned_on=day, planned_time__isnull=False, planned_time__lt=ends_at)
    there = [
        other
        for other in others.exclude(pk=order.pk).with_minutes().select_related("vehicle").order_by("planned_time")
        if _end(other.planned_time, other.minutes or UNKNOWN_MINUTES) > starts_at
    ]
    names = ", ".join(f"{other.vehicle} ({other.planned_time:%H:%M})" for other in there)
    return [text % {"who": who, "others": names}] if there else []
