"""Tables with a `CompanyField` are protected by the database from the moment they exist.

Migrations stay plain Django: because this is done by the schema editor, no table can be forgotten. For such a table it adds

- row-level security, forced on the table's owner too: one policy for the company, and one for each of the four commands that
  narrows it once more while a customer is logged in, who sees what is its own and writes nothing (`CompanyField` has the exceptions);
- `UNIQUE (company_id, id)`, so that foreign keys between company rows can be composite;
- composite foreign keys `(company_id, x_id)`, so that no row can point into another company;
- indexes on foreign keys that start with `company_id`.

The company is compared with its setting as such, which the planner reads when it makes a plan: it knows how large this company's share
of a table is. In a scalar sub-select, unknown until the query runs, every company would count as an average one, two joined tables as one
row, and a list of the largest would sort all that it has. The customer and the user are read in one, evaluated once for a query and not
for each row.
"""

from django.db.backends.ddl_references import Columns, Statement, Table
from django.db.backends.postgresql import schema
from django.db.models import ForeignKey

from ..fields import CompanyField


def _setting(name):
    return f"NULLIF(current_setting('app.{name}', true), '')::bigint"


THIS_COMPANY = _setting("company_id")
THIS_USER = f"(SELECT {_setting('user_id')})"
THIS_CUSTOMER = f"(SELECT {_setting('customer_id')})"
# Null-tested inside the sub-select: the planner takes a boolean of unknown value for half of the rows. For `(SELECT …) IS NULL`
# it would expect next to none, and join a whole company's orders before it sorts them.
NO_CUSTOMER = "(SELECT NULLIF(current_setting('app.customer_id', true), '') IS NULL)"


CUSTOMER_POLICIES = ("customer", "customer_insert", "customer_update", "customer_delete")


def customer_policies(table, sees, writes):
    """The statements that narrow a (quoted) table by two conditions: of rows that may be seen, and of rows that may be written."""
    restrictive = f"ON {table} AS RESTRICTIVE"
    # What nobody may write needs no filter of an UPDATE's rows: the first one is refused aloud, and the planner has nothing to guess.
    rows = "" if writes == NO_CUSTOMER else f"USING ({writes}) "
    return [
        f"CREATE POLICY customer {restrictive} FOR SELECT USING ({sees})",
        f"CREATE POLICY customer_insert {restrictive} FOR INSERT WITH CHECK ({writes})",
        f"CREATE POLICY customer_update {restrictive} FOR UPDATE {rows}WITH CHECK ({writes})",
        f"CREATE POLICY customer_delete {restrictive} FOR DELETE USING ({writes})",
    ]


def company_field(model):
    """The `CompanyField` of a model, or None for a table that is not a company's."""
    return next((field for field in model._meta.local_fields if isinstance(field, CompanyField)), None)


def _is_composite(model, field):
    """Whether this foreign key runs between two rows of a company."""
    return (
        isinstance(field, ForeignKey)
        and not isinstance(field, CompanyField)
        and company_field(model) is not None
        and company_field(field.remote_field.model) is not None
    )


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    sql_create_column_inline_fk = None  # a composite key cannot be written inside a column

    def create_model(self, model):
        super().create_model(model)
        if company_field(model) is not None:
            table = self.quote_name(model._meta.db_table)
            self.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT {self.quote_name(model._meta.db_table + '_company_row')}"
                f" UNIQUE (company_id, {self.quote_name(model._meta.pk.column)})"
            )
            self.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            self.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            self.execute(f"CREATE POLICY company ON {table} USING (company_id = {THIS_COMPANY})")
            self.deferred_sql.extend(self._customer_policies_sql(model))

    def alter_field(self, model, old_field, new_field, strict=False):
        super().alter_field(model, old_field, new_field, strict=strict)
        if isinstance(new_field, CompanyField):
            self.narrow_customers(new_field.model)

    def narrow_customers(self, model):
        """Give a table the policies that its `CompanyField` asks for, in place of those for customers that it has."""
        table = self.quote_name(model._meta.db_table)
        for policy in CUSTOMER_POLICIES:
            self.execute(f"DROP POLICY IF EXISTS {policy} ON {table}")
        self.deferred_sql.extend(self._customer_policies_sql(model))

    def _customer_policies_sql(self, model):
        sees = f"{NO_CUSTOMER} OR {self._customer_condition(model)}"
        writes = sees if company_field(model).customer_writes == "own" else NO_CUSTOMER
        return customer_policies(self.quote_name(model._meta.db_table), sees, writes)

    def _customer_condition(self, model):
        """SQL that is true for a row that the customer logged in may see; sub-selects obey the policies in turn."""
        sees = company_field(model).customer_sees
        table = self.quote_name(model._meta.db_table)
        match sees.partition(":"):
            case "nothing", _, _:
                return "false"
            case "all", _, _:
                return "true"
            case "own", _, _:
                return f"customer_id = {THIS_CUSTOMER}"
            case "self", _, _:
                return f"id = {THIS_CUSTOMER}"
            case "parent", _, name:
                field = model._meta.get_field(name)
                parent = self.quote_name(field.remote_field.model._meta.db_table)
                return (
                    f"EXISTS (SELECT 1 FROM {parent} AS parent WHERE parent.company_id = {table}.company_id"
                    f" AND parent.id = {table}.{self.quote_name(field.column)})"
                )
            case "child", _, path:
                app_label, model_name, name = path.split(".")
                child = self.quote_name(f"{app_label}_{model_name.lower()}")
                return (
                    f"EXISTS (SELECT 1 FROM {child} AS child WHERE child.company_id = {table}.company_id"
                    f" AND child.{self.quote_name(name + '_id')} = {table}.id)"
                )
        raise ValueError(sees)

    def _create_fk_sql(self, model, field, suffix):
        if not _is_composite(model, field):
            return super()._create_fk_sql(model, field, suffix)
        table, target = model._meta.db_table, field.remote_field.model._meta
        return Statement(
            self.sql_create_fk,
            table=Table(table, self.quote_name),
            name=self._fk_constraint_name(model, field, suffix),
            column=Columns(table, ["company_id", field.column], self.quote_name),
            to_table=Table(target.db_table, self.quote_name),
            to_column=Columns(target.db_table, ["company_id", target.pk.column], self.quote_name),
            deferrable=self.connection.ops.deferrable_sql(),
        )

    def _field_indexes_sql(self, model, field):
        is_foreign_key = isinstance(field, ForeignKey) and self._field_should_be_indexed(model, field)
        if is_foreign_key and company_field(model) is not None:
            return [self._create_index_sql(model, fields=[company_field(model), field])]
        return super()._field_indexes_sql(model, field)
