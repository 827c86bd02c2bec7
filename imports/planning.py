"""What a file would do to the company's rows: nothing is written before all rows have been looked at."""

import copy
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Counter

CHUNK = 1000
NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"


class Doubt(ValidationError):
    """A row that is probably not what it seems, such as a customer we have under another number: a person decides."""


@dataclass
class Row:
    """A row of the file with its cleaned values; what was empty or not in the file is not in `values`."""

    number: int
    values: dict


class Planner:
    """Goes through the rows of one kind: `prepare` reads what we have in a few queries, `take` decides on a row, `write` does it."""

    def __init__(self, *, by, file_name, takes_doubtful=False):
        self.by, self.file_name, self.takes_doubtful = by, file_name, takes_doubtful
        self.new, self.changed = [], []
        self.seen = {}

    def prepare(self, rows):
        raise NotImplementedError

    def tidy(self, values):
        """Clean what depends on more than one column, in place; raises a ValidationError by column. Of a row with wrong cells too."""

    def take(self, row):
        """NEW, CHANGED or UNCHANGED; raises a ValidationError, by column where it can, and then nothing has changed.

        Unless it `takes_doubtful` rows, it raises a `Doubt` where a person had better look.
        """
        raise NotImplementedError

    def write(self):
        raise NotImplementedError

    def once(self, key, row, column):
        """Refuse what stood in an earlier row too; remember it by `saw` when the row turns out good."""
        if key in self.seen:
            raise ValidationError({column: _("Dit staat ook in rij %(row)s.") % {"row": self.seen[key]}})

    def saw(self, key, row):
        self.seen[key] = row.number


def updated(instance, values):
    """A copy of the row with these values, and whether that changes anything."""
    made = copy.copy(instance)
    made._state = copy.copy(instance._state)
    made._state.fields_cache = dict(instance._state.fields_cache)
    before = {name: getattr(made, name, None) for name in values}  # None: a new row has no type yet
    for name, value in values.items():
        setattr(made, name, value)
    return made, any(before[name] != value for name, value in values.items())


def check(instance, *, exclude):
    """The model's own rules, without a query."""
    instance.clean_fields(exclude={"company", *exclude})
    instance.clean()


def insert(model, instances, progress=None):
    for start in range(0, len(instances), CHUNK):
        model.objects.bulk_create(instances[start : start + CHUNK])
        if progress:
            progress(start + CHUNK)


def insert_new(model, instances):
    """Those among them, each once, that are not in the database yet."""
    insert(model, list({id(found): found for found in instances if found.pk is None}.values()))


def update(model, instances, fields):
    """Write rows that exist, by an upsert on their key: far quicker than `bulk_update` with thousands of CASEs."""
    for start in range(0, len(instances), CHUNK):
        model.objects.bulk_create(
            instances[start : start + CHUNK], update_conflicts=True, unique_fields=["id"], update_fields=sorted(fields)
        )


@transaction.atomic
def next_numbers(series, count):
    """As `accounts.numbering.next_number`, `count` of them at once."""
    Counter.objects.bulk_create([Counter(series=series)], ignore_conflicts=True)
    counter = Counter.objects.select_for_update(no_key=True).get(series=series)
    first = counter.last + 1
    counter.last += count
    counter.save(update_fields=["last"])
    return range(first, first + count)


def by_name(rows):
    """`{name in lower case: row}`."""
    return {row.name.casefold(): row for row in rows}


def named(model, name, known, **values):
    """The row with this name from `known`, or a new one that is written later."""
    key = name.casefold()
    if key not in known:
        made = model(name=name, **values)
        check(made, exclude={"vehicle_type", "group"})
        known[key] = made
    return known[key]
