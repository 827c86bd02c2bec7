"""The column that says whose row it is."""

from django.db import models

from .context import current_company_id

CUSTOMER_SEES = {"nothing", "own", "self", "all"}
CUSTOMER_WRITES = {"nothing", "own"}


class CompanyField(models.ForeignKey):
    """The company a row belongs to; a table with this field gets row-level security when it is created.

    `customer_sees` says which of these rows a customer's login may see (see `postgres/schema.py`):

    - "nothing": none (the default);
    - "own": rows whose `customer_id` is the customer's;
    - "self": the row whose `id` is the customer's;
    - "all": all rows of the company;
    - "parent:FIELD": rows whose parent row, through that foreign key, can be seen;
    - "child:APP.MODEL.FIELD": rows that a visible row of that model points at.

    `customer_writes` says which of them it may insert, change and delete: "nothing" (the default), or "own", those that it sees.

    `hidden` names columns of these rows that are for the company alone. The database hides rows and not columns, so it is the walk of
    the tests that proves them absent from all that a customer is shown (`tests/isolation`).
    """

    def __init__(self, *args, customer_sees="nothing", customer_writes="nothing", hidden=(), **kwargs):
        if customer_sees not in CUSTOMER_SEES and not customer_sees.startswith(("parent:", "child:")):
            raise ValueError(f"unknown customer_sees: {customer_sees!r}")
        if customer_writes not in CUSTOMER_WRITES:
            raise ValueError(f"unknown customer_writes: {customer_writes!r}")
        self.customer_sees, self.customer_writes, self.hidden = customer_sees, customer_writes, hidden
        kwargs["to"] = "accounts.Company"
        kwargs["on_delete"] = models.CASCADE
        kwargs["related_name"] = "+"
        kwargs["editable"] = False
        kwargs["default"] = current_company_id
        kwargs["db_index"] = False  # the unique (company_id, id) serves
        super().__init__(**kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for key in ("to", "on_delete", "related_name", "editable", "default", "db_index"):
            kwargs.pop(key, None)
        kwargs["customer_sees"] = self.customer_sees
        if self.customer_writes != "nothing":
            kwargs["customer_writes"] = self.customer_writes
        return name, path, args, kwargs
