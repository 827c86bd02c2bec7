"""From a press on *Betalen* to a payment of the invoice: only what Mollie tells when we ask is believed."""

from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from cleanconnect import jobs
from cleanconnect.outside import Unavailable
from cleanconnect.sealing import Unreadable
from invoicing import payments
from invoicing.models import Invoice, OnlinePayment, Payment, PaymentAccount

from . import links, mollie

State = OnlinePayment.State
SAME_FOR = timedelta(minutes=10)  # a second press within this time goes to the same payment
ASKED_EVERY = timedelta(hours=1)
OVER = {"canceled", "expired", "failed"}


class NothingToPay(Exception):
    """The invoice was paid or credited meanwhile."""


def account():
    """The company's `PaymentAccount`, or None when nobody can pay online."""
    return PaymentAccount.objects.first()


@transaction.atomic
def start(invoice):
    """Start a payment of what is open of the invoice; returns the address where the customer pays.

    Raises `NothingToPay`; `Unavailable` when Mollie or its key does not work.
    """
    from invoicing.tasks import fetch_online_payment

    locked = Invoice.objects.select_for_update(no_key=True).get(pk=invoice.pk)
    if links.of_invoice(locked) is None:
        raise NothingToPay
    recent = locked.online_payments.filter(state=State.OPEN, created_at__gte=timezone.now() - SAME_FOR).first()
    if recent and recent.amount == locked.open_total and mollie.is_page(recent.checkout_url):
        return recent.checkout_url
    online = OnlinePayment.objects.create(invoice=locked, amount=locked.open_total)
    told = mollie.create_payment(
        _key(),
        amount=online.amount,
        description=f"{locked} {locked.seller['name']}",
        uid=online.uid,
        redirect_url=f"{locked.link}?betaling={online.uid}",
        webhook_url=links.webhook(online),
    )
    try:
        online.mollie_id, online.checkout_url = str(told["id"])[:40], told["_links"]["checkout"]["href"]
    except (KeyError, TypeError) as error:
        raise Unavailable(f"not what Mollie promises: {error!r}") from error
    if not mollie.is_page(online.checkout_url):
        raise Unavailable(f"no page of Mollie to pay on: {online.checkout_url!r:.100}")
    online.save(update_fields=["mollie_id", "checkout_url"])
    jobs.add(fetch_online_payment, online, after=ASKED_EVERY)
    return online.checkout_url


def _key():
    try:
        return account().key
    except Unreadable as error:
        raise Unavailable("the key of Mollie cannot be read") from error


@transaction.atomic
def news(online):
    """Mollie says that something happened, or the customer came back: have it fetched."""
    from invoicing.tasks import fetch_online_payment

    OnlinePayment.objects.filter(pk=online.pk).update(news_at=timezone.now())
    jobs.add(fetch_online_payment, online)


@transaction.atomic
def fetch(online_id):
    """Ask Mollie how a payment stands, and book what changed; any number of times books it once.

    Returns whether it is still open. Raises `Unavailable`.
    """
    online = OnlinePayment.objects.select_for_update(no_key=True).filter(pk=online_id).exclude(mollie_id="").first()
    if online is None or account() is None:
        return False
    online.news_at, online.fetched_at = None, timezone.now()
    _book(online, mollie.get_payment(_key(), online.mollie_id))
    online.save()
    return online.state == State.OPEN


def _book(online, told):
    """Have the payments of the invoice agree with what Mollie tells of this one: paid, less what went back."""
    try:
        status, amount, currency = told["status"], Decimal(told["amount"]["value"]), told["amount"]["currency"]
        went_back = sum((Decimal(told[name]["value"]) for name in ("amountRefunded", "amountChargedBack") if told.get(name)), Decimal(0))
        is_ours = told["id"] == online.mollie_id and (told.get("metadata") or {}).get("uid") == str(online.uid)
    except (KeyError, TypeError, AttributeError, InvalidOperation) as error:
        raise Unavailable(f"not what Mollie promises: {error!r}") from error
    if status in OVER and online.state == State.OPEN:
        online.state = State.FAILED
    if status != "paid":
        return
    if not is_ours or (amount, currency) != (online.amount, mollie.EURO):
        online.state = State.WRONG
        online.problem = _("Mollie noemt %(amount)s %(currency)s; verwacht was %(ours)s EUR van deze factuur.") % {
            "amount": amount,
            "currency": str(currency)[:3],
            "ours": online.amount,
        }
        return
    online.state, online.problem, online.returned_total = State.PAID, "", went_back
    for difference, on in _to_book(online, told):
        payments.register(
            online.invoice, difference, on=on, method=Payment.Method.LINK, by=None, note=f"Mollie {online.mollie_id}", online=online
        )


def _to_book(online, told):
    """What is to be booked yet, as `[(amount, day), …]`: what came in on the day it did, what went back or came again today."""
    today = timezone.localdate()
    booked = online.payments.aggregate(total=Sum("amount"))["total"]
    came_in = [] if booked is not None else [(online.amount, _day(told.get("paidAt")) or today)]
    rest = online.amount - online.returned_total - (online.amount if booked is None else booked)
    return came_in + ([(rest, today)] if rest else [])


def _day(text):
    """The day in the Netherlands of a moment as Mollie writes it, or None."""
    try:
        return timezone.localdate(datetime.fromisoformat(text))
    except (TypeError, ValueError):
        return None
