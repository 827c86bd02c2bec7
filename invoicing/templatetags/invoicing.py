from django import template
from django.utils.translation import gettext as _

from cleanconnect.money import euro
from cleanconnect.permissions import may
from invoicing import collecting
from invoicing.order_page import invoices_of
from invoicing.timeline import timeline
from services.models import VatRate

register = template.Library()


@register.simple_tag
def billing(order, membership):
    """The invoices of an order that this membership may see, and whether it may issue one now."""
    if not may(membership, "invoicing.view"):
        return {"invoices": [], "can_issue": False}
    invoices = invoices_of(order)
    may_issue = may(membership, "invoicing.manage") and order.is_finished and not invoices
    return {"invoices": invoices, "can_issue": may_issue and collecting.to_invoice().filter(pk=order.pk).exists()}


@register.simple_tag
def vat_label(rate):
    """A VAT rate as it stands in a line: `21%`."""
    return VatRate(rate).label


@register.simple_tag
def vat_over(rate, base):
    """What the VAT of a rate is called among the totals: `Btw 21% over € 50,00`."""
    text = _("Btw %(rate)s over %(base)s") if rate.isdecimal() else _("Btw %(rate)s, over %(base)s")
    return text % {"rate": VatRate(rate).label, "base": euro(base)}


@register.simple_tag
def timeline_of(order, membership):
    """What happened to an order, as far as this membership may see it."""
    return timeline(order, membership)
