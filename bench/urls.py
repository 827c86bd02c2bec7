from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import include, path

from accounts.models import User


@login_required
def bare(request):
    """What everything is compared with: a session, a login and one query."""
    return HttpResponse(str(User.objects.filter(is_active=True).count()))


urlpatterns = [path("kaal/", bare), path("", include("cleanconnect.urls"))]
