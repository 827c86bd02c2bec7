"""What a tablet keeps in contact by, and what came too late from it."""

from django.contrib import messages
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import ListView

from cleanconnect.permissions import requires
from workorders.photos import picture

from .models import TabletAction


@requires("quality.check")
@require_safe
@never_cache
def contact(request):
    """Asked before a tablet sends what it kept: the token that its requests need today."""
    return JsonResponse({"csrf": get_token(request)})


@requires("workorders.manage")
class Kept(ListView):
    """*Van de tablet*: what could not be done any more when it arrived; the owner decides."""

    template_name = "quality/kept.html"
    paginate_by = 25
    queryset = TabletAction.objects.filter(outcome=TabletAction.Outcome.KEPT).select_related("order__vehicle", "item", "by")


@requires("workorders.manage")
@require_safe
def kept_photo(request, pk):
    return picture(get_object_or_404(TabletAction, pk=pk).photo)


@requires("workorders.manage")
@require_POST
def settle(request, pk):
    action = get_object_or_404(TabletAction, pk=pk, outcome=TabletAction.Outcome.KEPT)
    action.outcome = TabletAction.Outcome.SETTLED
    action.save(update_fields=["outcome"])
    messages.success(request, _("Afgehandeld; het blijft bewaard."))
    return redirect("quality:kept")
