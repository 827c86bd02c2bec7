"""The bench's own company is one that the product could have made."""

from bench import filling
from cleanconnect.tenancy import context
from customers.models import Customer
from workorders.models import WorkOrder, WorkOrderLine


def test_a_small_company_is_filled(db, monkeypatch):
    monkeypatch.setattr(filling, "analyse", lambda: None)

    company = filling.fill("klein", 200)

    with context.company(company.pk):
        assert WorkOrder.objects.count() == 200
        assert WorkOrderLine.objects.exists()
        for customer in Customer.objects.all():
            customer.full_clean(exclude=["company"])
