"""Two customers that are one: everything of the one goes to the other, and the one is archived under its number."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.fields import ADDED, ADDRESS, ALONG, FIELDS, FILLS
from customers.models import Branch, Customer, CustomerEvent, EInvoice
from services.models import PriceAgreement
from vehicles.models import VehicleHolder

WHERE = ("postcode", "street", "city")  # who has one of these has an address


class NotMergeable(Exception):
    """These two cannot become one; the message is for the screen."""


@dataclass(frozen=True)
class Moved:
    """How many rows of a kind move, and how many of those the other has already, so that they fall away."""

    label: str
    count: int
    doubles: int


def relations():
    """The foreign keys to a customer, in every room."""
    fields = Customer._meta.get_fields(include_hidden=True)  # hidden: those without a name to come back by
    return [field for field in fields if field.auto_created and not field.concrete and field.one_to_many]


def _rows(relation, customer):
    return relation.related_model._base_manager.filter(**{relation.field.name: customer})


def _doubles(source, target):
    """`{model: rows of the source}` that the target has already: the same vehicle, an agreement on the same in the same period."""
    held = VehicleHolder.objects.filter(customer=target, vehicle=OuterRef("vehicle"))
    same = PriceAgreement.objects.filter(
        Q(service=OuterRef("service")) | Q(group=OuterRef("group")),
        Q(ends_on=None) | Q(ends_on__gte=OuterRef("starts_on")),
        customer=target,
        starts_on__lte=OuterRef("until"),
    )
    agreements = PriceAgreement.objects.filter(customer=source).alias(until=Coalesce("ends_on", Value(date.max)))
    return {
        VehicleHolder: VehicleHolder.objects.filter(Exists(held), customer=source),
        PriceAgreement: agreements.filter(Exists(same)),
    }


def preview(source, target):
    """What would move from the source to the target: `[Moved, …]`, only what there is."""
    doubles = {model: rows.count() for model, rows in _doubles(source, target).items()}
    moved = []
    for relation in relations():
        model = relation.related_model
        if count := _rows(relation, source).count():
            moved.append(Moved(str(model._meta.verbose_name_plural), count, doubles.get(model, 0)))
    return sorted(moved, key=lambda found: found.label)


def filled(source, target):
    """`{field name: value}` that the target lacks and the source has; an address goes as a whole."""
    values = {}
    has_address = any(getattr(target, name) for name in WHERE)
    for field in FIELDS:
        value = getattr(source, field.name)
        is_wanted = {
            FILLS: _has(source, field.name) and not _has(target, field.name),
            ADDRESS: _has(source, field.name) and not has_address,
            ALONG: field.along_with in values,
        }
        if is_wanted.get(field.merging):
            values[field.name] = value
        elif field.merging == ADDED and value:
            values[field.name] = f"{getattr(target, field.name)}\n\n{value}".strip()[:2000]
    return values


def shown(source, name, value):
    """A value that goes to the other customer, as the screen says it."""
    if isinstance(value, bool):
        return _("ja") if value else _("nee")
    return getattr(source, f"get_{name}_display", lambda: value)()


def _has(customer, name):
    """Whether something was filled in."""
    return getattr(customer, name) not in ("", None, EInvoice.NONE)


@transaction.atomic
def merge(source, target, *, by):
    """Move everything of the source to the target and archive the source; returns the target. Raises `NotMergeable`."""
    locked = {
        found.pk: found for found in Customer.objects.select_for_update(no_key=True).filter(pk__in=[source.pk, target.pk]).order_by("pk")
    }
    source, target = locked[source.pk], locked[target.pk]
    _refuse(source, target)
    values = filled(source, target)
    for name, value in values.items():
        setattr(target, name, value)
    target.save(update_fields=list(values))
    for rows in _doubles(source, target).values():
        rows.delete()
    _tell_branches_apart(source, target)
    if target.mandates.active().exists():
        source.mandates.active().update(ended_on=timezone.localdate())
    for relation in relations():
        _rows(relation, source).update(**{relation.field.name: target})
    source.merged_into, source.archived_at = target, timezone.now()
    source.save(update_fields=["merged_into", "archived_at"])
    kind = CustomerEvent.Kind.MERGED
    names = {"name": source.name, "number": source.number or "–"}
    CustomerEvent.objects.create(customer=target, kind=kind, text=_("%(name)s (klantnummer %(number)s) is hierin opgegaan") % names, by=by)
    CustomerEvent.objects.create(customer=source, kind=kind, text=_("Opgegaan in %(name)s") % {"name": target.name}, by=by)
    return target


def _refuse(source, target):
    if source.pk == target.pk:
        raise NotMergeable(_("Kies een andere klant dan deze zelf."))
    for customer in (source, target):
        if customer.archived_at or customer.anonymised_at:
            raise NotMergeable(_("%(name)s is gearchiveerd of geanonimiseerd en kan niet worden samengevoegd.") % {"name": customer.name})


def _tell_branches_apart(source, target):
    """A branch with a name that the target has already gets the source's name behind it."""
    taken = set(target.branches.active().values_list(Lower("name"), flat=True))
    for branch in source.branches.active():
        name, number = branch.name, 1
        while name.lower() in taken:
            suffix = f" ({source.name[:40]})" if number == 1 else f" ({number})"
            name, number = branch.name[: 100 - len(suffix)] + suffix, number + 1
        taken.add(name.lower())
        if name != branch.name:
            Branch.objects.filter(pk=branch.pk).update(name=name)
