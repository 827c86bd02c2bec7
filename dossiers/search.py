"""One search over everything, of what somebody may see. A room that is to be found has its line in `KINDS`."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from invoicing.models import Invoice
from quotes.models import Quote
from vehicles.models import Vehicle
from workorders.models import WorkOrder

SHOWN = 6
SHORTEST = 2  # signs


@dataclass(frozen=True)
class Hit:
    title: str
    more: str
    url: str


@dataclass(frozen=True)
class Part:
    """What was found of one kind, with the address of the whole list when there is more."""

    label: str
    hits: list
    all_url: str


class Query:
    """What is searched for, and the vehicles that it names, which bring their orders."""

    def __init__(self, text):
        self.text = text

    @cached_property
    def vehicles(self):
        return list(Vehicle.objects.search(self.text).select_related("type")[: SHOWN + 1])

    @property
    def number(self):
        """The number of an order that was typed, or None."""
        return int(self.text) if self.text.isdecimal() and len(self.text) < 10 else None


def _customers(query):
    return Customer.objects.active().search(query.text)


def _orders(query):
    """The newest orders of the vehicles that were found, and the one with this number."""
    wanted = Q(vehicle__in=query.vehicles)
    if query.number is not None:
        wanted |= Q(number=query.number)
    return WorkOrder.objects.active().filter(wanted).for_overview().order_by("-number")


def _quotes(query):
    return Quote.objects.search(query.text).select_related("customer")


def _invoices(query):
    return Invoice.objects.filter(number__icontains=query.text).select_related("customer")


def _vehicle(vehicle):
    return Hit(str(vehicle), vehicle.make_and_model or str(vehicle.type), reverse("vehicle-page", args=[vehicle.pk]))


def _customer(customer):
    more = " · ".join(part for part in (customer.number, customer.city, customer.phone) if part)
    return Hit(customer.name, more, reverse("customer-file", args=[customer.pk]))


def _order(order):
    more = f"{order.vehicle} · {order.customer} · {order.get_status_display()}"
    return Hit(str(order), more, reverse("workorders:detail", args=[order.pk]))


def _quote(quote):
    return Hit(str(quote), f"{quote.customer} · {quote.subject}", reverse("quotes:detail", args=[quote.pk]))


def _invoice(invoice):
    return Hit(str(invoice), str(invoice.customer), reverse("invoicing:detail", args=[invoice.pk]))


@dataclass(frozen=True)
class Kind:
    """Something that can be found: who may see it, its rows for a `Query`, a row as a `Hit`, and its list, which takes `?zoek=`."""

    label: Promise
    permission: str
    rows: Callable
    hit: Callable
    overview: str


KINDS = (
    Kind(_("Voertuigen"), "vehicles.view", lambda query: query.vehicles, _vehicle, "vehicles:search"),
    Kind(_("Klanten"), "customers.manage", _customers, _customer, "customers:overview"),
    Kind(_("Werkorders"), "workorders.view", _orders, _order, "workorders:overview"),
    Kind(_("Offertes"), "quotes.manage", _quotes, _quote, "quotes:overview"),
    Kind(_("Facturen"), "invoicing.view", _invoices, _invoice, "invoicing:overview"),
)


def find(text, membership):
    """`[Part, …]` that have hits; at most one query a kind, each of which walks an index of the company."""
    query = Query(text.strip()[:100])
    if len(query.text) < SHORTEST:
        return []
    parts = [_part(kind, query) for kind in KINDS if membership.may(kind.permission)]
    return [part for part in parts if part.hits]


def _part(kind, query):
    rows = list(kind.rows(query)[: SHOWN + 1])
    all_url = reverse(kind.overview, query={"zoek": query.text}) if len(rows) > SHOWN else ""
    return Part(str(kind.label), [kind.hit(row) for row in rows[:SHOWN]], all_url)
