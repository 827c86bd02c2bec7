from functools import cached_property

from django.core.paginator import EmptyPage, Paginator

COUNTED = 1000
LAST = 1_000_000  # no list has more pages; PostgreSQL's OFFSET ends somewhere


class OpenPaginator(Paginator):
    """Pages without counting every row: a company with 200,000 orders opens its list as fast as one with 200.

    `count` stops at `COUNTED` + 1; the last page is known only when it is reached, by asking for one row too many.
    """

    @cached_property
    def count(self):
        return self.object_list.order_by().values("pk")[: COUNTED + 1].count()

    @property
    def is_exact(self):
        return self.count <= COUNTED

    @property
    def counted(self):
        return COUNTED

    def validate_number(self, number):
        number = 1 if number == "last" else int(number)
        if not 1 <= number <= LAST:
            raise EmptyPage
        return number

    def _rows(self, start):
        """The rows of a page and one more, found by their ids first: walking to them reads one index, and joins come to these few only."""
        pks = list(self.object_list.values_list("pk", flat=True)[start : start + self.per_page + 1])
        rows = {row.pk: row for row in self.object_list.filter(pk__in=pks).order_by()} if pks else {}
        return [rows[pk] for pk in pks if pk in rows]

    def page(self, number):
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        rows = self._rows(start)
        if not rows and number > 1:
            raise EmptyPage
        if number == 1 and len(rows) <= self.per_page:
            self.count = len(rows)  # all there is: no need to ask
        page = self._get_page(rows[: self.per_page], number, self)
        page.has_next = lambda: len(rows) > self.per_page
        page.start_index = lambda: start + 1
        page.end_index = lambda: start + len(page.object_list)
        return page


class GroupPaginator(OpenPaginator):
    """Pages of groups, rows of `values()` with sums: they have no ids to be found by."""

    @cached_property
    def count(self):
        return self.object_list.order_by()[: COUNTED + 1].count()

    def _rows(self, start):
        return list(self.object_list[start : start + self.per_page + 1])
