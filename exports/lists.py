"""A list of the house as a file: its own view says which rows, its own sheet which columns."""

from urllib.parse import urlsplit

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.test import RequestFactory
from django.urls import Resolver404, resolve
from django.utils.encoding import iri_to_uri

from cleanconnect.chunks import chunks
from cleanconnect.progress import report
from cleanconnect.spreadsheets import write_csv, write_xlsx
from cleanconnect.views import Exportable

from .models import Format

AT_ONCE = 2000  # rows that a person need not wait for
CHUNK = 1000  # rows between two reports of how far it is


class NoSuchList(Exception):
    """The address is no list that this person may save."""


def list_at(address, membership):
    """The view of the list at this address (path and query), as this membership sees it; raises `NoSuchList`."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        raise NoSuchList
    try:
        match = resolve(parts.path)
    except Resolver404:
        raise NoSuchList from None
    view_class = getattr(match.func, "view_class", None)
    if (
        view_class is None
        or not issubclass(view_class, Exportable)
        or view_class.sheet is None
        or not membership.may(view_class.permission)
    ):
        raise NoSuchList
    request = RequestFactory().get(parts.path, QUERY_STRING=iri_to_uri(parts.query))
    request.membership, request.user, request.htmx = membership, AnonymousUser(), False
    view = view_class()
    view.setup(request, *match.args, **match.kwargs)
    return view


def rows_of(view):
    """The rows of the list; raises `NoSuchList` when what it is about has gone."""
    try:
        return view.exported()
    except Http404:
        raise NoSuchList from None


def is_small(view):
    return len(rows_of(view).values("pk")[: AT_ONCE + 1]) <= AT_ONCE


def write(export, file):
    """Write the list to a binary file, row by row; returns how many there were."""
    membership = export.created_by
    view = list_at(export.address, membership)
    columns = view.sheet.columns_for(membership)
    found = rows_of(view)
    count, total = 0, found.count()

    def cells():
        nonlocal count
        for part in chunks(found, CHUNK):
            for row in part:
                count += 1
                yield [column.of(row) for column in columns]
            report(export, 95 * count // max(total, count))

    header = [column.label for column in columns]
    if export.format == Format.XLSX:
        write_xlsx(file, header, cells(), title=export.name)
    else:
        write_csv(file, header, cells())
    return count
