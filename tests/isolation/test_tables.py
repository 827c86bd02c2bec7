"""Companies never see each other: what the database itself says, for every table."""

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, transaction

from cleanconnect.tenancy import context
from cleanconnect.tenancy.models import OwnRowsManager
from cleanconnect.tenancy.postgres.schema import company_field
from cleanconnect.tenancy.roles import as_owner
from customers.models import Customer
from tests.factories import CustomerFactory, MembershipFactory, WorkOrderFactory
from tests.isolation.gaps import POLICIES, company_models, find_gaps, visible_rows
from workorders.models import WorkOrder


@pytest.mark.django_db
def test_no_table_lacks_anything_of_its_protection():
    assert find_gaps() == []


@pytest.mark.django_db
def test_the_application_connects_as_a_role_that_obeys_policies():
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == (0,)


def test_with_no_company_named_there_are_no_rows(neighbour):
    assert set(visible_rows().values()) == {0}


def test_the_neighbour_factory_makes_a_row_of_every_kind(neighbour):
    missing = [model.__name__ for model in company_models() if model not in neighbour.rows]

    assert missing == [], "give `tests.factories.Neighbour` a row of these, with a text that only it has"


def test_one_company_sees_nothing_of_another(neighbour, company):
    assert {table: count for table, count in visible_rows().items() if count} == {}


@pytest.mark.parametrize("model", company_models(), ids=lambda model: model._meta.label)
def test_a_row_cannot_be_written_for_another_company(model, neighbour, company):
    with context.company(neighbour.company.pk):
        row = model.objects.get(pk=neighbour.rows[model].pk)

    row.pk = None
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        row.save(force_insert=True)
    assert model.objects.filter(pk=neighbour.rows[model].pk).update(company_id=company.pk) == 0


def test_a_row_cannot_point_into_another_company(neighbour, company):
    CustomerFactory()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.update(type_id=neighbour.rows[apps.get_model("customers", "CustomerType")].pk)


def test_a_customer_sees_own_rows_only(company):
    mine, theirs = WorkOrderFactory(), WorkOrderFactory()

    with transaction.atomic():
        context.narrow(company_id=company.pk, customer_id=mine.customer_id)
        shown = visible_rows()

    assert shown["customers_customer"] == 1
    assert shown["workorders_workorder"] == 1
    assert shown["vehicles_vehicle"] == 1
    assert shown["notifications_message"] == shown["services_service"] == 0
    assert theirs.customer_id != mine.customer_id


@pytest.mark.parametrize("model", [model for model in company_models() if company_field(model).customer_sees == "own"])
def test_of_its_own_rows_a_customer_names_itself_to_the_index(model):
    assert isinstance(model._default_manager, OwnRowsManager)


def test_a_customers_list_is_found_by_an_index(company):
    mine = WorkOrderFactory()

    with transaction.atomic():
        context.narrow(company_id=company.pk, customer_id=mine.customer_id)
        asked = str(WorkOrder.objects.active().query)
        with context.whole_company():
            asked_of_all = str(WorkOrder.objects.active().query)

    assert f'"customer_id" = {mine.customer_id}' in asked
    assert '"customer_id" =' not in asked_of_all


def test_a_nested_block_gives_back_the_company_before_it(neighbour, company):
    CustomerFactory(name="Van ons")

    with context.company(neighbour.company.pk):
        inside = [customer.name for customer in Customer.objects.all()]

    assert inside == ["Klant van Buurman"]
    assert [customer.name for customer in Customer.objects.all()] == ["Van ons"]


def test_an_exception_in_a_block_gives_back_the_company_before_it(neighbour, company):
    CustomerFactory(name="Van ons")

    with pytest.raises(RuntimeError), context.company(neighbour.company.pk):
        raise RuntimeError

    assert context.current_company_id() == company.pk
    assert [customer.name for customer in Customer.objects.all()] == ["Van ons"]


def test_a_user_of_two_companies_lists_both_and_works_in_one(neighbour, company):
    from accounts.models import Company, Membership

    here = MembershipFactory(name="Dealer hier")
    with context.company(neighbour.company.pk):
        Membership.objects.create(user=here.user, role="employee", name="Dealer daar")

    with context.person(here.user_id):
        mine = sorted(membership.name for membership in Membership.objects.all())
        companies = Company.objects.count()
    assert mine == ["Dealer daar", "Dealer hier"]
    assert companies == 2
    assert [membership.name for membership in Membership.objects.all()] == ["Dealer hier"]


@pytest.mark.parametrize(
    ("harm", "mend"),
    [
        ("DISABLE ROW LEVEL SECURITY", "ENABLE ROW LEVEL SECURITY"),
        ("NO FORCE ROW LEVEL SECURITY", "FORCE ROW LEVEL SECURITY"),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_these_tests_notice_when_a_table_of_any_room_loses_its_security(harm, mend):
    tables = {model._meta.app_label: model._meta.db_table for model in company_models()}  # one of each room
    try:
        with as_owner(), connection.cursor() as cursor:
            for table in tables.values():
                cursor.execute(f"ALTER TABLE {table} {harm}")

        assert find_gaps() == [f"{table} has no forced row-level security" for table in tables.values()]
        assert {"quotes", "bookkeeping"} < set(tables)
    finally:
        with as_owner(), connection.cursor() as cursor:
            for table in tables.values():
                cursor.execute(f"ALTER TABLE {table} {mend}")


@pytest.mark.parametrize("command", POLICIES)
@pytest.mark.django_db(transaction=True)
def test_these_tests_notice_when_a_policy_is_dropped(command):
    policy, kind = POLICIES[command]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT concat_ws(' ', 'CREATE POLICY', policyname, 'ON', tablename, 'AS', permissive, 'FOR', cmd, 'USING (' || qual || ')',"
            " 'WITH CHECK (' || with_check || ')') FROM pg_policies WHERE tablename = 'workorders_workorder' AND policyname = %s",
            [policy],
        )
        (create,) = cursor.fetchone()
    try:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(f"DROP POLICY {policy} ON workorders_workorder")

        assert find_gaps() == [f"workorders_workorder has no policy {policy} ({kind}, {command})"]
    finally:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(create)


@pytest.mark.django_db(transaction=True)
def test_these_tests_notice_a_policy_that_lets_more_be_written():
    try:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("CREATE POLICY open ON quotes_quote FOR INSERT WITH CHECK (true)")

        assert find_gaps() == ["policy open of quotes_quote lets more be written"]
    finally:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("DROP POLICY open ON quotes_quote")


@pytest.mark.django_db(transaction=True)
def test_without_its_policies_a_neighbour_would_show():
    from accounts.models import Company

    ours, theirs = Company.objects.found(name="Wij"), Company.objects.found(name="Zij")
    with context.company(theirs.pk):
        CustomerFactory(name="Geheim")
    with context.company(ours.pk):
        assert Customer.objects.count() == 0
    try:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE customers_customer DISABLE ROW LEVEL SECURITY")

        with context.company(ours.pk):
            assert [customer.name for customer in Customer.objects.all()] == ["Geheim"]
    finally:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE customers_customer ENABLE ROW LEVEL SECURITY")
