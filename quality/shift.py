"""What a tablet keeps in contact by, and what came too late from it."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import ListView

from accounts.forms import TabletKeyForm
from accounts.middleware import TABLET
from accounts.models import Tablet
from accounts.tablets import MOST_WRONG, bind, people, read_public_key, sealed
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


def _paired(request):
    return get_object_or_404(Tablet.objects.active(), pk=request.session.get(TABLET))


def _boxes(request, tablet):
    boxes = []
    if tablet.public_key:
        key = read_public_key(tablet.public_key)
        may_go_on = people().exclude(offline_key="").exclude(pin_failures__gte=MOST_WRONG)
        boxes = [sealed(person, actor_token(request, person), key) for person in may_go_on]
    return JsonResponse({"key": tablet.public_key, "people": boxes})


@requires("quality.check")
@require_safe
@never_cache
def people_offline(request):
    """Who may work on without a connection on this tablet: what each PIN opens there is the token of who does it.

    `key` is the public key that all are sealed for; while the tablet has said none it is empty, and nobody may.
    """
    return _boxes(request, _paired(request))


@requires("quality.check")
@require_POST
def tablet_key(request):
    """The tablet says its public key, once for each pairing, and hears who may work on; another key is refused (409)."""
    tablet, form = _paired(request), TabletKeyForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"why": form.errors["key"][0]}, status=422)
    if not bind(tablet, form.cleaned_data["key"]):
        return JsonResponse({"why": _("Deze tablet heeft al een andere sleutel.")}, status=409)
    return _boxes(request, tablet)


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
