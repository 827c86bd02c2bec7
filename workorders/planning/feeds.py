"""Agendalinks: the planning in somebody's own calendar (iCalendar, RFC 5545), behind a secret address that ends and can be taken away."""

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from icalendar import Calendar, Event

from accounts.link_pages import ended
from accounts.models import Company
from cleanconnect.permissions import requires
from cleanconnect.tenancy import context
from cleanconnect.texts import clean, one_line
from cleanconnect.views import Delete

from ..models import CalendarFeed, WorkOrder
from .capacity import UNKNOWN_MINUTES
from .forms import FeedForm

BEFORE, AFTER = timedelta(days=14), timedelta(days=120)
GIVEN_OUT = CalendarFeed.objects.filter(link_revoked_at=None).select_related("membership")
SHOWN_KEY = "calendar_feed_address"


def hashed(key):
    return sha256(key.encode()).hexdigest()


@requires("planning.manage")
def feeds(request):
    """The addresses that were given out; a new one is shown once."""
    form = FeedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        key = token_urlsafe(32)
        form.instance.key_hash, form.instance.created_by = hashed(key), request.membership
        form.save()
        request.session[SHOWN_KEY] = settings.SITE_URL + reverse("calendar-feed", args=[request.membership.company_id, key])
        return redirect("workorders:feeds")
    context = {
        "form": form,
        "feeds": GIVEN_OUT.all(),
        "address": request.session.pop(SHOWN_KEY, "") if request.method == "GET" else "",
    }
    return render(request, "workorders/planning/feeds.html", context, status=422 if form.errors else 200)


@requires("planning.manage")
class FeedDelete(Delete):
    queryset = GIVEN_OUT
    template_name = "workorders/planning/confirm_delete_feed.html"
    success_url = reverse_lazy("workorders:feeds")

    def form_valid(self, form):
        self.object.revoke_link()
        messages.success(self.request, _("De agendalink van %(of)s werkt niet meer.") % {"of": self.object})
        return redirect(self.get_success_url())


@requires("planning.manage")
@require_POST
def renew(request, pk):
    """*Vernieuwen*: the same address goes on for a year from today."""
    feed = get_object_or_404(GIVEN_OUT.select_for_update(no_key=True, of=["self"]), pk=pk)
    if feed.membership and not feed.membership.is_active:
        raise Http404
    feed.renew()
    messages.success(
        request, _("De agendalink van %(of)s werkt nu tot en met %(day)s.") % {"of": feed, "day": date_format(feed.link_until)}
    )
    return redirect("workorders:feeds")


@login_not_required
@never_cache
@require_safe
def calendar(request, company_pk, key):
    """The calendar itself, for who has the address; it names no customer unless it is that of the whole company."""
    if company_pk >= 2**63:
        raise Http404
    with context.company(company_pk):
        feed = CalendarFeed.objects.select_related("membership").filter(key_hash=hashed(key)).first()
        if feed is None:
            raise Http404
        if not feed.link_works:
            return ended(request, feed, Company.objects.get(pk=company_pk))
        CalendarFeed.objects.filter(pk=feed.pk).update(read_at=timezone.now())
        content = made(feed)
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


def made(feed):
    """The planning as iCalendar, in bytes: from two weeks ago to four months ahead."""
    today = timezone.localdate()
    orders = WorkOrder.objects.active().filter(planned_on__range=(today - BEFORE, today + AFTER)).exclude(status=WorkOrder.Status.CANCELLED)
    if feed.membership:
        orders = orders.assigned_to(feed.membership)
    found = Calendar()
    found.add("prodid", "-//CleanConnect//planning//NL")
    found.add("version", "2.0")
    found.add("x-wr-calname", one_line(_("Planning %(of)s") % {"of": feed}))
    found.add("refresh-interval;value=duration", "PT15M")
    for order in orders.for_overview().select_related("bay").with_minutes().prefetch_related("lines", "assignments__membership"):
        found.add_component(_event(order, names_customer=feed.membership is None))
    if feed.link_until <= today + AFTER:
        found.add_component(_last_day(feed))
    return found.to_ical()


def _last_day(feed):
    """Who reads on is told before the calendar stands still."""
    event = Event()
    event.add("uid", f"agendalink-{feed.company_id}-{feed.pk}@cleanconnect")
    event.add("dtstamp", timezone.now())
    event.add("summary", one_line(_("Laatste dag van deze agendalink")))
    event.add("dtstart", feed.link_until)
    event.add("description", clean(_("Laat hem verlengen: CleanConnect, Planning, Agendalinks, Vernieuwen. Het adres blijft hetzelfde.")))
    return event


def _event(order, *, names_customer):
    event = Event()
    event.add("uid", f"werkorder-{order.company_id}-{order.pk}@cleanconnect")
    event.add("dtstamp", timezone.now())
    event.add("sequence", order.version)
    event.add("summary", one_line(f"{order.vehicle} {order.vehicle.make_and_model}".strip()))
    if order.planned_time:
        starts = timezone.make_aware(datetime.combine(order.planned_on, order.planned_time))
        event.add("dtstart", starts)
        event.add("dtend", starts + timedelta(minutes=order.minutes or UNKNOWN_MINUTES))
    else:
        event.add("dtstart", order.planned_on)
    lines = [f"{order}: {order.get_status_display()}", *(line.description for line in order.lines.all())]
    if names_customer:
        lines.insert(1, order.customer.name)
        lines += [_("Werknemers: %(names)s") % {"names": ", ".join(person.name for person in order.assigned)}] if order.assigned else []
    if order.promised_at:
        lines.append(_("Beloofd om %(time)s") % {"time": timezone.localtime(order.promised_at).strftime("%d-%m-%Y %H:%M")})
    if order.note:
        lines.append(order.note)
    event.add("description", clean("\n".join(lines)))
    if order.bay:
        event.add("location", one_line(order.bay.name))
    event.add("url", settings.SITE_URL + reverse("workorders:detail", args=[order.pk]))
    return event
