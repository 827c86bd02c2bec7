from django.conf import settings
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse

from cleanconnect.tenancy import context

from .models import Membership


class CompanyMiddleware:
    """Open the request's transaction, name its company, and set `request.membership` (None: nobody, or not chosen yet).

    The transaction spans the view and the rendering of its template: after it, the database shows no rows. A response
    of 500 and up takes all its writes back.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.membership = None
        user_id = request.user.pk if request.user.is_authenticated else None
        with context.request_scope(user_id=user_id):
            if user_id:
                request.membership = self._membership(request)
            if request.membership:
                context.narrow(company_id=request.membership.company_id, customer_id=request.membership.customer_id)
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    def _membership(self, request):
        """The membership of the chosen company, or the only one there is; chosen once and kept in the session."""
        memberships = Membership.objects.active().filter(user_id=request.user.pk).select_related("company")
        if chosen := request.session.get("company_id"):
            if membership := memberships.filter(company_id=chosen).first():
                return membership
            del request.session["company_id"]
        found = list(memberships[:2])
        if len(found) != 1:
            return None
        request.session["company_id"] = found[0].company_id
        return found[0]


class OwnPasswordMiddleware:
    """A password that someone else typed opens one page only: the one to choose your own."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        user = request.user
        if user.is_authenticated and user.must_change_password:
            allowed = {reverse("own-password"), reverse("account_logout"), reverse("company-style")}
            if request.path not in allowed and not request.path.startswith(settings.STATIC_URL):
                return redirect("own-password")
        return None
