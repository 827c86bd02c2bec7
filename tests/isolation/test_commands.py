"""The four commands on each table: as a customer, as another customer of the company, as a neighbour company, as nobody.

The attempts are in plain SQL without a condition, as somebody would write them who got past all our code: such an UPDATE or DELETE
is narrowed by its own policies alone, and not by what may be seen.
"""

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from accounts.models import Company, CompanyCosts, Membership
from cleanconnect.tenancy import context
from cleanconnect.tenancy.postgres.schema import company_field
from customers.models import Customer
from tests.factories import CustomerFactory
from tests.isolation.gaps import guarded_models


class Undo(Exception):
    pass


@pytest.fixture
def other_customer(neighbour):
    """A second customer of the neighbour; the first has a row of every kind that a customer may see."""
    with context.company(neighbour.company.pk):
        neighbour.rows[Membership] = Membership.objects.get(role="customer")
        return CustomerFactory(name="Andere klant")


def attempt(command, scope):
    """What came of it under this scope: a number of rows, "refused", or another error; undone afterwards."""
    try:
        with transaction.atomic():
            context.narrow(**scope)
            raise Undo(command())
    except Undo as done:
        return done.args[0]
    except ProgrammingError as error:
        return "refused" if "row-level security" in str(error) else repr(error)
    except IntegrityError:
        return 1  # the policies let it through
    except DatabaseError as error:
        return repr(error)


def run(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()[0] if cursor.description else cursor.rowcount


def outcomes(row, scope):
    """`{command: what came of it}` of the four commands on the table of this row, under this scope."""
    table = row._meta.db_table
    owner = "id" if isinstance(row, Company) else "company_id"
    stored_pk, company = row.pk, row.pk if isinstance(row, Company) else row.company_id

    def insert():
        row.pk = company + 1_000_000 if isinstance(row, Company) else None
        row.save(force_insert=True)
        return 1

    try:
        return {
            "SELECT": attempt(lambda: run(f'SELECT count(*) FROM "{table}"'), scope),
            "INSERT": attempt(insert, scope),
            "UPDATE": attempt(lambda: run(f'UPDATE "{table}" SET "{owner}" = %s', company), scope),
            "DELETE": attempt(lambda: run(f'DELETE FROM "{table}"'), scope),
        }
    finally:
        row.pk = stored_pk


def sees(model):
    return "all" if model is Company else company_field(model).customer_sees


def writes_own(model):
    return model is not Company and company_field(model).customer_writes == "own"


NOTHING = {"SELECT": {0}, "INSERT": {"refused"}, "UPDATE": {0, "refused"}, "DELETE": {0}}


def surprises(model, outcome, expected):
    """Sentences, one for each command that came to something else."""
    return [f"{model.__name__}: {command} gives {outcome[command]}" for command in expected if outcome[command] not in expected[command]]


def test_a_customer_reads_its_own_and_writes_only_where_a_field_says_so(neighbour, other_customer):
    scope = {"company_id": neighbour.company.pk, "customer_id": neighbour.rows[Customer].pk}
    wrong = []
    for model in guarded_models():
        outcome = outcomes(neighbour.company if model is Company else neighbour.rows[model], scope)

        visible = outcome["SELECT"]
        written = {"INSERT": {1}, "UPDATE": {visible}, "DELETE": {visible}} if writes_own(model) else {}
        read = {0} if sees(model) == "nothing" else {visible or "something"}
        wrong += surprises(model, outcome, NOTHING | {"SELECT": read} | written)

    assert wrong == []


def test_another_customer_of_the_company_finds_nothing_of_it(neighbour, other_customer):
    scope = {"company_id": neighbour.company.pk, "customer_id": other_customer.pk}
    wrong = []
    for model in guarded_models():
        outcome = outcomes(neighbour.company if model is Company else neighbour.rows[model], scope)

        visible = {"all": {outcome["SELECT"]}, "self": {1}}.get(sees(model), {0})
        wrong += surprises(model, outcome, NOTHING | {"SELECT": visible})

    assert wrong == []


@pytest.mark.parametrize("who", ["another company", "nobody"])
def test_another_company_and_nobody_find_and_write_nothing(neighbour, other_customer, company, who):
    scope = {"company_id": company.pk if who == "another company" else None}
    wrong = []
    for model, row in neighbour.rows.items():
        wrong += surprises(model, outcomes(row, scope), NOTHING)

    assert wrong == []


def test_the_row_of_another_company_is_not_there_to_change(neighbour, company):
    theirs = neighbour.company

    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_company SET iban = 'NL00EVIL' WHERE id = %s", [theirs.pk])
        assert cursor.rowcount == 0
        cursor.execute("DELETE FROM accounts_company WHERE id = %s", [theirs.pk])
        assert cursor.rowcount == 0


def test_the_company_itself_gets_through_so_that_the_attempts_above_mean_something(neighbour, other_customer):
    scope = {"company_id": neighbour.company.pk}
    closed = []
    for model in guarded_models():
        outcome = outcomes(neighbour.company if model is Company else neighbour.rows[model], scope)

        through = {name: {outcome[name]} - {0, "refused"} for name in ("SELECT", "INSERT", "UPDATE")}
        closed += surprises(model, outcome, through)

    assert closed == ["Company: INSERT gives refused"]  # a company is let in only under its own number


def test_what_work_costs_the_company_is_no_column_that_a_customer_reads(company):
    CompanyCosts.objects.create(hourly_cost="34.50")
    customer = CustomerFactory()

    with transaction.atomic():
        context.narrow(company_id=company.pk, customer_id=customer.pk)

        assert Company.objects.get().name == "Glans Autopoets"
        assert list(CompanyCosts.objects.all()) == []
    assert "hourly_cost" not in {field.name for field in Company._meta.fields}
