"""A table of any length, a part at a time."""

SIZE = 2000


def chunks(rows, size=SIZE):
    """A queryset as querysets of at most `size` of its rows, in its order; `for part in chunks(rows): for row in part: …`.

    The ids are asked first, and are all that is in memory of every row. Not `iterator()`: without server-side cursors
    (see `DATABASES`) that holds the whole answer. What is written meanwhile is not in it, and what is deleted is left out.
    """
    pks = list(rows.values_list("pk", flat=True))
    for start in range(0, len(pks), size):
        yield rows.filter(pk__in=pks[start : start + size])
