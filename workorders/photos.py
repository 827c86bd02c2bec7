"""The photos of an order, shown only to who may see the order."""

from pathlib import PurePath

from django.contrib import messages
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from cleanconnect.permissions import requires

from .car import drawing
from .damage_forms import DamageForm, PhotosForm
from .models import DamageMark, OrderPhoto, WorkOrder

PICTURES = {".webp": "image/webp", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}


def _order(pk):
    return get_object_or_404(WorkOrder.objects.active().for_overview(), pk=pk)


def picture(file):
    """The answer with a stored picture, for who may see it: files of companies have no address of their own."""
    if not file.name or not default_storage.exists(file.name):
        raise Http404
    kind = PICTURES.get(PurePath(file.name).suffix.lower(), "application/octet-stream")
    response = FileResponse(default_storage.open(file.name), content_type=kind)
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@requires("workorders.view")
@require_safe
@cache_control(private=True, max_age=86400)
def photo(request, pk):
    return picture(get_object_or_404(OrderPhoto, pk=pk).photo)


def _add_photos(order, pictures, moment, by):
    """Keep cleaned pictures with the order; their files go again when the transaction fails."""
    made = []
    try:
        with transaction.atomic():
            for one in pictures:
                photo = OrderPhoto(order=order, photo=one, moment=moment, added_by=by)
                made.append(photo)
                photo.save()
    except Exception:
        for photo in made:
            photo.photo.delete(save=False)
        raise
    return made


@requires("quality.check")
def intake(request, pk):
    """Staat van de auto: photos, and damage marked on the drawing."""
    order = _order(pk)
    marks = list(order.damage_marks.select_related("marked_by", "photo"))
    form = DamageForm(
        *((request.POST, request.FILES) if request.method == "POST" else ()), initial={"place": request.GET.get("plaats", "")}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with transaction.atomic():
            photos = _add_photos(order, [data["photo"]] if data["photo"] else [], OrderPhoto.Moment.INTAKE, request.membership)
            mark = DamageMark(order=order, place=data["place"], kind=data["kind"], note=data["note"], marked_by=request.membership)
            mark.photo = photos[0] if photos else None
            mark.save()
        messages.success(request, _("De schade staat op de tekening."))
        return redirect("workorders:intake", order.pk)
    context = {
        "order": order,
        "form": form,
        "photos_form": PhotosForm(),
        "marks": marks,
        "photos": order.photos.select_related("added_by"),
        "places": drawing(marks, form["place"].value()),
    }
    return render(request, "workorders/intake.html", context, status=422 if form.errors else 200)


@requires("quality.check")
@require_POST
def add_photos(request, pk):
    order = _order(pk)
    form = PhotosForm(request.POST, request.FILES)
    if form.is_valid():
        made = _add_photos(order, form.cleaned_data["photos"], form.cleaned_data["moment"], request.membership)
        text = ngettext("%(count)s foto is bewaard.", "%(count)s foto’s zijn bewaard.", len(made))
        messages.success(request, text % {"count": len(made)})
        return redirect("workorders:intake", order.pk)
    marks = list(order.damage_marks.select_related("marked_by", "photo"))
    context = {
        "order": order,
        "form": DamageForm(),
        "photos_form": form,
        "marks": marks,
        "photos": order.photos.select_related("added_by"),
        "places": drawing(marks),
    }
    return render(request, "workorders/intake.html", context, status=422)


@requires("quality.check")
@require_POST
def remove_mark(request, pk, mark_pk):
    mark = get_object_or_404(DamageMark, pk=mark_pk, order=_order(pk))
    mark.delete()
    messages.success(request, _("%(mark)s is weggehaald.") % {"mark": mark.get_kind_display()})
    return redirect("workorders:intake", pk)
