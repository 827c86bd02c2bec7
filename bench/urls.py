from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import include, path

from accounts.models import User
from cleanconnect.permissions import requires


@login_required
def bare(request):
    """What everything is compared with: a session, a login and one query."""
    return HttpResponse(str(User.objects.filter(is_active=True).count()))


@requires("workorders.view")
def empty(request):
    """What every page of ours costs before its view: the middleware, with a login, a company and the permission."""
    return HttpResponse("")


urlpatterns = [path("kaal/", bare), path("leeg/", empty), path("", include("cleanconnect.urls"))]
