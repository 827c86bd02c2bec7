"""Which invoices or collections a line of a bank statement is about: by number, amount, mandate and IBAN; certain or only likely."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import Debit, Invoice, Payment

RETURNED_WITHIN = timedelta(days=400)  # a payer may say for thirteen months that there was no mandate
REMEMBERED = timedelta(days=2 * 365)

_IBAN = re.compile(
    r"\b(?:[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}|NL[0-9]{2} ?[A-Z]{4}(?: ?[0-9]{4}){2} ?[0-9]{2}|BE[0-9]{2}(?: ?[0-9]{4}){3}"
    r"|DE[0-9]{2}(?: ?[0-9]{4}){4} ?[0-9]{2})\b"
)
_SHORT = re.compile(
    r"(?:FACTUUR|FACTUREN|FAKTUUR|FACT|FAC|INVOICE|INV|RECHNUNG|NOTA|NUMMER|NR|NO)[^0-9A-Z]{0,3}"
    r"(?:(?:NUMMER|NR|NO)[^0-9A-Z]{0,3})?([0-9]{1,8})(?![0-9])(?![-./][0-9])"
)
_MONEY_BACK = re.compile(
    r"STORN|TERUGBOEK|TERUGGEBOEK|TERUGBETAL|TERUGSTORT|TERUGGAVE|RETOUR|REFUND|RESTITU|CHARGEBACK|CREDITFACT|CREDITNOTA|REVERSAL|GEWEIGERD"
)


@dataclass
class Match:
    """Which invoices a line pays, `[(invoice, amount), …]`, or which collection it takes back; whether that is certain, and why."""

    parts: list = field(default_factory=list)
    is_certain: bool = False
    why: str = ""
    debit: Debit | None = None


class Known:
    """What lines can be about, asked once for all of them."""

    def __init__(self, lines):
        out = [line for line in lines if line.amount < 0]
        self.invoices = list(Invoice.objects.outstanding())
        self.collected = set(Debit.objects.under_way().values_list("invoice", flat=True)) if any(line.mandate for line in lines) else set()
        self.debits = []
        if out:
            recent = Debit.objects.filter(returned_on=None, batch__collect_on__gte=timezone.localdate() - RETURNED_WITHIN)
            fits = Q(amount__in={-line.amount for line in out}) | Q(invoice__number__in={line.end_to_end_id for line in out})
            self.debits = list(recent.filter(fits).select_related("invoice__customer", "batch", "mandate").order_by("-pk"))

    def match(self, line):
        """The `Match` of one of the lines."""
        return match(line, self.invoices, debits=self.debits, collected=self.collected)

    def pay(self, invoices):
        """Look again at what is open of these, of which something was booked: the next line may be about them too."""
        for invoice in invoices:
            invoice.refresh_from_db(fields=["paid_total", "paid_on"])
        self.invoices = [invoice for invoice in self.invoices if invoice.open_total]


def match(line, invoices, *, debits=(), collected=frozenset()):
    """The `Match` of a line among these open invoices, each with its customer, and these collections; some are under way (`collected`).

    Certain is only: the numbers of one customer's invoices stand in the text, and the amount is theirs together.
    """
    found = _by_invoice(line, invoices)
    if line.mandate and line.amount > 0 and any(invoice.pk in collected for invoice, _amount in found.parts):
        return Match(why=_("van een incasso; boek de hele batch"))
    if line.amount < 0 and not (found.is_certain and not line.is_return):
        debit = _returned(line, debits)
        if debit:
            same = debit.amount == -line.amount
            return Match(why=_("storno") if same else _("storno; het bedrag is hoger dan de incasso"), debit=debit)
    return found


def _by_invoice(line, invoices):
    same_way = [invoice for invoice in invoices if (invoice.open_total > 0) == (line.amount > 0)]
    says = _Said(line)
    named = [invoice for invoice in same_way if says.number(invoice.number)]
    named = [one for one in named if not any(_bare(one.number) in _bare(other.number) for other in named if other is not one)]
    if named:
        total = sum(invoice.open_total for invoice in named)
        if total == line.amount:
            one_customer = len({invoice.customer_id for invoice in named}) == 1
            return Match([(invoice, invoice.open_total) for invoice in named], one_customer, _("nummer en bedrag kloppen"))
        if len(named) == 1:
            return Match([(named[0], line.amount)], False, _("nummer klopt, het bedrag niet"))
    alike = [invoice for invoice in same_way if says.serial(invoice.number)]
    by_amount = [invoice for invoice in same_way if invoice.open_total == line.amount]
    for likely, why in (
        ([invoice for invoice in alike if invoice in by_amount], _("nummer lijkt te kloppen, het bedrag klopt")),
        ([invoice for invoice in by_amount if line.iban and invoice.customer.iban == line.iban], _("IBAN en bedrag kloppen")),
        (alike, _("nummer lijkt te kloppen, het bedrag niet")),
        (by_amount, _("alleen het bedrag klopt")),
    ):
        if len(likely) == 1:
            return Match([(likely[0], line.amount)], False, why)
    return Match()


def _returned(line, debits):
    """The collection that an outgoing line takes back, or None. A bank may keep its costs together with the amount."""
    says = _Said(line)
    named = [debit for debit in debits if says.number(debit.invoice.number)]
    same = [debit for debit in debits if debit.amount == -line.amount]
    of_mandate = [debit for debit in same if line.mandate and debit.mandate.reference == line.mandate]
    of_account = [debit for debit in same if line.is_return and line.iban and debit.mandate.iban.replace(" ", "") == line.iban]
    dearer = [debit for debit in named if line.is_return and debit.amount < -line.amount]
    for found in ([debit for debit in same if debit in named], of_mandate, of_account, same if line.is_return else [], dearer):
        if len({debit.invoice_id for debit in found}) == 1:
            return found[0]
    return None


# --- what went out and may be money back ---------------------------------------------------------------------------


class MoneyBack:
    """Tells which outgoing lines may be a refund or a return, so that nobody puts them away unseen."""

    def __init__(self, lines):
        out = [line for line in lines if line.amount < 0]
        amounts = {-line.amount for line in out}
        since = timezone.localdate() - REMEMBERED
        self.known = Known(lines)
        self.numbers, self.paid = _Numbers(()), ()
        if out:
            paid = Invoice.objects.filter(issued_on__gte=since).exclude(paid_total=0)
            self.numbers = _Numbers(paid.values_list("number", flat=True))
            payments = Payment.objects.filter(amount__in=amounts, received_on__gte=since)
            self.paid = set(payments.exclude(bank_line=None).values_list("amount", "bank_line__iban"))
            self.paid |= set(payments.values_list("amount", "invoice__customer__iban"))

    def may_be(self, line):
        if line.is_return or _MONEY_BACK.search(f"{line.description} {line.name}".upper()):
            return True
        if any(debit.amount == -line.amount for debit in self.known.debits) or (line.iban and (-line.amount, line.iban) in self.paid):
            return True
        found = self.known.match(line)
        return bool(found.parts or found.debit or self.numbers.is_one_in(_Said(line)))


# --- reading numbers in a text --------------------------------------------------------------------------------------


def _bare(text):
    return re.sub(r"[^0-9A-Z]", "", text.upper())


class _Said:
    """What the payer wrote; the accounts in it are no numbers of invoices."""

    def __init__(self, line):
        text = _IBAN.sub(" ", f"{line.description} {line.name} {line.reference}".upper())
        self.texts = [text, line.end_to_end_id.upper()]
        self.bare = [_bare(text) for text in self.texts]
        self.serials = {int(found) for found in _SHORT.findall(text)}

    def number(self, number):
        """Whether an invoice number stands there by itself: no digit before or behind it, its separators as one likes."""
        bare = _bare(number)
        return any(bare in said and _pattern(number).search(text) for text, said in zip(self.texts, self.bare, strict=True))

    def serial(self, number):
        """Whether it says "factuur 10" where the number ends in 0010."""
        digits = re.findall(r"[0-9]+", number)
        return bool(digits) and int(digits[-1]) in self.serials


class _Numbers:
    """Invoice numbers, looked up by the pieces of a text: a hundred thousand of them take no longer than ten."""

    def __init__(self, numbers):
        self.of_bare = defaultdict(list)
        for number in numbers:
            self.of_bare[_bare(number)].append(number)
        self.lengths = {len(bare) for bare in self.of_bare}

    def is_one_in(self, says):
        pieces = {bare[at : at + length] for bare in says.bare for length in self.lengths for at in range(len(bare) - length + 1)}
        return any(says.number(number) for piece in pieces & self.of_bare.keys() for number in self.of_bare[piece])


SHORT = 6  # signs; a shorter number of digits alone is easily a part of another reference or a date


@lru_cache(maxsize=20_000)
def _pattern(number):
    tokens = re.findall(r"[0-9A-Z]+", number.upper())
    inside = [r"[ ./-]?".join(token) if len(token) >= SHORT else token for token in tokens]
    whole = r"[^0-9A-Z]{0,3}".join(inside)
    signs = "".join(tokens)
    before = "(?<![0-9])" if signs[:1].isdigit() else "(?<![0-9A-Z])"
    behind = "(?![0-9])" if signs[-1:].isdigit() else "(?![0-9A-Z])"
    if signs.isdigit() and len(signs) < SHORT:
        before, behind = before + "(?<![0-9][-./])", behind + "(?![-./][0-9])"
    return re.compile(before + whole + behind)
