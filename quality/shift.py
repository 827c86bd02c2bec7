"""What a tablet keeps in contact by, and what came too late from it."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import ListView

from accounts.middleware import TABLET
from accounts.tablets import MOST_WRONG, people, sealed
from cleanconnect.permissions import requires
from workorders.photos import picture

from . import photos as sent
from . import workfloor
from .models import TabletAction
from .replay import TooLate, actor_token, do_after_all

Kind = TabletAction.Kind
VIEWS = {
    Kind.ANSWER: workfloor.answer_item,
    Kind.DEFECT: workfloor.defect_create,
    Kind.FINISH: workfloor.finish,
    Kind.WORK: workfloor.work,
    Kind.DAMAGE: sent.add_damage,
    Kind.PHOTOS: sent.add_photos,
    Kind.PHOTO: sent.send_photo,
}


@requires("quality.check")
@require_safe
@never_cache
def contact(request):
    """Asked before a tablet sends what it kept: the token that its requests need today."""
    return JsonResponse({"csrf": get_token(request)})


@requires("quality.check")
@require_safe
@never_cache
def people_offline(request):
    """Who may work on without a connection on this tablet: what each PIN opens is the token of who does it."""
    if TABLET not in request.session:
        raise Http404
    found = people().exclude(offline_key="").exclude(pin_failures__gte=MOST_WRONG)
    return JsonResponse({"people": [sealed(person, actor_token(request, person)) for person in found]})


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
def do_kept(request, pk):
    """*Alsnog verwerken*: once the owner put right what was in the way."""
    action = get_object_or_404(TabletAction, pk=pk, outcome=TabletAction.Outcome.KEPT)
    view = sent.add_item_photo if action.kind == TabletAction.Kind.PHOTOS and action.item_id else VIEWS[action.kind]
    if action.order_id is None:
        messages.error(request, _("Deze werkorder is er niet meer."))
        return redirect("quality:kept")
    if action.kind == TabletAction.Kind.ANSWER and action.item_id is None:
        messages.error(request, _("Dit onderdeel staat niet meer op de checklist."))
        return redirect("quality:kept")
    try:
        do_after_all(action, view, request)
    except (TooLate, Http404) as why:
        reason = str(why) if isinstance(why, TooLate) else _("Deze werkorder is er niet meer.")
        messages.error(request, _("Dat kan nog niet: %(why)s") % {"why": reason})
    else:
        messages.success(request, _("Verwerkt, alsof het toen was aangekomen."))
    return redirect("quality:kept")


@requires("workorders.manage")
@require_POST
def settle(request, pk):
    action = get_object_or_404(TabletAction, pk=pk, outcome=TabletAction.Outcome.KEPT)
    action.outcome = TabletAction.Outcome.SETTLED
    action.save(update_fields=["outcome"])
    messages.success(request, _("Afgehandeld; het blijft bewaard."))
    return redirect("quality:kept")
