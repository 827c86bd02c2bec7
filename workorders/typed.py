"""The lines of an order as someone would type them: everything that fills the form of an order from an order asks here."""

from django.db.models import Q
from django.utils.formats import localize_input
from django.utils.translation import gettext as _

from cleanconnect.discounts import Off
from customers.models import Customer
from services.models import Service

from .intake import UNADJUSTED

OWN_LINE = ("description", "quantity", "unit_price", "vat_rate", "minutes", "discount", "discount_reason")
BY_HAND = ("unit_price", "price_reason")
TYPED = [name for name in UNADJUSTED if name != "discount_amount"]  # one discount is typed, in percent or in euro


def packages_on(lines):
    """The groups that were ordered as a whole and can still be."""
    groups = {line.service.group_id: line.service.group for line in lines if line.in_package and line.service_id}
    return [group for group in groups.values() if group.is_package and group.archived_at is None]


def lines_as_typed(lines, packages):
    """`{name: [value, …]}` of the fields `services`, `packages`, their quantity, discount and own price, and the lines of one's own.

    `packages` are the groups that are ticked as a whole; prices of handlings that were looked up are so again by the form.
    """
    whole = {group.pk for group in packages}
    of_services, own = [line for line in lines if line.service_id], [line for line in lines if not line.service_id]
    values = {
        "services": [str(line.service_id) for line in of_services if line.service.group_id not in whole],
        "packages": [str(group.pk) for group in packages],
        "regels-TOTAL_FORMS": [str(len(own) + 1)],
        "regels-INITIAL_FORMS": ["0"],
    }
    for line in of_services:
        is_typed = {name: line.priced_by_hand or name not in BY_HAND for name in UNADJUSTED}
        values |= {f"{name}_{line.service_id}": [_text(line, name) if is_typed[name] else ""] for name in TYPED}
    for place, line in enumerate(own):
        values |= {f"regels-{place}-{name}": [_text(line, name)] for name in OWN_LINE}
    return values


def is_of_lines(name):
    """Whether a field of the form tells what has to be done, and so is among those of `lines_as_typed`."""
    return name in {"services", "packages"} or name.startswith(("regels-", *(f"{adjusted}_" for adjusted in UNADJUSTED)))


def carried_over(typed, offered):
    """What was typed (a QueryDict), with handlings and packages of another kind of vehicle as those `offered`, by group and name.

    What has no namesake there falls away. One query, and none when all that is ticked is on offer.
    """
    groups = {service.group_id: service.group for service in offered}
    gone = set(typed.getlist("services")) - {str(service.pk) for service in offered}
    gone_packages = set(typed.getlist("packages")) - {str(pk) for pk in groups}
    gone, gone_packages = ([pk for pk in pks if pk.isdecimal() and len(pk) < 19] for pks in (gone, gone_packages))
    if not offered or not (gone or gone_packages):
        return typed
    here = {_names(service): service for service in offered}
    packages_here = {group.name.casefold(): group for group in groups.values() if group.is_package}
    carried, services, packages = typed.copy(), typed.getlist("services"), typed.getlist("packages")
    for service in Service.objects.filter(Q(pk__in=gone) | Q(group__in=gone_packages)).select_related("group"):
        if namesake := here.get(_names(service)):
            services += [str(namesake.pk)] if str(service.pk) in gone else []
            for name in UNADJUSTED:
                if values := carried.pop(f"{name}_{service.pk}", None):
                    carried.setlist(f"{name}_{namesake.pk}", values)
        package = packages_here.get(service.group.name.casefold())
        if package and str(service.group_id) in gone_packages and str(package.pk) not in packages:
            packages.append(str(package.pk))
    carried.setlist("services", [pk for pk in services if pk not in gone])
    carried.setlist("packages", [pk for pk in packages if pk not in gone_packages])
    return carried


def _names(service):
    return service.group.name.casefold(), service.name.casefold()


def fill_in_lines(typed, order):
    """Put the work of this order in what was typed (a mutable QueryDict) instead of what stands there.

    A price that was agreed for it is agreed again, and says where it comes from: who agreed to it then has not done so now. With VAT or
    without as the prices of the customer are for whom it is typed.
    """
    lines = list(order.lines.select_related("service__group"))
    pk = typed.get("customer", "")
    customer = Customer.objects.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 19 else None
    include_vat = (customer or order.customer).prices_include_vat
    for line in lines:
        line.unit_price, line.discount_amount = order.price_if(line, include_vat), order.price_if(line, include_vat, line.discount_amount)
        line.price_reason = _("prijs van werkorder %(number)s") % {"number": order.number}
    for name in [name for name in typed if is_of_lines(name)]:
        del typed[name]
    for name, values in lines_as_typed(lines, packages_on(lines)).items():
        typed.setlist(name, values)


def left_out(order, form):
    """`[(what, why), …]` of the work of this order that the form filled in from it cannot offer, in Dutch for the screen."""
    offered, lines = {service.pk for service in form.offered}, list(order.lines.select_related("service__group__vehicle_type"))
    missing = [(line.description, _why_missing(line.service, form)) for line in lines if line.service_id and line.service_id not in offered]
    whole = {line.service.group for line in lines if line.in_package and line.service_id in offered}
    loose = sorted(group.name for group in whole - set(packages_on(lines)))
    return missing + [(name, _("is geen pakket meer; de handelingen staan er los, met hun eigen prijs")) for name in loose]


def _why_missing(service, form):
    group = service.group
    if group.vehicle_type != form.vehicle_type_now:
        return _("hoort bij soort voertuig %(type)s") % {"type": group.vehicle_type}
    if service.archived_at or group.archived_at:
        return _("is verwijderd bij Werkzaamheden")
    return _("is niet actief bij Werkzaamheden")


def _text(line, name):
    """1 and not 1,00, and no discount of zero."""
    if name == "discount":
        return str(Off(line.discount, line.discount_amount))
    value = getattr(line, name)
    if value is None:
        return ""
    if name == "quantity":
        value = value.to_integral() if value == value.to_integral() else value.normalize()
    return str(localize_input(value))
