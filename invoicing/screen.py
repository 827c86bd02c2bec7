from django.utils.translation import gettext as _

from cleanconnect.jinja import for_page
from cleanconnect.money import euro
from services.models import VatRate


@for_page
def vat_label(rate):
    """A VAT rate as it stands in a line: `21%`."""
    return VatRate(rate).label


@for_page
def vat_over(rate, base):
    """What the VAT of a rate is called among the totals: `Btw 21% over € 50,00`."""
    text = _("Btw %(rate)s over %(base)s") if rate.isdecimal() else _("Btw %(rate)s, over %(base)s")
    return text % {"rate": VatRate(rate).label, "base": euro(base)}
