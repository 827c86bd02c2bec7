"""Which company, user and customer the database may show, for as long as one transaction lasts.

PostgreSQL's row-level security reads three transaction-local settings (`app.company_id`, `app.user_id`,
`app.customer_id`); this module is the only place that names them. They end with the transaction, so they are
safe behind any connection pooler.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction


@dataclass(frozen=True)
class Scope:
    """What the database has been told: ids, or None for "nobody"."""

    company_id: int | None = None
    user_id: int | None = None
    customer_id: int | None = None
    all_companies: bool = False


NOBODY = Scope()
_scope = ContextVar("scope", default=NOBODY)


def current_company_id():
    """Id of the company this code works for, or None outside any company."""
    return _scope.get().company_id


def current_customer_id():
    """Id of the customer that is logged in, or None for who works for the company."""
    return _scope.get().customer_id


def _tell(scope, **others):
    """Name the scope, and other settings of PostgreSQL that end with the transaction, in one statement."""
    names = {
        "app.company_id": scope.company_id or "",
        "app.user_id": scope.user_id or "",
        "app.customer_id": scope.customer_id or "",
        "app.all_companies": "on" if scope.all_companies else "",
    } | others
    with connection.cursor() as cursor:
        calls = ", ".join("set_config(%s, %s, true)" for _name in names)
        cursor.execute(f"SELECT {calls}", [text for pair in names.items() for text in map(str, pair)])


@contextmanager
def _entered(scope, ask=None, **others):
    """Run the block in one transaction under `scope`; afterwards the scope before it holds again.

    `ask()` sends a question in the same round trip in which the transaction and its scope begin, and returns what reads the answer;
    the block is given the answer.
    """
    before = _scope.get()
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        token = _scope.set(scope)
        try:
            with connection.together():
                _tell(scope, **others)
                read = ask and ask()
            yield read and read()
        finally:
            _scope.reset(token)
        # A rollback undoes `set_config` by itself and the end of the outermost transaction forgets it.
        if not is_outermost and not connection.needs_rollback:
            _tell(before, **dict.fromkeys(others, 0))


@contextmanager
def company(company_id):
    """Work for one company, seeing nothing of any other; for code outside a request.

    `company_id` is the id of an `accounts.Company`. Blocks nest: the company before holds again afterwards.
    """
    with _entered(Scope(company_id=int(company_id))):
        yield


@contextmanager
def whole_company():
    """Step out of a customer's narrowing, for a question about the company that its page may answer; rows stay inside the block."""
    scope = _scope.get()
    if scope.customer_id is None:
        yield
    else:
        with company(scope.company_id):
            yield


@contextmanager
def person(user_id):
    """Read what belongs to one user in every company (memberships and their companies), nothing else."""
    with _entered(Scope(user_id=int(user_id))):
        yield


@contextmanager
def request_scope(*, company_id, ask):
    """The transaction of one request, begun in the company that its session names; gives the answer to what `ask` sends (`_entered`).

    Who asks then either stays, is narrowed (`narrow`), or is nobody there (`step_out`). No statement takes longer than a person waits.
    """
    timeout = f"{settings.REQUEST_STATEMENT_SECONDS}s"
    with _entered(Scope(company_id=company_id), ask, statement_timeout=timeout) as answer:
        yield answer


def narrow(*, company_id, customer_id=None):
    """Name the company of the running request, and the customer when a customer is logged in.

    The user is no longer named: the own memberships of other companies must not show in this one's lists.
    """
    _rename(Scope(company_id=company_id, customer_id=customer_id))


def step_out(*, user_id=None):
    """Leave the company of the running request; only what belongs to this user in every company is seen, or nothing."""
    _rename(Scope(user_id=user_id))


def _rename(scope):
    _scope.set(scope)
    _tell(scope)


@contextmanager
def of_nobody():
    """Make in the block what is kept for everybody, such as a query: it names no company and no customer."""
    token = _scope.set(NOBODY)
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def all_companies():
    """For the periodic tasks: the database shows the list of companies, what jobs are due (`cleanconnect.jobs`), and no other row."""
    with _entered(Scope(all_companies=True)):
        yield


def company_ids(company_model):
    """Ids of all companies."""
    with all_companies():
        return list(company_model.objects.order_by("pk").values_list("pk", flat=True))
