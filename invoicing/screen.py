from cleanconnect.jinja import for_page
from notifications.models import Language

from .words import Saying


@for_page
def vat_over(rate, base):
    """What the VAT of a rate is called among the totals: `Btw 21% over € 50,00`."""
    return Saying(Language.DUTCH).vat_over(rate, base)
