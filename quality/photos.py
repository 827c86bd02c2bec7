"""Photos that a tablet took. What they belong to is told first, with the id of each photo; the files follow after all else."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from cleanconnect.permissions import requires
from workorders import photos
from workorders.models import OrderPhoto, underway

from . import mails
from .forms import ItemPhotoForm, SentPhotoForm
from .models import ChecklistItem, CheckPhoto, Defect, TabletAction
from .replay import KeptForOwner, from_tablet
from .workfloor import order_in_hall, refused, show_answered


@requires("quality.check")
@require_POST
@from_tablet(TabletAction.Kind.DAMAGE)
def add_damage(request, pk):
    return photos.add_damage(request, pk)


@requires("quality.check")
@require_POST
@from_tablet(TabletAction.Kind.PHOTOS)
def add_photos(request, pk):
    return photos.add_photos(request, pk)


@requires("quality.check")
@require_POST
@from_tablet(TabletAction.Kind.PHOTOS)
def add_item_photo(request, pk, item_pk):
    """A photo of one item of the check, or the word that one is coming."""
    order, item = order_in_hall(pk), get_object_or_404(ChecklistItem.objects.select_related("group"), pk=item_pk)
    form = ItemPhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return refused(request, order, " ".join(error for errors in form.errors.values() for error in errors))
    stamp = {"order": order, "item": item, "taken_by": request.by, "taken_at": request.moment}
    for one in form.cleaned_data["photos"]:
        photo = CheckPhoto(**stamp)
        photo.put(one)
        photo.save()
    for uid in form.cleaned_data["photo_uid"]:
        CheckPhoto.objects.create(**stamp, photo_uid=uid)
    return show_answered(request, order, item)


@requires("quality.check")
@require_POST
@from_tablet(TabletAction.Kind.PHOTO)
def send_photo(request, pk):
    """The file of a photo that was announced. One that is no photo leaves a row without it, and is told."""
    order, form = order_in_hall(pk), SentPhotoForm(request.POST, request.FILES)
    form.is_valid()
    row = _announced(order, form.cleaned_data.get("uid"))
    if form.errors:
        if row:
            row.photo_uid = None
            row.save(update_fields=["photo_uid"])
        why = " ".join(error for errors in form.errors.values() for error in errors)
        return KeptForOwner(why) if request.is_action else refused(request, order, why)
    if row is None:
        return refused(request, order, _("Dat waar deze foto bij hoort, is niet verwerkt."))
    row.put(form.cleaned_data["photo"])
    row.save()
    if isinstance(row, Defect) and row.photo:
        mails.add_picture(row)
    return show_answered(request, order, row.item) if isinstance(row, CheckPhoto) else HttpResponse(status=204)


def _announced(order, uid):
    """The row of an order that waits for the photo with this id, or None."""
    kinds = (CheckPhoto.objects.select_related("item__group"), Defect.objects, OrderPhoto.objects) if uid else ()
    found = (underway(rows.select_for_update(no_key=True, of=["self"])).filter(order=order, photo_uid=uid).first() for rows in kinds)
    return next((row for row in found if row), None)


@requires("quality.check")
@require_safe
@cache_control(private=True, max_age=86400)
def check_photo(request, pk):
    row = get_object_or_404(CheckPhoto, pk=pk)
    return photos.thumb(request, row, request.path) if "stand" in request.GET else photos.picture(row.photo, request.GET.get("maat"))


@requires("workorders.manage")
@require_safe
def check_photo_original(request, pk):
    return photos.original(get_object_or_404(CheckPhoto, pk=pk))


@requires("defects.view")
@require_safe
@cache_control(private=True, max_age=86400)
def defect_photo(request, pk):
    """The photo, for who may see the defect."""
    row = get_object_or_404(Defect, pk=pk)
    return photos.thumb(request, row, request.path) if "stand" in request.GET else photos.picture(row.photo, request.GET.get("maat"))


@requires("workorders.manage")
@require_safe
def defect_photo_original(request, pk):
    return photos.original(get_object_or_404(Defect, pk=pk))
