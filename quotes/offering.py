"""A quote is made, sent, answered, and becomes a work order."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Company
from accounts.numbering import next_number
from cleanconnect.tenancy.context import current_company_id
from customers.contacts import recipient
from notifications.outbox import post
from notifications.wording import EXCLUDING_VAT, INCLUDING_VAT, QUESTIONS
from services.models import VatRate
from workorders.intake import take_in
from workorders.models import WorkOrder

from .mail_events import ACCEPTED, QUOTE, QUOTE_ANSWER, REFUSED
from .models import Quote, QuoteLine

State = Quote.State


class NotAllowed(Exception):
    """This cannot be done with the quote as it stands now; the message is for the screen."""


@transaction.atomic
def save(quote, lines, *, by):
    """Keep a draft with its lines (dicts of description, quantity, unit_price, discount, vat_rate and service); a new one gets a number.

    Once for a `quote.key`. Raises `NotAllowed` when it was sent meanwhile.
    """
    company = Company.objects.select_for_update(no_key=True).get(pk=current_company_id())
    if quote.pk is None:
        if made := Quote.objects.filter(key=quote.key).first():
            return made
        year = timezone.localdate().year
        quote.number, quote.created_by = f"O{year}-{next_number(f'quote-{year}'):04}", by
    elif Quote.objects.select_for_update(no_key=True).get(pk=quote.pk).state != State.DRAFT:
        raise NotAllowed(_("Deze offerte is intussen verstuurd en kan niet meer worden gewijzigd."))
    quote.save()
    quote.lines.all().delete()
    QuoteLine.objects.bulk_create(
        QuoteLine(quote=quote, charged_rate=VatRate.charged(line["vat_rate"], company, quote.customer), **line) for line in lines
    )
    return quote


def _locked(quote):
    return Quote.objects.select_for_update(no_key=True, of=["self"]).select_related("customer__type").get(pk=quote.pk)


@transaction.atomic
def send(quote):
    """Open the link to the customer and mail it where there is an address; a new one when that was revoked. Raises `NotAllowed`."""
    quote = _locked(quote)
    if quote.can_be_sent_again:
        quote.renew_link()
    elif quote.state != State.DRAFT:
        raise NotAllowed(_("Deze offerte is al verstuurd."))
    if quote.valid_until < timezone.localdate():
        raise NotAllowed(_("De dag tot en met wanneer deze offerte geldt, is voorbij; wijzig die eerst."))
    quote.state, quote.sent_at = State.SENT, timezone.now()
    to = recipient(quote.customer, "approval")
    quote.is_mailed = to is not None
    quote.save()
    if to:
        company, totals = Company.objects.get(pk=quote.company_id), quote.totals()
        reach = " · ".join(found for found in (company.phone, company.email) if found)
        with_vat = quote.is_shown_including_vat
        post(
            event=QUOTE,
            key=f"{quote.pk}-{quote.sent_at:%Y%m%d%H%M%S%f}",
            to_email=to.email,
            to_name=to.name,
            language=quote.customer.language,
            words={
                "naam": to.name,
                "bedrijf": company.name,
                "offertenummer": quote.number,
                "onderwerp": quote.subject,
                "bedrag": totals["gross"] if with_vat else totals["net"],
                "btw": (INCLUDING_VAT if with_vat else EXCLUDING_VAT)(),
                "datum": quote.valid_until,
                "link": quote.link,
                "bereikbaar": QUESTIONS(how=reach) if reach else None,
            },
        )
    return quote


@transaction.atomic
def take_back(quote):
    """Make it a draft again: its link says that it is being changed, and stays out of use. Raises `NotAllowed` once it was accepted."""
    quote = _locked(quote)
    if quote.state == State.ACCEPTED:
        raise NotAllowed(_("Deze offerte is al akkoord."))
    quote.state, quote.sent_at, quote.answered_at, quote.answered_by = State.DRAFT, None, None, None
    quote.answered_name, quote.answered_ip, quote.reason = "", None, ""
    quote.save()
    quote.renew_link()
    return quote


@transaction.atomic
def revoke(quote):
    """Close the page of the customer. Raises `NotAllowed` when nothing was sent."""
    quote = _locked(quote)
    if quote.state == State.DRAFT:
        raise NotAllowed(_("Deze offerte is nog niet verstuurd."))
    quote.revoke_link()
    return quote


@transaction.atomic
def answer(quote, accepts, *, by=None, name="", ip=None, reason="", seen=""):
    """Write down the customer's answer, once. Raises `NotAllowed`.

    `by` is who noted it at the office, also after the last day; without it the customer answered through the link what was sent at
    the moment `seen` (`Quote.sent_at`, in ISO 8601), so that nobody accepts what was changed meanwhile.
    """
    quote = _locked(quote)
    if quote.state != State.SENT or (by is None and not quote.is_open):
        raise NotAllowed(_("Deze offerte is al beantwoord, ingetrokken of verlopen."))
    if by is None and seen != quote.sent_at.isoformat():
        raise NotAllowed(_("Deze offerte is intussen gewijzigd. Bekijk hem opnieuw."))
    quote.state = State.ACCEPTED if accepts else State.REFUSED
    quote.answered_at, quote.answered_by, quote.answered_name, quote.answered_ip = timezone.now(), by, name[:100], ip
    quote.reason = "" if accepts else reason[:300]
    quote.save()
    if by is None:
        _tell(quote)
    return quote


def _tell(quote):
    """Mail who made the quote, else the company, what the customer answered."""
    company = Company.objects.get(pk=quote.company_id)
    maker = quote.created_by
    email = maker.user.email if maker.is_active else ""
    if not (email or company.email):
        return
    name = maker.name if email else company.name
    post(
        event=QUOTE_ANSWER,
        key=f"{quote.pk}-{quote.answered_at:%Y%m%d%H%M%S%f}",
        to_email=email or company.email,
        to_name=name,
        words={
            "naam": name,
            "klant": quote.customer.name,
            "offertenummer": quote.number,
            "onderwerp": quote.subject,
            "bedrag": quote.totals()["net"],
            "antwoord": (ACCEPTED if quote.state == State.ACCEPTED else REFUSED)(),
            "reden": quote.reason,
            "bekijken": settings.SITE_URL + reverse("quotes:detail", args=[quote.pk]),
        },
    )


@transaction.atomic
def make_order(quote, *, vehicle, by):
    """The work order of an accepted quote, at the prices that were offered; once. Returns it.

    `vehicle` is as `workorders.intake.take_in` takes it, whose ValidationError this raises; and `NotAllowed`.
    """
    quote = _locked(quote)
    if quote.state != State.ACCEPTED or quote.order_id:
        raise NotAllowed(_("Van deze offerte kan geen werkorder worden gemaakt."))
    order = take_in(
        customer=quote.customer,
        vehicle=vehicle,
        services=(),
        free_lines=list(_order_lines(quote)),
        note="",
        remark=quote.subject,
        status=WorkOrder.Status.PLANNED,
        planned_on=None,
        prices_include_vat=quote.prices_include_vat,
        by=by,
    )
    quote.order = order
    quote.save(update_fields=["order"])
    return order


def _order_lines(quote):
    """The lines as offered; a handling stands on an order once and at its own rate of VAT, any other is a line without a handling."""
    reason, there = _("offerte %(number)s") % {"number": quote.number}, set()
    for line in quote.lines.select_related("service"):
        is_as_sold = line.service and line.service_id not in there and line.vat_rate == line.service.vat_rate
        service = line.service if is_as_sold else None
        there.add(line.service_id)
        yield {
            "service": service,
            "description": line.description,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "vat_rate": line.vat_rate,
            "price_reason": reason,
            "priced_by_hand": service is not None,
            "discount": line.discount,
            "discount_amount": line.discount_amount,
            "discount_reason": reason if line.discount or line.discount_amount else "",
            "minutes": line.service.minutes if line.service else None,
        }
