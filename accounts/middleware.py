from functools import cache, partial

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django_htmx.http import HttpResponseClientRedirect

from cleanconnect import conflicts
from cleanconnect.permissions import may, reached_on_a_tablet
from cleanconnect.prepared import Asked, Prepared
from cleanconnect.tenancy import context

from .backends import read_already
from .models import Membership, Tablet

COMPANY, TABLET, USED_AT = "company_id", "tablet", "tablet_used_at"  # in the session
COOKIE = "tablet"


NEEDS_NO_DATABASE = ("home", "service-worker", "manifest")  # pages that answer while the database is away, the same for everybody


@cache
def _paths_without_database():
    return frozenset(reverse(name) for name in NEEDS_NO_DATABASE)


class CompanyMiddleware:
    """Open the request's transaction, name its company, and set `request.membership` (None: nobody, or not chosen yet).

    It takes two round trips: the session, and then who it is of (`to_enter`) together with the begin of the transaction and its scope;
    a customer's scope takes one more. The transaction spans the view and the rendering of its template: after it, the database shows
    no rows. A view that raises, and a response of 500 and up, takes all its writes back.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info in _paths_without_database():
            request.membership, request.user = None, AnonymousUser()
            with override(settings.LANGUAGE_CODE):
                return self.get_response(request)
        return conflicts.answer_twice(request, self._answer)

    def process_exception(self, request, exception):
        """What a view that raises has written is taken back, be it a 404. One that met another transaction the first time is stopped
        without a word in the log: `_answer` has it done again."""
        if conflicts.is_conflict(exception) and not hasattr(request, "is_second_try"):
            request.conflict = exception
            return HttpResponse(status=503)
        request.is_taken_back = True
        return None

    def _answer(self, request):
        company_id = request.session.get(COMPANY)
        with context.request_scope(company_id=company_id, ask=partial(_entering, request.session)) as membership:
            request.membership = self._checked(request, membership)
            with override(self._language(request.membership)):
                response = self.get_response(request)
            if conflict := request.__dict__.pop("conflict", None):
                raise conflict
            if response.status_code >= 500 or request.__dict__.pop("is_taken_back", False):
                transaction.set_rollback(True)
        # What is not meant to be kept is not: *Terug* on a shared computer shows nothing after logging out.
        response.setdefault("Cache-Control", "private, no-store")
        return response

    def _language(self, membership):
        """An employee reads the screens of the hall in the own language; everyone else, and what is not translated, is Dutch."""
        return membership.language if may(membership, "own_language") else settings.LANGUAGE_CODE

    def _checked(self, request, membership):
        """This membership of the company that the session names, if Django finds that the session is its user's; the scope follows."""
        with read_already(membership and membership.user):
            is_logged_in = request.user.is_authenticated
        if is_logged_in and membership and membership.user_id == request.user.pk:
            if membership.customer_id:
                context.narrow(company_id=membership.company_id, customer_id=membership.customer_id)
            return membership
        context.step_out(user_id=request.user.pk)
        return self._only_one(request) if is_logged_in else None

    def _only_one(self, request):
        """The membership of who has not chosen a company yet, when there is only one; it is then kept in the session."""
        if COMPANY in request.session:  # of which this person is no longer
            if TABLET in request.session:  # a PIN opens one membership and no other of the same person
                return None
            del request.session[COMPANY]
        found = list(Membership.objects.active().filter(user_id=request.user.pk).select_related("company")[:2])
        if len(found) != 1:
            return None
        request.session[COMPANY] = found[0].company_id
        context.narrow(company_id=found[0].company_id, customer_id=found[0].customer_id)
        return found[0]


TO_ENTER = Prepared(lambda: Membership.objects.to_enter(user=Asked("user"), company=Asked("company"), tablet=Asked("tablet")))


def _entering(session):
    """Ask for the membership that the session names; whether the session is still its user's is for Django to say."""
    if SESSION_KEY not in session or COMPANY not in session:
        return None
    read = TO_ENTER.sent(user=int(session[SESSION_KEY]), company=session[COMPANY], tablet=session.get(TABLET))
    return lambda: next(iter(read()), None)


class TabletMiddleware:
    """Who came in through a paired tablet reaches the work of the hall only (`permissions.reached_on_a_tablet`), goes out when
    nobody touched it for a while, and at once when it was revoked."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if request.user.is_anonymous or request.session.get(TABLET) is None:
            return None
        if request.membership is None:  # no longer of the company that the tablet is of
            logout(request)
            return redirect("tablet")
        pk, now = request.session[TABLET], timezone.now().timestamp()
        if not request.membership.is_on_tablet:
            logout(request)
            response = redirect("tablet")
            response.delete_cookie(COOKIE)
            response["Clear-Site-Data"] = '"cache", "storage"'
            return response
        used = request.session.get(USED_AT, 0)
        if now - used > request.membership.company.tablet_lock_minutes * 60:
            logout(request)
            return HttpResponseClientRedirect(reverse("tablet")) if request.htmx else redirect("tablet")
        if not reached_on_a_tablet(getattr(view_func, "view_class", view_func), request.resolver_match.view_name):
            raise PermissionDenied
        by_itself = request.htmx or "X-Shift" in request.headers  # a page that asks for news by itself is nobody's touch
        is_touched = request.method != "GET" or not by_itself
        if is_touched and now - used > 15:
            request.session[USED_AT] = now
            Tablet.objects.filter(pk=pk).update(seen_at=timezone.now())
        return None


class OwnPasswordMiddleware:
    """A password that someone else typed opens one page only: the one to choose your own."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        user = request.user
        if user.is_authenticated and user.must_change_password and TABLET not in request.session:
            allowed = {reverse("own-password"), reverse("account_logout"), reverse("company-style")}
            if request.path not in allowed and not request.path.startswith(settings.STATIC_URL):
                return redirect("own-password")
        return None
