"""Which column of a file is which: proposed from its headers, as chosen the last time or as others call it."""

import difflib
import re
import unicodedata

from .columns import COLUMNS
from .models import Import
from .reading import BadCell

HEADER_WITHIN = 20  # rows; above the header stand titles and dates


def simple(header):
    """A header without accents, signs and case."""
    text = unicodedata.normalize("NFKD", "" if isinstance(header, BadCell) else str(header)).encode("ascii", "ignore").decode()
    return " ".join(re.findall(r"[a-z0-9]+", text.casefold()))


def names_of(kind):
    """`{simple header: key of the column}`; a column's own label goes before what others call it."""
    names = {simple(name): column.key for column in reversed(COLUMNS[kind]) for name in reversed(column.names)}
    return names | {simple(column.label): column.key for column in COLUMNS[kind]}


def find_header(first, kind):
    """Which of the first rows is the header: the one with the most headers we know, else the first with the most cells."""
    known = names_of(kind)
    width = [sum(cell != "" for cell in cells) for _number, cells in first]

    def weight(index):
        return sum(simple(cell) in known for cell in first[index][1]), width[index]

    best = max(range(len(first)), key=lambda index: (*weight(index), -index))
    return best if weight(best)[0] >= 2 else width.index(max(width))


def propose(headers, kind):
    """`{key: number of the column}` for headers we know; the first of two that are equal."""
    known, remembered, mapping = names_of(kind), _remembered(kind), {}
    ways = (
        remembered.get,
        known.get,
        lambda header: next((known[name] for name in difflib.get_close_matches(header, known, n=1, cutoff=0.82)), None),
    )
    for way in ways:
        for index, header in enumerate(headers):
            key = way(simple(header)) if simple(header) else None
            if key and key not in mapping and index not in mapping.values():
                mapping[key] = index
    return mapping


def _remembered(kind):
    last = Import.objects.filter(kind=kind).exclude(mapping={}).only("headers", "mapping").first()
    if last is None:
        return {}
    return {simple(last.headers[index]): key for key, index in last.mapping.items() if index < len(last.headers)}


def last_defaults(kind):
    last = Import.objects.filter(kind=kind).exclude(mapping={}).only("defaults").first()
    return last.defaults if last else {}


def doubles(headers):
    """`{header: [numbers of its columns]}` of headers that stand there more than once."""
    places = {}
    for index, header in enumerate(headers):
        if header:
            places.setdefault(simple(header), []).append(index)
    return {headers[found[0]]: found for found in places.values() if len(found) > 1}
