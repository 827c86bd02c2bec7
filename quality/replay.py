"""What a tablet did, perhaps long before it could be sent: each action has an id of the tablet's own, and is done once.

A view under `from_tablet` also takes an ordinary form. An action says by headers what a form does not: `X-Action` (its id),
`X-Happened-At` and `X-Sent-At` (ISO 8601, the tablet's clock), `X-Actor` (`actor_token`), and `X-Live` when who did it is still
looking at the form. The answer to an action is JSON: `{"outcome": "done" | "kept" | "settled", "why": str, "html": str}`.
"""

from datetime import timedelta
from functools import wraps
from uuid import UUID

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.middleware import TABLET
from accounts.models import Membership
from cleanconnect import quotas
from cleanconnect.uploads import clean_picture
from workorders.models import WorkOrder

from .models import ChecklistItem, TabletAction

CLOCK_MAY_BE_OFF = timedelta(minutes=5)
KEPT_ON_TABLET = timedelta(days=30)
SHIFT = timedelta(hours=16)
ACTOR = "shift-actor"


class TooLate(Exception):
    """What was done cannot be done any more; the message is for the screen."""


class KeptForOwner(HttpResponse):
    """The answer of a view that did what it could: the action is kept for the owner with `why`, a text for the screen."""

    def __init__(self, why):
        super().__init__(status=204)
        self.why = why


class _Unreadable(Exception):
    pass


def actor_token(request, membership):
    """Who does what is done on this page, so that it is stamped with the right person whoever is logged in when it is sent.

    It counts for one shift from now, and only from the tablet that asks; without a tablet only from the own login.
    """
    return signing.dumps([membership.company_id, membership.pk, request.session.get(TABLET), int(timezone.now().timestamp())], salt=ACTOR)


def _actor(request, happened):
    """The membership of the token, for what happened at a moment of our clock; who left meanwhile still did what was done before.

    That moment and not the arrival lies in the shift: a tablet that was away for days loses nothing.
    """
    try:
        company, pk, tablet, made = signing.loads(request.headers.get("X-Actor", ""), salt=ACTOR)
    except signing.BadSignature:
        raise _Unreadable from None
    is_from_here = tablet == request.session.get(TABLET) and (tablet is not None or pk == request.membership.pk)
    if company != request.membership.company_id or not is_from_here or happened.timestamp() > made + SHIFT.total_seconds():
        raise _Unreadable
    if (actor := Membership.objects.who_may("quality.check").filter(pk=pk).first()) is None:
        raise _Unreadable
    return actor


