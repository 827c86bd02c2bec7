"""What a customer agreed to is what the order costs, and what it costs when the order is shown again."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quotes import offering
from quotes.models import Quote
from tests.factories import CustomerFactory, ServiceFactory, ServiceGroupFactory
from workorders.tests.again import drafted, edited, net, same, saved, work


@pytest.fixture
def services(company):
    """One at a price of its own and one of a package."""
    washing = ServiceFactory(name="Wassen", price=Decimal("45.00"))
    group = ServiceGroupFactory(is_package=True, package_price=Decimal("79.00"), vehicle_type=washing.group.vehicle_type)
    return [washing, ServiceFactory(name="Zuigen", group=group, price=Decimal("60.00"))]


def accepted(owner, lines):
    quote = Quote(customer=CustomerFactory(), subject="Beurt", valid_until=timezone.localdate(), key=uuid4())
    offering.save(quote, lines, by=owner.membership)
    offering.send(quote)
    return offering.answer(quote, True, by=owner.membership)


def cents(low, high):
    return st.decimals(min_value=Decimal(low), max_value=Decimal(high), places=2, allow_nan=False, allow_infinity=False)


LINE = st.fixed_dictionaries(
    {
        "place": st.none() | st.sampled_from([0, 1]),
        "quantity": cents("0.01", "99.99"),
        "unit_price": cents("0.00", "999.99"),
        "discount": cents("0.00", "100.00"),
        "vat_rate": st.sampled_from(["21", "9"]),
    }
)


@given(typed=st.lists(LINE, min_size=1, max_size=4))
@settings(max_examples=15, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_of_a_quote_costs_what_was_offered_however_it_is_shown_again(owner, services, typed):
    with transaction.atomic():
        lines = [{"service": None if line["place"] is None else services[line["place"]], "description": "Beurt"} | line for line in typed]
        quote = accepted(owner, [{name: value for name, value in line.items() if name != "place"} for line in lines])
        vehicle = {"plate": "GB-001-B", "country": "NL", "vin": "", "make": "", "model": "", "type": services[0].group.vehicle_type}

        order = offering.make_order(quote, vehicle=vehicle, by=owner.membership)
        offered, agreed = sum(line.amount for line in quote.lines.all()), work(order)
        page = same(owner, order)
        again, from_draft, opened = saved(owner, page), saved(owner, drafted(owner, page)), edited(owner, order)

        assert [net(each) for each in (order, again, from_draft, opened)] == [offered] * 4
        assert prices(agreed) == prices(work(again)) == prices(work(opened))
        transaction.set_rollback(True)


def prices(lines):
    """Of each line which handling it is, how often and for how much; a price list may call a handling otherwise than a quote."""
    return sorted(((service, *how) for service, _in_package, _description, *how in lines), key=str)
