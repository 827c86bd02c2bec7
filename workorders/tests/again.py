"""An order once more: through *Zelfde als vorige keer*, and as a browser sends the form that shows it."""

from decimal import Decimal
from uuid import uuid4

from django.urls import reverse
from lxml import html

from tests.forms_of_pages import forms_on
from workorders.models import WorkOrder


def same(owner, order):
    """The page with the order form after *Zelfde als vorige keer*."""
    typed = {
        "plate": order.vehicle.plate_shown,
        "country": "NL",
        "customer": order.customer_id,
        "customer_type": order.customer.type_id,
        "vehicle_type": order.vehicle.type_id,
        "status": "planned",
        "vorige": order.pk,
        "concept": uuid4(),
    }
    return owner.post(reverse("workorders:create-choices"), typed)


def saved(owner, page):
    """The order that the form on the page becomes when it is sent as it stands."""
    form = as_ticked(page, reverse("workorders:create")).choose({"new_name": "", "new_email": "", "new_phone": ""})
    response = form.send(owner)
    assert response.status_code == 302, response.context["form"].errors
    return WorkOrder.objects.latest("pk")


def drafted(owner, page):
    """The page with the order form after it was left and opened again; what was typed is another order."""
    form, key = as_ticked(page, reverse("workorders:create")), str(uuid4())
    form.choose({"concept": key, "new_name": "", "new_email": "", "new_phone": ""}).action = reverse("workorders:keep-draft")
    assert form.send(owner).status_code == 204
    return owner.get(reverse("workorders:create"), {"concept": key})


def edited(owner, order, typed=None):
    """The order after its form was opened and saved, with what is `typed` over it."""
    form = form_of(owner.get(reverse("workorders:edit", args=[order.pk])), order)
    response = form.choose(typed or {}).send(owner)
    assert response.status_code == 302, response.context["form"].errors
    return order


def form_of(page, order):
    return as_ticked(page, reverse("workorders:edit", args=[order.pk]))


def as_ticked(page, address):
    """The form for this address, with the work that is ticked on the page and no other."""
    form = next(form for form in forms_on(page, address) if form.action.split("?")[0] == address)
    ticked = html.fromstring(page.content.decode()).xpath("//input[@name='services' or @name='packages'][@checked][not(@disabled)]")
    form.fields = [field for field in form.fields if field[0] not in {"services", "packages"}]
    form.fields += [(box.get("name"), box.get("value")) for box in ticked]
    return form


def work(order):
    names = ("service", "in_package", "description", "quantity", "unit_price", "discount", "discount_reason", "vat_rate", "minutes")
    return sorted(order.lines.values_list(*names), key=str)


def net(order):
    return sum(line.amount for line in order.lines.all())


def own_line(**values):
    line = {"description": "Kinderstoel", "quantity": Decimal(1), "unit_price": Decimal("12.50"), "vat_rate": "21", "minutes": 10}
    return line | {"discount": Decimal(0), "discount_reason": ""} | values
