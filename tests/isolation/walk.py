"""One visitor's way along every address, by every method, with what is the visitor's own and with what is others'."""

import re
from dataclasses import dataclass

from django_filters import ModelChoiceFilter, ModelMultipleChoiceFilter
from django_filters.views import FilterView

from .addresses import addresses
from .sides import FIRSTS, LETTERS, MISSING, NEIGHBOURS, OFFICE, OTHERS, SHARED, Side
from .walking import Walker, fingerprint, undone

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
DECIDED_BEFORE = {403, 405}  # by role and by method, whatever the address names
AWAY = {"pay-online"}  # asks the payment provider, who is away in these tests: an honest 503
NOT_THERE = Side(MISSING, MISSING)


@dataclass
class Visitor:
    """Who walks: the session's name in `World.sessions`, the own side, those of others, and whose texts may show."""

    name: str
    own: str
    others: tuple
    may_read: set


OF_THE_FIRST_COMPANY = set(LETTERS) - {NEIGHBOURS}
VISITORS = [
    *(Visitor(name, "first", ("neighbour",), OF_THE_FIRST_COMPANY) for name in ("owner", "employee", "bookkeeper", "tablet")),
    Visitor("customer", "first", ("other", "neighbour"), {SHARED, FIRSTS}),
    Visitor("other customer", "other", ("first", "neighbour"), {SHARED, OTHERS}),
    Visitor("owner of another company", "neighbour", ("first",), {NEIGHBOURS}),
    Visitor("customer of another company", "neighbour", ("first",), {NEIGHBOURS}),
    Visitor("nobody", "first", ("other", "neighbour"), set()),
]


class Walk:
    """`faults` are sentences; `own_answers` is `{address: {method: Answer}}` to what was the visitor's own."""

    def __init__(self, world, visitor):
        self.visitor, self.walker = visitor, Walker()
        self.session = world.sessions[visitor.name]
        self.own = getattr(world, visitor.own)
        self.others = [getattr(world, name) for name in visitor.others]
        self.faults, self.own_answers, self.read = [], {}, set()
        self.before = {(table, *scope.values()): fingerprint(table, **scope) for table in self.walker.tables for scope in self._scopes()}

    def everywhere(self):
        for address in addresses():
            self.visit(address)

    def visit(self, address):
        if address.converters:
            self._with_numbers(address)
        else:
            self._plain(address)

    def _with_numbers(self, address):
        paths = [path for side in self.others if (path := address.forged(side, by=self.own)) != address.path(self.own)]
        for method in METHODS:
            foreign = [self.ask(address, method, path) for path in paths]
            if foreign and {answer.status for answer in foreign} <= DECIDED_BEFORE:
                if method == "GET" and foreign[0].status == 403:
                    paths = paths[:1]  # a role that may not is refused before anything is looked for
                continue
            missing = self.ask(address, method, address.forged(NOT_THERE, by=self.own))
            for answer in foreign:
                if answer.differs_from(missing):
                    self._fault(address, method, f"tells a row of others ({answer.status}) from one that is not there ({missing.status})")
            if method != "HEAD":  # answers what GET does, without its body
                self._mine(address, method)

    def _plain(self, address):
        self._mine(address, "GET")
        is_shown = self.own_answers[address.name]["GET"].status == 200
        for method in METHODS[2:] if is_shown else METHODS[1:]:
            self._mine(address, method)
        if is_shown:
            self._filtered(address)

    def _mine(self, address, method):
        """What is the visitor's own, or nobody's: it may be answered, and shows nothing of others."""
        path = address.path(self.own)
        answer = self.ask(address, method, path)
        self.own_answers.setdefault(address.name, {})[method] = answer
        self.read |= answer.marks
        if method == "GET":
            numbers = set().union(*(answer.numbers(side) for side in self.others)) - {str(self.own.company_id)}
            if numbers:
                self._fault(address, method, f"shows the numbers of rows of others: {sorted(numbers)}")
        if method == "POST" and answer.status not in DECIDED_BEFORE:
            for side in self.others:
                self.ask(address, method, path, dict.fromkeys(self._fields(address), str(side.number)))

    def _fields(self, address):
        """Names of all that can be filled in there."""
        page = self.own_answers[address.name].get("GET")
        form_class = getattr(address.view, "form_class", None)
        return (page.fields if page else set()) | set(getattr(form_class, "base_fields", ())) | {"pk", "next", "terug"}

    def _filtered(self, address):
        """A list narrowed by what somebody else has."""
        if not (isinstance(address.view, type) and issubclass(address.view, FilterView)):
            return
        for name, narrowing in address.view.filterset_class.base_filters.items():
            if isinstance(narrowing, ModelChoiceFilter | ModelMultipleChoiceFilter):
                for side in self.others:
                    self.ask(address, "GET", address.path(self.own), {name: side.number})

    def ask(self, address, method, path, data=None):
        """The answer to a request that is undone again, looked at for all that must never be."""
        with undone():
            answer = self.walker.ask(self.session, method, path, data)
            self.look(address, method, answer)
        return answer

    def look(self, address, method, answer):
        if answer.status >= 500 and not (answer.status == 503 and address.name in AWAY):
            self._fault(address, method, f"answers {answer.status}: {answer.error}")
        may_read = self.visitor.may_read | ({SHARED, OFFICE, FIRSTS if self.session is None else SHARED} if address.is_link else set())
        if texts := answer.marks - may_read:
            self._fault(address, method, f"shows texts of others: {sorted(texts)}")
        for table in sorted(answer.tables):
            for scope in self._scopes():
                if fingerprint(table, **scope) != self.before[(table, *scope.values())]:
                    self._fault(address, method, f"changed rows of {table} that are of others")

    def _scopes(self):
        """Who the others are to the database: a company, or a customer of the own one."""
        for side in self.others:
            is_customer = side.company_id == self.own.company_id
            yield {"company_id": side.company_id, "customer_id": side.number if is_customer else None}

    def _fault(self, address, method, sentence):
        self.faults.append(f"{method} {address.name}: {sentence}")

    def download(self, address, data):
        """The file of an export that is asked for in this request, made at once; None where it is not given."""
        with undone():
            asked = self.walker.ask(self.session, "POST", address.path(self.own), data)
            self.look(address, "POST", asked)
            where = re.search(r"^Location: (\S+)$", asked.text, re.MULTILINE)
            if asked.status != 302 or where is None:
                return None
            file = self.walker.ask(self.session, "GET", where[1])
            self.look(address, "GET", file)
            return file
