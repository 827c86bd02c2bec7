"""A credit note takes lines of an issued invoice back, or part of them; the invoice itself never changes (Wet OB 1968, art. 35 lid 4)."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Company
from cleanconnect import jobs
from cleanconnect.money import euro, nets, to_cents, vat_breakdown
from cleanconnect.tenancy.context import current_company_id
from services.models import VatRate

from . import payments
from .collecting import InvoicingError, issue
from .models import Invoice, InvoiceLine
from .tasks import make_pdf

COPIED = (
    "price_includes_vat",
    "order",
    "is_discount",
    "performed_on",
    "performed_until",
    "vehicle",
    "reference",
    "description",
    "vat_rate",
)


class NotCreditable(InvoicingError):
    """The message is for the screen."""


@dataclass(frozen=True)
class Part:
    """What of a line is credited: so many of it, or an amount, with VAT or without as its price is; with neither all that is left.

    Both are above zero.
    """

    line: InvoiceLine
    quantity: Decimal | None = None
    amount: Decimal | None = None


class Rest:
    """What is `left` of a line of an invoice, in euro with VAT or without as its price is, and the `quantity` not credited by number."""

    def __init__(self, line):
        credited = list(line.credited_by.all())
        by_number = [part for part in credited if (part.unit_price, part.discount) == (line.unit_price, line.discount)]
        self.line, self.sign = line, -1 if line.quantity < 0 else 1
        self.left = line.amount + sum(part.amount for part in credited)
        self.quantity = line.quantity + sum(part.quantity for part in by_number)
        self.is_left = bool(self.left) or not credited

    @property
    def amount(self):
        """What may still be credited of it, above zero for a line that takes something off too."""
        return abs(self.left)

    @property
    def number(self):
        """How many may still be credited of it; None when something was credited by amount, so that a number says nothing any more."""
        return abs(self.quantity) if self._amount_of(self.quantity) == self.left else None

    def take(self, part):
        """The line of a credit note that takes this part back. Raises `NotCreditable` when that is more than there is."""
        if (part.amount or 0) > self.amount or (part.quantity is not None and part.quantity > (self.number or 0)):
            raise NotCreditable(_("Van %(line)s is nog %(amount)s te crediteren.") % {"line": self.line, "amount": euro(self.left)})
        if part.amount is not None and part.amount < self.amount:
            return self._line(-self.sign, part.amount)
        if part.quantity is not None and part.quantity < self.number:
            left = self.quantity - self.sign * part.quantity
            return self._of_number(self.sign * part.quantity, self.left - self._amount_of(left))
        return self._line(-self.sign, self.amount) if self.number is None else self._of_number(self.quantity, self.left)

    def _amount_of(self, left):
        """What is left of the line when so many of it are: all that were credited by number are together the rounded whole."""
        return self.line.amount - self._taking(self.line.quantity - left).amount if left else Decimal(0)

    def _taking(self, quantity):
        """So many of the line as one, with their share of its discount."""
        line = self.line
        made = self._line(quantity, line.unit_price, line.discount)
        made.discount_amount = abs(to_cents(line.discount_amount * quantity / line.quantity))
        return made

    def _of_number(self, quantity, amount):
        line = self._taking(-quantity)
        line.rounding = -amount - line.amount
        return line

    def _line(self, quantity, unit_price, discount=Decimal(0)):
        copied = {name: getattr(self.line, name) for name in COPIED}
        return InvoiceLine(credit_of=self.line, quantity=Decimal(quantity), unit_price=unit_price, discount=discount, **copied)


def rests(invoice):
    """A `Rest` of each line of an invoice."""
    return [Rest(line) for line in invoice.lines.prefetch_related("credited_by")]


@transaction.atomic
def issue_credit_note(invoice, parts, *, reason, release, by):
    """Credit these parts (`Part`, or lines of which all that is left is meant) of an invoice; returns the credit note.

    The discount on the whole invoice goes along with each line. VAT is that of the invoice over all that is credited now and was before,
    less what was credited of it before. With `release` the orders of which everything was credited can be invoiced anew. An invoice that
    was not paid is set off against it; of one that was, the credit note is still to be paid back. PDF and mail follow.
    Raises `NotCreditable`, and what `collecting.issue` does.
    """
    invoice = Invoice.objects.select_for_update(no_key=True).get(pk=invoice.pk)
    if invoice.is_credit_note or invoice.forgotten_at:
        raise NotCreditable(_("%(invoice)s kan niet worden gecrediteerd.") % {"invoice": invoice})
    of_lines = {rest.line.pk: rest for rest in rests(invoice)}
    lines = _lines(of_lines, parts)
    today = timezone.localdate()
    note = Invoice(kind=Invoice.Kind.CREDIT_NOTE, credits=invoice, reason=reason, customer=invoice.customer, due_on=today, created_by=by)
    company = Company.objects.get(pk=current_company_id())
    issue(note, lines, company=company, on=today, taxes=_taxes(invoice, lines))
    if not invoice.lines.uncredited().exists():
        invoice.credited_on = today
        invoice.save(update_fields=["credited_on"])
    payments.set_off(invoice, note, by=by)
    if release:
        _release(invoice)
    jobs.add(make_pdf, note)
    return note


def _lines(of_lines, parts):
    """The lines of the credit note. Raises `NotCreditable`."""
    wanted = {}
    for part in parts:
        chosen = part if isinstance(part, Part) else Part(part)
        wanted[chosen.line.pk] = chosen
    chosen = [(of_lines.get(pk), part) for pk, part in wanted.items() if not part.line.is_discount]
    if not chosen or not all(rest and rest.is_left for rest, _part in chosen):
        raise NotCreditable(_("Een gekozen regel is al gecrediteerd; bekijk de factuur opnieuw."))
    lines = [rest.take(part) for rest, part in chosen]
    return lines + [line for rest in of_lines.values() if rest.line.is_discount for line in _share(rest, of_lines.values(), lines)]


def _share(discount, of_lines, lines):
    """The line that takes back the share of a discount on the whole that goes with these lines; none when that is nothing."""
    kind = _kind(discount.line)
    of_kind = [rest for rest in of_lines if _kind(rest.line) == kind and not rest.line.is_discount]
    whole = sum(rest.line.amount for rest in of_kind)
    left = sum(rest.left for rest in of_kind) + sum(line.amount for line in lines if _kind(line) == kind)
    stays = to_cents(discount.line.amount * left / whole) if left and whole else Decimal(0)
    if back := stays - discount.left:
        copied = {name: getattr(discount.line, name) for name in COPIED}
        yield InvoiceLine(credit_of=discount.line, quantity=Decimal(1).copy_sign(back), unit_price=abs(back), **copied)


def _kind(line):
    """Lines of one kind have one discount on the whole."""
    return line.vat_rate, line.price_includes_vat


def _taxes(invoice, lines):
    """`[(rate, base, VAT), …]` of a credit note with these lines, which get their `net`.

    Raises `NotCreditable` when it is more than was charged.
    """
    earlier = InvoiceLine.objects.filter(invoice__in=invoice.credit_notes.all()).order_by("invoice", "pk")
    before, now = [line.charged for line in earlier], [line.charged for line in lines]
    for line, net in zip(lines, nets(now, before), strict=True):
        line.net = net
    credited = {}
    for note in invoice.credit_notes.all():
        for rate, base, vat in note.vat_per_rate():
            of_rate = credited.get(rate, (Decimal(0), Decimal(0)))
            credited[rate] = of_rate[0] + base, of_rate[1] + vat
    charged, rates = {rate: (base, vat) for rate, base, vat in invoice.vat_per_rate()}, {str(line.vat_rate) for line in lines}
    return [
        _tax(rate, charged[rate], gone, credited.get(rate, (Decimal(0), Decimal(0))))
        for rate, *gone in vat_breakdown([*before, *now])
        if rate in rates
    ]


def _tax(rate, charged, gone, credited):
    """`(rate, base, VAT)` of a note, each pair being base and VAT: of the invoice, of all that is credited of it, and of that before.

    What is credited last has the rest. Below zero are `gone` and `credited`.
    """
    base = gone[0] - credited[0]
    vat = (-charged[1] if -gone[0] == charged[0] else gone[1]) - credited[1]
    if -gone[0] > charged[0] or base > 0 or base + vat > 0:
        text = _("Dit is bij btw %(rate)s meer dan de %(left)s die nog te crediteren is. Kies er ook de regels met een min bij.")
        raise NotCreditable(text % {"rate": VatRate(rate).label, "left": euro(charged[0] + credited[0])})
    return rate, base, vat


def _release(invoice):
    """Let the orders of which nothing is charged by this invoice any more be invoiced anew."""
    still_charged = invoice.lines.uncredited().filter(order__isnull=False).values("order")
    invoice.lines.charging().exclude(order__in=still_charged).update(released_at=timezone.now())
