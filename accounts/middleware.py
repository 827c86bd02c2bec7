from functools import cache

from django.conf import settings
from django.contrib.auth import logout
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
from cleanconnect.tenancy import context

from .models import Membership, Tablet

TABLET, USED_AT = "tablet", "tablet_used_at"  # in the session
COOKIE = "tablet"


NEEDS_NO_DATABASE = ("home", "service-worker", "manifest")  # pages that answer while the database is away, the same for everybody


@cache
def _paths_without_database():
    return frozenset(reverse(name) for name in NEEDS_NO_DATABASE)


class CompanyMiddleware:
    """Open the request's transaction, name its company, and set `request.membership` (None: nobody, or not chosen yet).

    The transaction spans the view and the rendering of its template: after it, the database shows no rows. A response
    of 500 and up takes all its writes back.
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
        """Stop a view that met another transaction the first time, without a word in the log: `_answer` has it done again."""
        if conflicts.is_conflict(exception) and not hasattr(request, "is_second_try"):
            request.conflict = exception
            return HttpResponse(status=503)
        return None

    def _answer(self, request):
        request.membership = None
        user_id = request.user.pk if request.user.is_authenticated else None
        with context.request_scope(user_id=user_id):
            if user_id:
                request.membership = self._membership(request)
            if request.membership:
                context.narrow(company_id=request.membership.company_id, customer_id=request.membership.customer_id)
            with override(self._language(request.membership)):
                response = self.get_response(request)
            if conflict := request.__dict__.pop("conflict", None):
                raise conflict
            if response.status_code >= 500:
                transaction.set_rollback(True)
        # What is not meant to be kept is not: *Terug* on a shared computer shows nothing after logging out.
        response.setdefault("Cache-Control", "private, no-store")
        return response

    def _language(self, membership):
        """An employee reads the screens of the hall in the own language; everyone else, and what is not translated, is Dutch."""
        return membership.language if may(membership, "own_language") else settings.LANGUAGE_CODE

    def _membership(self, request):
        """The membership of the chosen company, or the only one there is; chosen once and kept in the session."""
        memberships = Membership.objects.active().filter(user_id=request.user.pk).select_related("company")
        if chosen := request.session.get("company_id"):
            if membership := memberships.filter(company_id=chosen).first():
                return membership
            if TABLET in request.session:  # a PIN opens one membership and no other of the same person
                return None
            del request.session["company_id"]
        found = list(memberships[:2])
        if len(found) != 1:
            return None
        request.session["company_id"] = found[0].company_id
        return found[0]


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
        if not Tablet.objects.active().filter(pk=pk).exists():
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
