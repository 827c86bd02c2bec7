"""From finished orders to an invoice."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Max, Min, Q, Sum
from django.template.defaultfilters import floatformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import Company
from accounts.numbering import invoice_series, next_number
from cleanconnect import jobs
from cleanconnect.days import beginning
from cleanconnect.money import Amount, excluding_vat, nets, percent, to_cents, vat_breakdown, with_or_without
from cleanconnect.tenancy.context import current_company_id
from customers.models import Customer
from services.models import VatRate
from workorders.models import WorkOrder
from workorders.status import move

from . import tasks
from .errors import InvoicingError
from .models import Invoice, InvoiceLine
from .parties import SELLER, missing_of_buyer, missing_of_seller, snapshot, snapshot_of_buyer

TOO_MUCH = Decimal(10) ** 10
LEGAL_DAY = 15


@dataclass(frozen=True)
class Discount:
    """A discount on a whole invoice, in percent or an amount in euro (with VAT or without), and what it is called there."""

    percent: Decimal
    reason: str = ""
    amount: Decimal = Decimal(0)
    includes_vat: bool = False

    def lines(self, lines, on):
        """What is taken off: for each rate of these lines a line of its own. Raises `DiscountTooHigh`."""
        percent = _("Korting %(percent)s%%") % {"percent": floatformat(self.percent, -2)}
        name = self.reason or (percent if self.percent else _("Korting"))
        how = {"is_discount": True, "performed_on": on, "description": name, "quantity": Decimal(-1)}
        return [
            InvoiceLine(unit_price=abs(off.value), vat_rate=off.rate, price_includes_vat=off.includes_vat, **how)
            for off in self._per_rate(lines)
            if off.value
        ]

    def _per_rate(self, lines):
        """`[Amount, …]`; an amount goes over the rates by what there is of each, and is together what it is."""
        sums = {}
        for value, rate, includes_vat in (line.charged for line in lines):
            sums[rate, includes_vat] = sums.get((rate, includes_vat), Decimal(0)) + value
        sums = sorted(sums.items(), key=lambda found: (-percent(found[0][0]), found[0]))
        weighed = [with_or_without(value, rate, includes_vat=had, wanted=self.includes_vat) for (rate, had), value in sums]
        whole, so_far = sum(weighed), Decimal(0)
        if self.amount > whole:
            raise DiscountTooHigh
        for ((rate, includes_vat), value), weight in zip(sums, weighed, strict=True):
            if self.amount:
                before, so_far = so_far, so_far + weight
                off = to_cents(self.amount * so_far / whole) - to_cents(self.amount * before / whole)
                yield Amount(with_or_without(off, rate, includes_vat=self.includes_vat, wanted=includes_vat), rate, includes_vat)
            else:
                yield Amount(to_cents(value * self.percent / 100), rate, includes_vat)


NO_DISCOUNT = Discount(Decimal(0))


class SellerIncomplete(InvoicingError):
    def __init__(self, missing):
        super().__init__(
            _("Uw bedrijfsgegevens zijn nog niet compleet voor een factuur. Er ontbreekt: %(missing)s.")
            % {"missing": get_text_list(missing, _("en"))}
        )


class BuyerIncomplete(InvoicingError):
    def __init__(self, customer, missing):
        super().__init__(
            _("De gegevens van %(customer)s zijn nog niet compleet voor een factuur. Er ontbreekt: %(missing)s.")
            % {"customer": customer, "missing": get_text_list(missing, _("en"))}
        )


class NotFinished(InvoicingError):
    def __init__(self, order):
        super().__init__(_("%(order)s is nog niet gereed en kan daarom niet gefactureerd worden.") % {"order": order})


class AlreadyInvoiced(InvoicingError):
    def __init__(self, order):
        super().__init__(_("%(order)s is al gefactureerd.") % {"order": order})


class NothingToCharge(InvoicingError):
    def __init__(self, order=None):
        if order is None:
            super().__init__(_("Er is niets te factureren."))
        else:
            super().__init__(_("%(order)s heeft geen bedrag, dus er is niets te factureren.") % {"order": order})


class BelowZero(InvoicingError):
    def __init__(self, rate):
        super().__init__(_("Bij btw %(rate)s komt deze factuur onder nul.") % {"rate": VatRate(rate).label})


class DiscountTooHigh(InvoicingError):
    def __init__(self):
        super().__init__(_("De korting is hoger dan het bedrag van de factuur."))


class NotThisCustomers(InvoicingError):
    def __init__(self):
        super().__init__(_("Op een factuur staan alleen werkorders van één klant."))


class NumberTaken(InvoicingError):
    def __init__(self, number):
        super().__init__(_("Factuurnummer %(number)s bestaat al. Kies bij Bedrijfsgegevens andere factuurnummers.") % {"number": number})


class DateGoesBack(InvoicingError):
    def __init__(self, last):
        super().__init__(
            _("De laatste factuur is van %(day)s. Een nieuwe kan niet van een eerdere dag zijn; klopt de klok van de server?")
            % {"day": date_format(last, "j F Y")}
        )


class TooMuch(InvoicingError):
    def __init__(self):
        super().__init__(_("Het bedrag is te groot voor één factuur; kies minder werkorders."))


def to_invoice():
    """Finished orders with something to charge that stand on no invoice.

    An order without lines, or with free work only, has nothing to charge: it is not here and gets no invoice.
    """
    return WorkOrder.objects.finished().uncharged().filter(net__gt=0, is_history=False)


def customers_to_invoice():
    """Customers with orders to invoice; adds `order_count`, `oldest`, `newest` and `total` excluding VAT."""
    return Customer.objects.filter(work_orders__in=to_invoice().values("pk")).annotate(
        order_count=Count("work_orders"),
        oldest=Min("work_orders__completed_at"),
        newest=Max("work_orders__completed_at"),
        total=Sum("work_orders__net"),
    )


def legal_deadline(done):
    """The last day to invoice work done on a day: the 15th of the month after it (Wet OB 1968, art. 35 lid 5)."""
    return (done.replace(day=1) + timedelta(days=32)).replace(day=LEGAL_DAY)


def waiting():
    """What is to be invoiced: `{"count", "total", "late_count", "late_total", "deadline"}`, late being past the legal deadline.

    `deadline` is that of the oldest work that is not late, None without such work.
    """
    today = timezone.localdate()
    in_time_from = (today.replace(day=1) - timedelta(days=1)).replace(day=1) if today.day <= LEGAL_DAY else today.replace(day=1)
    late = Q(completed_at__lt=beginning(in_time_from))
    nil = Decimal(0)
    found = to_invoice().aggregate(
        count=Count("pk"),
        total=Sum("net", default=nil),
        late_count=Count("pk", filter=late),
        late_total=Sum("net", filter=late, default=nil),
        oldest=Min("completed_at", filter=~late),
    )
    return found | {"deadline": found["oldest"] and legal_deadline(timezone.localdate(found["oldest"]))}


@transaction.atomic
def issue_invoice(customer, orders, *, by, discount=NO_DISCOUNT):
    """One invoice for these finished orders of one customer, with the next number of the year; its PDF and mail follow.

    Raises `SellerIncomplete`, `BuyerIncomplete`, `NotThisCustomers`, `NotFinished`, `AlreadyInvoiced`, `NothingToCharge`, `BelowZero`,
    `DiscountTooHigh`, `TooMuch`, `NumberTaken`, `DateGoesBack`.
    """
    company = Company.objects.get(pk=current_company_id())
    _refuse_incomplete(company, customer)
    orders = list(_locked(orders))
    _refuse_orders(orders, customer)
    invoice = draw_up(company, customer, orders, by=by, on=timezone.localdate(), discount=discount)
    jobs.add(tasks.make_pdf, invoice)
    return invoice


@transaction.atomic
def deliver_and_invoice(order, *, by):
    """The car goes to the customer, with its invoice. Raises `NotAllowed`, and as `issue_invoice`; then neither happens."""
    move(order, WorkOrder.Status.DELIVERED, by=by)
    return issue_invoice(order.customer, [order], by=by)


def _locked(orders):
    pks = [order.pk for order in orders]
    return (
        WorkOrder.objects.filter(pk__in=pks)
        .select_for_update(no_key=True, of=["self"])
        .select_related("vehicle", "branch")
        .prefetch_related("lines")
        .order_by("pk")
    )


def _refuse_incomplete(company, customer):
    if missing := missing_of_seller(company):
        raise SellerIncomplete(missing)
    if missing := missing_of_buyer(customer):
        raise BuyerIncomplete(customer, missing)


def _refuse_orders(orders, customer):
    if not orders:
        raise NothingToCharge
    invoiced = set(WorkOrder.objects.charged().filter(pk__in=[order.pk for order in orders]).values_list("pk", flat=True))
    for order in orders:
        if order.customer_id != customer.pk:
            raise NotThisCustomers
        if not order.is_finished or order.is_history:
            raise NotFinished(order)
        if order.pk in invoiced:
            raise AlreadyInvoiced(order)
        if not any(line.amount for line in order.lines.all()):
            raise NothingToCharge(order)


def draw_up(company, customer, orders, *, by, on, at=None, discount=NO_DISCOUNT):
    """The invoice of a day, made at a moment (now), for orders that were checked to be ready for it, with its lines and totals."""
    orders = sorted(orders, key=lambda order: (order.completed_at, order.pk))
    lines = [_line(order, line) for order in orders for line in order.lines.all()]
    return _charge(company, customer, lines, by=by, on=on, at=at, discount=discount)


def _charge(company, customer, lines, *, by, on, at=None, discount=NO_DISCOUNT, **more):
    due_on = on + timedelta(days=_payment_term(company, customer))
    invoice = Invoice(customer=customer, due_on=due_on, created_by=by, created_at=at or timezone.now(), **more)
    invoice.is_per_vehicle = customer.invoice_line_per_vehicle
    for line in lines:
        _charge_rate(line, VatRate.charged(line.vat_rate, company, customer))
    for rate, base, _vat in vat_breakdown(line.charged for line in lines):
        if base < 0:
            raise BelowZero(rate)
    return issue(invoice, lines + discount.lines(lines, on), company=company, on=on)


def _charge_rate(line, rate):
    """Where VAT is reversed it goes out of a price that has it in it; who charges none asks the price that was agreed."""
    if line.price_includes_vat and rate == VatRate.REVERSED:
        line.unit_price = excluding_vat(line.unit_price, line.vat_rate)
        line.discount_amount = excluding_vat(line.discount_amount, line.vat_rate)
    line.price_includes_vat = line.price_includes_vat and rate == line.vat_rate
    line.vat_rate = rate


@transaction.atomic
def issue_free_invoice(customer, lines, *, by, key, reference="", discount=NO_DISCOUNT, performed_on=None, performed_until=None):
    """An invoice without an order: `lines` are dicts of description, quantity, unit_price, discount, vat_rate and price_includes_vat.

    They were supplied on a day (today), or from that day until another (Wet OB 1968, art. 35a lid 1 g). Once for a `key` (UUID): a second
    time gives the invoice that was made. Raises as `issue_invoice`.
    """
    company = Company.objects.select_for_update(no_key=True).get(pk=current_company_id())
    if made := Invoice.objects.filter(key=key).first():
        return made
    _refuse_incomplete(company, customer)
    today = timezone.localdate()
    made = [InvoiceLine(performed_on=performed_on or today, performed_until=performed_until, **line) for line in lines]
    if not any(line.amount for line in made):
        raise NothingToCharge
    invoice = _charge(company, customer, made, by=by, on=today, discount=discount, reference=reference, key=key)
    jobs.add(tasks.make_pdf, invoice)
    return invoice


def issue(invoice, lines, *, company, on, taxes=None):
    """Give an invoice or credit note its number, its totals and its parties as they are on this day, and keep it with its lines.

    `taxes` are `[(rate, base, VAT), …]` of lines that know their `net`; without them VAT is rounded per rate over the sum of the lines
    (EN 16931). What comes to nothing is paid at once. Raises `TooMuch`, `NumberTaken`, `DateGoesBack`.
    """
    if taxes is None:
        taxes = vat_breakdown(line.charged for line in lines)
        for line, net in zip(lines, nets([line.charged for line in lines]), strict=True):
            line.net = net
    invoice.taxes = [[str(rate), str(base), str(vat)] for rate, base, vat in taxes]
    invoice.net_total, invoice.vat_total = sum(base for _rate, base, _vat in taxes), sum(vat for _rate, _base, vat in taxes)
    invoice.gross_total = invoice.net_total + invoice.vat_total
    invoice.paid_on = None if invoice.gross_total else on
    if abs(invoice.gross_total) >= TOO_MUCH:
        raise TooMuch
    invoice.number, invoice.issued_on = next_invoice_number(company, on), on
    last = Invoice.objects.aggregate(day=Max("issued_on"))["day"]  # after the number: its row is locked until we are done
    if last and last > on:
        raise DateGoesBack(last)
    invoice.seller, invoice.buyer = snapshot(company, SELLER), snapshot_of_buyer(invoice.customer)
    invoice.save()
    for line in lines:
        line.invoice = invoice
    InvoiceLine.objects.bulk_create(lines)
    return invoice


def next_invoice_number(company, on):
    """The next number, in the company's own format."""
    own = company.invoice_number_format
    number = own.replace("{jaar}", f"{on.year}").replace("{jj}", f"{on:%y}")
    number = number.replace("{nummer}", f"{next_number(invoice_series(own, on)):04}")
    if Invoice.objects.filter(number=number).exists():  # of an earlier format
        raise NumberTaken(number)
    return number


def _payment_term(company, customer):
    """In days: what was agreed with the customer, else what the company asks of everyone."""
    return company.payment_term_days if customer.payment_term_days is None else customer.payment_term_days


def _line(order, line):
    return InvoiceLine(
        order=order,
        order_line=line,
        performed_on=timezone.localdate(order.completed_at),
        vehicle=f"{order.vehicle} {order.vehicle.make_and_model}".strip(),
        reference=order.reference,
        description=line.description,
        quantity=line.quantity,
        unit_price=line.unit_price,
        price_includes_vat=order.prices_include_vat,
        discount=line.discount,
        discount_amount=line.discount_amount,
        vat_rate=line.vat_rate,
    )