def _moment(request):
    """`(when it happened by our clock, minutes that the tablet's clock is behind)`; never in the future."""
    now = timezone.now()
    try:
        happened, sent = (parse_datetime(request.headers.get(name, "")) for name in ("X-Happened-At", "X-Sent-At"))
    except ValueError:
        raise _Unreadable from None
    if happened is None or sent is None or timezone.is_naive(happened) or timezone.is_naive(sent):
        raise _Unreadable
    off = now - sent if abs(now - sent) > CLOCK_MAY_BE_OFF else timedelta()
    age = max(timedelta(), min(sent - happened, KEPT_ON_TABLET))
    return now - age, max(-(2**31), min(int(off.total_seconds() // 60), 2**31 - 1))


def _read(request, kind):
    try:
        uid = UUID(request.headers["X-Action"])
    except ValueError:
        raise _Unreadable from None
    typed = {name: value[:1000] for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
    action = TabletAction(uid=uid, kind=kind, typed=typed, received_at=timezone.now())
    try:
        happened, clock_off = _moment(request)
        action.by, action.happened_at, action.clock_off = _actor(request, happened), happened, clock_off
    except _Unreadable:  # nothing is lost: the owner sees what it was and who sent it
        action.by, action.happened_at, action.outcome = request.membership, action.received_at, TabletAction.Outcome.KEPT
        action.why = _("De tablet zei er niet goed bij wie dit deed, of wanneer.")
    return action


def from_tablet(kind):
    """View decorator: sets `request.by`, `request.moment`, `request.is_action` and `request.is_watched` (somebody waits for
    the answer), and does an action of a tablet once.

    The view raises `TooLate`, or answers with 400 and up, where it does nothing. Then the action is kept for the owner;
    only when somebody is still looking at the form is it not, and the answer 422: the form itself tells more.
    """

    def decorate(view):
        @wraps(view)
        def replayed(request, pk, **kwargs):
            if kept := getattr(request, "kept_action", None):
                request.by, request.moment, request.is_action, request.is_watched = kept.by, kept.happened_at, True, False
                return view(request, pk, **kwargs)
            request.by, request.moment, request.is_action = request.membership, timezone.now(), "X-Action" in request.headers
            request.is_watched = not request.is_action or "X-Live" in request.headers
            if not request.is_action:
                return view(request, pk, **kwargs)
            if request.FILES and not quotas.has_room("photos"):
                return HttpResponse(status=429)  # the tablet keeps it and sends it again
            try:
                action = _read(request, kind)
            except _Unreadable:
                return JsonResponse({"why": _("Dit bericht van de tablet is niet te lezen.")}, status=400)
            return _once(action, request, view, pk, kwargs)

        return replayed

    return decorate


@transaction.atomic
def _once(action, request, view, pk, kwargs):
    fields = ("kind", "typed", "by", "happened_at", "received_at", "clock_off", "outcome", "why")
    defaults = {name: getattr(action, name) for name in fields}
    defaults["order"] = WorkOrder.objects.filter(pk=pk).first() if pk < 2**63 else None
    item = kwargs.get("item_pk", 0)
    defaults["item"] = ChecklistItem.objects.filter(pk=item).first() if item < 2**63 else None
    known, is_new = TabletAction.objects.get_or_create(uid=action.uid, defaults=defaults)  # the same one sent twice waits here
    if is_new and known.outcome == TabletAction.Outcome.KEPT:
        known.photo = _photo(request)
        known.save(update_fields=["photo"])
    if not is_new or known.outcome == TabletAction.Outcome.KEPT:
        return _told(known)
    request.by, request.moment = action.by, action.happened_at
    html = ""
    try:
        with transaction.atomic():
            response = view(request, pk, **kwargs)
            if response.status_code >= 400:
                raise TooLate(_("Niet alles was goed ingevuld."))
            if isinstance(response, KeptForOwner):
                known.outcome, known.why = TabletAction.Outcome.KEPT, response.why[:250]
                known.save()
            html = response.content.decode() if response.status_code == 200 else ""
    except (TooLate, Http404) as why:
        if request.is_watched:
            known.delete()
            return JsonResponse({"why": str(why)}, status=422)
        known.outcome = TabletAction.Outcome.KEPT
        known.why = (str(why) if isinstance(why, TooLate) else _("Deze werkorder is er niet meer."))[:250]
        known.photo = _photo(request)
        known.save()
    return _told(known, html)


@transaction.atomic
def do_after_all(action, view, request):
    """Do what was kept, by who did it and when it happened; raises `TooLate` or `Http404` when it still cannot be done."""
    request.POST = QueryDict(urlencode(action.typed))
    request._files = MultiValueDict({"photo": [action.photo.file]} if action.photo else {})
    request.kept_action = action
    response = view(request, action.order_id, **({"item_pk": action.item_id} if action.item_id else {}))
    if isinstance(response, KeptForOwner) or response.status_code >= 400:
        raise TooLate(getattr(response, "why", _("Niet alles was goed ingevuld.")))
    action.outcome = TabletAction.Outcome.DONE
    action.save(update_fields=["outcome"])


def _photo(request):
    """The photo of an action that is kept, where it can be read."""
    upload = request.FILES.get("photo")
    try:
        photo = clean_picture(upload, max_size=(1600, 1600)) if upload else ""  # a large one stays as it came, until it is done after all
    except ValidationError:
        return ""
    return photo


def _told(action, html=""):
    return JsonResponse({"outcome": action.outcome, "why": action.why, "html": html, "clock_off": action.clock_off})
