"""A private customer asks to be forgotten (AVG art. 17): what the tax law does not keep goes, its seven years stay (AWR art. 52).

A room that names customers has its line in `STEPS`.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import FileField, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.members import forget_member
from customers.fields import FIELDS
from customers.models import Customer, CustomerEvent
from invoicing.collecting import customers_to_invoice
from invoicing.keeping import FORGOTTEN, KEPT_YEARS, forget_invoices_from_now_on, oldest_kept, throw_away
from invoicing.models import Invoice, Refund
from notifications.models import Message
from quality.models import Approval, CheckPhoto, Defect
from quotes.forgetting import forget as forget_quotes
from vehicles.models import Vehicle, VehicleHolder
from workorders.models import DamageMark, Handover, OrderChange, OrderDraft, OrderPhoto, StatusChange, WorkOrder, WorkOrderLine

EMPTIED = tuple(field.name for field in FIELDS if field.is_personal and field.name != "name")


class NotYet(Exception):
    """Something is still to be settled with this customer; `reasons` are for the screen."""

    def __init__(self, reasons):
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class Preview:
    """What would go and what stays, in sentences for the screen, and the reasons why it cannot be done yet."""

    goes: list
    stays: list
    reasons: list


def reasons_to_wait(customer):
    """Why this customer cannot be forgotten yet; empty when nothing is in the way."""
    reasons = []
    if customer.anonymised_at:
        reasons.append(_("Deze klant is al geanonimiseerd."))
    if not customer.type.is_private:
        reasons.append(_("Alleen een particuliere klant kan worden geanonimiseerd; bij een bedrijf verwijdert u contactpersonen."))
    if WorkOrder.objects.open().filter(customer=customer).exists():
        reasons.append(_("Er staan nog werkorders open. Maak die eerst af of verwijder ze."))
    if customers_to_invoice().filter(pk=customer.pk).exists():
        reasons.append(_("Er zijn nog werkorders die gefactureerd moeten worden."))
    if Invoice.objects.filter(customer=customer).unpaid().exists():
        reasons.append(_("Er staan nog facturen open."))
    return reasons


def _messages(customer):
    """The mails to this customer, to its contacts and to its logins."""
    addresses = {customer.email, *customer.contacts.values_list("email", flat=True)}
    addresses |= set(customer.memberships.values_list("user__email", flat=True))
    is_theirs = Q.create([("to_email__iexact", address) for address in addresses - {""}], connector=Q.OR)
    return Message.objects.filter(is_theirs) if addresses - {""} else Message.objects.none()


def _photos(customer):
    return Defect.objects.filter(order__customer=customer).exclude(photo="")


def _with_uploads(customer):
    return Defect.objects.filter(order__customer=customer).exclude(upload="")


def _order_photos(customer):
    return OrderPhoto.objects.filter(order__customer=customer)


def _forget_orders(customer):
    """What the orders say of the person: photos, signatures, who answered from where, and the words of the office."""
    orders = WorkOrder.objects.filter(customer=customer)
    for rows in (_order_photos(customer), CheckPhoto.objects.filter(order__in=orders), Handover.objects.filter(order__in=orders)):
        for field in rows.model._meta.fields:
            if isinstance(field, FileField):
                throw_away(rows, field.name)
        rows.delete()
    OrderDraft.objects.filter(typed__customer__contains=[str(customer.pk)]).delete()
    OrderChange.objects.filter(order__in=orders).delete()
    StatusChange.objects.filter(order__in=orders).update(reason="")
    DamageMark.objects.filter(order__in=orders).update(note="")
    Approval.objects.filter(order__in=orders).update(decided_name="", decided_ip=None)
    WorkOrderLine.objects.filter(order__in=orders).update(price_reason="", discount_reason="")
    orders.update(note="", remark="", po_number="", cost_centre="", branch=None)


def _vehicles_without_history(customer):
    """Vehicles of nobody else that never had an order."""
    others = VehicleHolder.objects.exclude(customer=customer).values("vehicle")
    return Vehicle.objects.filter(customers=customer, work_orders=None).exclude(pk__in=others)


def preview(customer):
    """What `anonymise` would do."""
    messages, photos, vehicles = _messages(customer).count(), _photos(customer).count(), customer.holdings.count()
    pictures, signed = _order_photos(customer).count(), Handover.objects.filter(order__customer=customer).count()
    logins, contacts, quotes = customer.memberships.count(), customer.contacts.count(), customer.quotes.count()
    invoices = Invoice.objects.filter(customer=customer)
    kept = invoices.filter(issued_on__gte=oldest_kept())
    goes = [
        _("Naam, adres, e-mail, telefoon, bankrekening en notitie van de klant"),
        contacts and ngettext("%(n)s contactpersoon", "%(n)s contactpersonen", contacts) % {"n": contacts},
        logins and ngettext("%(n)s login", "%(n)s logins", logins) % {"n": logins},
        messages and ngettext("%(n)s verstuurd bericht", "%(n)s verstuurde berichten", messages) % {"n": messages},
        photos and ngettext("%(n)s foto van een mankement", "%(n)s foto’s van mankementen", photos) % {"n": photos},
        pictures and ngettext("%(n)s foto van een auto", "%(n)s foto’s van auto’s", pictures) % {"n": pictures},
        signed and ngettext("%(n)s handtekening", "%(n)s handtekeningen", signed) % {"n": signed},
        quotes and ngettext("Naam en tekst op %(n)s offerte", "Naam en tekst op %(n)s offertes", quotes) % {"n": quotes},
        vehicles and ngettext("De band met %(n)s voertuig", "De band met %(n)s voertuigen", vehicles) % {"n": vehicles},
        _("Notities, opmerkingen en kenmerken op de werkorders, en de geschiedenis van de klant"),
    ]
    old = invoices.exclude(pk__in=kept.values("pk")).count()
    if old:
        text = ngettext("Naam en PDF van %(n)s factuur ouder dan zeven jaar", "Naam en PDF van %(n)s facturen ouder dan zeven jaar", old)
        goes.append(text % {"n": old})
    stays = [_("Klantnummer, werkorders en bedragen, zonder naam")]
    if newest := kept.order_by("-issued_on").first():
        count, until = kept.count(), newest.issued_on.year + KEPT_YEARS
        text = ngettext(
            "%(n)s factuur met naam en adres, tot en met 31 december %(year)s: dat eist de belastingwet",
            "%(n)s facturen met naam en adres, tot uiterlijk 31 december %(year)s: dat eist de belastingwet",
            count,
        )
        stays.append(text % {"n": count, "year": until})
    return Preview([text for text in goes if text], stays, reasons_to_wait(customer))


def _forget_messages(customer):
    _messages(customer).delete()


def _forget_logins(customer):
    for membership in customer.memberships.select_related("user"):
        forget_member(membership)


def _forget_defect_photos(customer):
    throw_away(_photos(customer), "original")
    throw_away(_with_uploads(customer), "upload")
    throw_away(_photos(customer), "photo")


def _forget_vehicles(customer):
    _vehicles_without_history(customer).delete()
    customer.holdings.all().delete()


def _forget_contacts(customer):
    customer.contacts.all().delete()
    customer.events.all().delete()


def _forget_branches(customer):
    customer.branches.all().delete()


def _forget_mandates(customer):
    Refund.objects.filter(invoice__customer=customer).update(holder=FORGOTTEN["name"], iban="")
    customer.mandates.filter(debits=None).delete()
    customer.mandates.update(holder=FORGOTTEN["name"], iban="", ended_on=timezone.localdate())


STEPS = (  # in this order: mails are found by the addresses of contacts and logins, and orders name branches
    _forget_messages,
    _forget_logins,
    _forget_defect_photos,
    _forget_vehicles,
    _forget_contacts,
    _forget_orders,
    _forget_branches,
    _forget_mandates,
    forget_quotes,
    forget_invoices_from_now_on,
)


@transaction.atomic
def anonymise(customer, *, by):
    """Forget who the customer is; raises `NotYet`. It cannot be undone."""
    customer = Customer.objects.select_for_update(no_key=True, of=["self"]).select_related("type").get(pk=customer.pk)
    if reasons := reasons_to_wait(customer):
        raise NotYet(reasons)
    for forget in STEPS:
        forget(customer)
    for name in EMPTIED:
        setattr(customer, name, "")
    customer.name = f"{FORGOTTEN['name']} {customer.number}".strip()
    customer.anonymised_at = customer.archived_at = timezone.now()
    customer.save()
    CustomerEvent.objects.create(customer=customer, kind=CustomerEvent.Kind.ANONYMISED, by=by)
