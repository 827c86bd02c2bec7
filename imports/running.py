"""A worker goes through a file: to say what it would do, or to do it, all in one transaction so that nothing is half imported."""

import re
from contextlib import contextmanager
from datetime import timedelta

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cleanconnect.jobs import GiveUp
from cleanconnect.limits import EXCEEDED, memory_limit
from cleanconnect.progress import report
from cleanconnect.tenancy.context import current_company_id

from . import matching
from .amounts import Amounts, Doubtful
from .columns import COLUMNS
from .customers import CustomerPlanner
from .history import HistoryPlanner
from .matching import find_header, simple
from .models import Import, Kind
from .planning import CHANGED, NEW, UNCHANGED, Doubt, Row
from .reading import BadCell, Unreadable, first_rows, rows_of
from .services import ServicePlanner
from .values import InDoubt
from .values import text as shown_text
from .vehicles import VehiclePlanner

PLANNERS = {
    Kind.CUSTOMERS: CustomerPlanner,
    Kind.VEHICLES: VehiclePlanner,
    Kind.SERVICES: ServicePlanner,
    Kind.HISTORY: HistoryPlanner,
}
KEPT_PROBLEMS = 5000
LOCK = 0x1A9047  # with the company: one import of a company at a time
TOTAL = re.compile(r"(sub|eind|sub |grand )?tota(al|len|l|ls)( (aantal|bedrag)( \w+)?)?|aantal( \w+)?|saldo|gesamt|summe|som")
A_MOMENT = timedelta(seconds=20)


@transaction.atomic
def read(found):
    """Find the row with headers of what was uploaded, so that its columns can be chosen. Raises `GiveUp` when there is none."""
    if found.state != Import.State.READING:
        return
    with found.file.open("rb") as file, _limited():
        first, _rows = first_rows(rows_of(file), matching.HEADER_WITHIN)
    if not first:
        raise GiveUp(_("Het bestand is leeg."))
    header = find_header(first, found.kind)
    if len(first) == header + 1:
        raise GiveUp(_("Het bestand heeft wel kopjes (rij %(row)s) maar geen rijen daaronder.") % {"row": first[header][0]})
    found.headers, found.sample = (_shown(first[index][1]) for index in (header, header + 1))
    if not any(found.headers):
        raise GiveUp(_("De rij met kopjes is leeg."))
    found.state = Import.State.UPLOADED
    found.save(update_fields=["headers", "sample", "state"])


@contextmanager
def _limited():
    """What cannot be read, or costs more time or memory than a list of ours does, is given up."""
    try:
        with memory_limit():
            yield
    except Unreadable as no:
        raise GiveUp(str(no)) from no
    except EXCEEDED:
        raise GiveUp(_("Het lezen van dit bestand duurt te lang of kost te veel geheugen. Verdeel het over meer bestanden.")) from None


def _shown(cells):
    """Cells as short text for the screen."""
    return [
        "" if isinstance(cell, BadCell) else shown_text(str(cell).replace("\x00", "") if isinstance(cell, str) else cell)[:60]
        for cell in cells
    ]


@transaction.atomic
def work(found):
    """Check an import that waits or carry it out; returns after how long to ask again when another import of the company goes first.

    Raises `GiveUp` when the file cannot be read. Any error leaves everything as it was, for a next attempt.
    """
    if found.state not in (Import.State.CHECKING, Import.State.IMPORTING):
        return None
    if not _is_first():
        return A_MOMENT
    is_import = found.state == Import.State.IMPORTING
    with _limited():
        planner, rows = _look(found, takes_doubtful=is_import and found.take_doubtful)
    found.state = Import.State.CHECKED
    if is_import and (found.skip_wrong or not found.wrong_count):
        planner.write(lambda done: report(found, 70 + 25 * min(done, rows) // max(rows, 1)))
        found.state, found.finished_at = Import.State.DONE, timezone.now()
        _forget_file(found)
    found.save()
    return None


def _is_first():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, current_company_id() % 2**31])
        return cursor.fetchone()[0]


