import re
import subprocess
from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.utils import timezone

from cleanconnect.days import beginning, on_days
from tests.factories import WorkOrderFactory
from workorders.models import WorkOrder

NO_INDEX_SERVES = re.compile(r"""__date(?:__\w+)?["'= ]|["']date__\w+["']|__(?:year|month|day)(?:__\w+)?=""")


def test_no_query_asks_for_the_day_of_a_moment():
    sources = subprocess.check_output(["git", "ls-files", "*.py"], cwd=settings.BASE_DIR, text=True).split()

    asking = [
        f"{source}: {line.strip()}"
        for source in sources
        if "tests/" not in source
        for line in (settings.BASE_DIR / source).read_text().splitlines()
        if NO_INDEX_SERVES.search(line)
    ]

    assert asking == [], "use `cleanconnect.days.on_days`"


@pytest.mark.parametrize(
    ("line", "is_caught"),
    [
        ("filter(completed_at__date=day)", True),
        ('lookup_expr="date__gte"', True),
        ('Q(**{"completed_at__date__lte": until})', True),
        ("filter(day__lte=until)", False),
        ("filter(planned_on__lte=day)", False),
    ],
)
def test_what_counts_as_asking_for_a_day(line, is_caught):
    assert bool(NO_INDEX_SERVES.search(line)) == is_caught


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC)),  # the clock goes forward on it
        (date(2026, 3, 30), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 24, 22, tzinfo=UTC)),  # and back
        (date(2026, 10, 26), datetime(2026, 10, 25, 23, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_midnight_in_amsterdam(day, begins):
    assert beginning(day) == begins


@pytest.mark.django_db
def test_a_range_of_days_holds_its_last_moment_and_not_the_next(company):
    moments = [
        datetime(2026, 11, 22, 23, 59, 59, 999_999),
        datetime(2026, 11, 23),
        datetime(2026, 11, 24, 23, 59, 59, 999_999),
        datetime(2026, 11, 25),
    ]
    for moment in moments:
        WorkOrderFactory(status="planned", created_at=timezone.make_aware(moment))

    within = WorkOrder.objects.filter(on_days("created_at", date(2026, 11, 23), date(2026, 11, 24)))

    assert sorted(timezone.localtime(order.created_at).day for order in within) == [23, 24]
    assert WorkOrder.objects.filter(on_days("created_at", first=date(2026, 11, 24))).count() == 2
    assert WorkOrder.objects.filter(on_days("created_at", last=date(2026, 11, 24))).count() == 3
