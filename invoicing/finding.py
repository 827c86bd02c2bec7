"""One search over everything: vehicles, customers, orders and invoices, of what somebody may see."""

from dataclasses import dataclass

from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cleanconnect.permissions import requires
from customers.models import Customer
from vehicles.models import Vehicle
from workorders.models import WorkOrder

from .models import Invoice

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


def find(text, membership):
    """`[Part, …]` that have hits; at most one query a kind, each of which walks an index of the company."""
    text = text.strip()[:100]
    if len(text) < SHORTEST:
        return []
    vehicles = list(Vehicle.objects.search(text).select_related("type")[: SHOWN + 1])
    parts = [_part(_("Voertuigen"), vehicles, _vehicle, "vehicles:search", text), _orders(text, vehicles)]
    if membership.may("customers.manage"):
        customers = list(Customer.objects.active().search(text)[: SHOWN + 1])
        parts.insert(1, _part(_("Klanten"), customers, _customer, "customers:overview", text))
    if membership.may("invoicing.view"):
        invoices = Invoice.objects.filter(number__icontains=text).select_related("customer")
        parts.append(_part(_("Facturen"), list(invoices[: SHOWN + 1]), _invoice, "invoicing:overview", text))
    return [part for part in parts if part.hits]


def _part(label, rows, hit, url_name, text):
    all_url = reverse(url_name, query={"zoek": text}) if len(rows) > SHOWN else ""
    return Part(label, [hit(row) for row in rows[:SHOWN]], all_url)


def _orders(text, vehicles):
    """The newest orders of the vehicles that were found, and the one with this number."""
    wanted = Q(vehicle__in=vehicles)
    if text.isdecimal() and len(text) < 10:
        wanted |= Q(number=int(text))
    orders = WorkOrder.objects.active().filter(wanted).for_overview().order_by("-number")
    return _part(_("Werkorders"), list(orders[: SHOWN + 1]), _order, "workorders:overview", text)


def _vehicle(vehicle):
    return Hit(str(vehicle), vehicle.make_and_model or str(vehicle.type), reverse("vehicle-page", args=[vehicle.pk]))


def _customer(customer):
    more = " · ".join(found for found in (customer.number, customer.city, customer.phone) if found)
    return Hit(customer.name, more, reverse("customer-file", args=[customer.pk]))


def _order(order):
    return Hit(
        str(order), f"{order.vehicle} · {order.customer} · {order.get_status_display()}", reverse("workorders:detail", args=[order.pk])
    )


def _invoice(invoice):
    return Hit(str(invoice), str(invoice.customer), reverse("invoicing:detail", args=[invoice.pk]))


@requires("vehicles.view")
@require_safe
def search(request):
    """`?q=`: a page with what was found; htmx gets the list alone, for the field in the bar."""
    text = request.GET.get("q", "")
    context = {"text": text, "parts": find(text, request.membership), "is_short": len(text.strip()) < SHORTEST}
    template = "invoicing/search.html#found" if request.htmx else "invoicing/search.html"
    return render(request, template, context)
