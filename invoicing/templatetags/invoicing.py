from django import template
from django.utils.translation import gettext as _

from cleanconnect.money import euro
from services.models import VatRate

register = template.Library()


@register.simple_tag
def vat_label(rate):
    """A VAT rate as it stands in a line: `21%`."""
    return VatRate(rate).label


@register.simple_tag
def vat_over(rate, base):
    """What the VAT of a rate is called among the totals: `Btw 21% over € 50,00`."""
    text = _("Btw %(rate)s over %(base)s") if rate.isdecimal() else _("Btw %(rate)s, over %(base)s")
    return text % {"rate": VatRate(rate).label, "base": euro(base)}