def forget(found):
    """Take an import away that nobody carried out, with its file."""
    name, storage = found.file.name, found.file.storage
    found.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name), robust=True)


def _forget_file(found):
    """What has been imported need not lie around a second time."""
    name, storage = found.file.name, found.file.storage
    found.file = ""
    transaction.on_commit(lambda: storage.delete(name), robust=True)


def _look(found, *, takes_doubtful):
    """The planner after all rows, with counts and problems on the import; and how many rows there were."""
    problems, rows, wrong, doubts = [], [], 0, 0
    amounts = Amounts(found)
    planner = PLANNERS[found.kind](by=found.created_by, file_name=found.file_name, takes_doubtful=takes_doubtful)
    for number, cells in _body(found):
        if not takes_doubtful and (told := total_in(cells)):
            problems.append((number, "", told))
            doubts += 1
            continue
        values, errors = clean(cells, found, amounts)
        try:
            planner.tidy(values)
        except ValidationError as error:
            errors += _told(error)
        if errors:
            problems += [(number, column, text) for column, text in errors]
            wrong += 1
        else:
            rows.append(Row(number, values))
        if number % 500 == 0:
            report(found, min(30, number // 500))
    in_doubt = amounts.settle(rows)
    problems += in_doubt
    left_out = {number for number, _key, _text in in_doubt}
    wrong += len(left_out)
    rows = [row for row in rows if row.number not in left_out]
    planner.prepare(rows)
    counts = {NEW: 0, CHANGED: 0, UNCHANGED: 0}
    for index, row in enumerate(rows):
        try:
            counts[planner.take(row)] += 1
        except Doubt as doubt:
            problems += [(row.number, column, text) for column, text in _told(doubt)]
            doubts += 1
        except ValidationError as error:
            problems += [(row.number, column, text) for column, text in _told(error)]
            wrong += 1
        if index % 500 == 0:
            report(found, 30 + 40 * index // len(rows))
    found.new_count, found.changed_count, found.unchanged_count, found.wrong_count = *counts.values(), wrong
    found.doubt_count = doubts
    labels = {column.key: str(column.label) for column in COLUMNS[found.kind]}
    found.problems = [
        [number, found.header(found.mapping[key]) if key in found.mapping else labels.get(key, ""), text]
        for number, key, text in sorted(problems, key=lambda problem: problem[0])[:KEPT_PROBLEMS]
    ]
    return planner, len(rows)


def _body(found):
    """The rows below the header."""
    with found.file.open("rb") as file:
        first, rows = first_rows(rows_of(file), 20)
        header = find_header(first, found.kind)
        for index, row in enumerate(rows):
            if index > header:
                yield row


def clean(cells, found, amounts):
    """A row's values, and pairs (key, message) for what is wrong; what is empty gets the default, if there is one."""
    values, errors = {}, []
    for column in COLUMNS[found.kind]:
        index = found.mapping.get(column.key)
        cell = cells[index] if index is not None and index < len(cells) else ""
        if isinstance(cell, str) and not cell.strip():
            cell = found.defaults.get(column.key, "")
        try:
            if isinstance(cell, BadCell):
                raise ValidationError(cell.reason)
            if column.is_amount:
                amounts.look(column.key, cell)
            value = column.clean(cell) if cell != "" else ""
        except InDoubt:
            value = Doubtful(cell)
        except ValidationError as error:
            errors += [(column.key, text) for text in error.messages]
            continue
        if value != "":
            values[column.key] = value
        elif column.is_required:
            errors.append((column.key, _("Dit is leeg en moet ingevuld zijn.")))
    return values, errors


def total_in(cells):
    """What to say of a row that adds up those above it, or None."""
    first = next((simple(cell) for cell in cells if cell != ""), "")
    return _("Deze rij lijkt een totaal te zijn en geen gegevens.") if TOTAL.fullmatch(first) else None


def _told(error):
    if not hasattr(error, "error_dict"):
        return [("", text) for text in error.messages]
    return [("" if key == NON_FIELD_ERRORS else key, text) for key, texts in error.message_dict.items() for text in texts]
