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
from cleanconnect.tasks import nudge
from cleanconnect.tenancy.context import current_company_id
from cleanconnect.uploads import small_name

from .car import drawing
from .damage_forms import DamageForm, PhotosForm
from .models import DamageMark, OrderPhoto, WorkOrder
from .tasks import make_small

PICTURES = {".webp": "image/webp", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}


def _order(pk):
    return get_object_or_404(WorkOrder.objects.active().for_overview(), pk=pk)


def picture(file, size="groot"):
    """The answer with a stored picture, for who may see it: files of companies have no address of their own.

    `size` is "groot" or "klein"; where the small one is not there yet, it is the large one, and the small one is made.
    """
    if not file.name or not default_storage.exists(file.name):
        raise Http404
    name = file.name
    if size == "klein":
        if default_storage.exists(small_name(name)):
            name = small_name(name)
        else:
            nudge(make_small, current_company_id(), name)
    kind = PICTURES.get(PurePath(name).suffix.lower(), "application/octet-stream")
    response = FileResponse(default_storage.open(name), content_type=kind)
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def original(row):
    """The answer with the photo as the camera made it, as a file to keep; 404 where the company did not keep it."""
    if not row.original or not default_storage.exists(row.original.name):
        raise Http404
    return FileResponse(row.original.open(), as_attachment=True, filename=PurePath(row.original.name).name)


def thumb(request, row, address):
    """What stands on a page for the photo of a row: small, or that it is being made, which asks again by itself."""
    response = render(request, "workorders/_thumb.html", {"row": row, "address": address, "alt": request.GET.get("alt", "")[:200]})
    response["Cache-Control"] = "no-store"
    return response


@requires("workorders.view")
@require_safe
@cache_control(private=True, max_age=86400)
def photo(request, pk):
    row = get_object_or_404(OrderPhoto, pk=pk)
    return thumb(request, row, request.path) if "stand" in request.GET else picture(row.photo, request.GET.get("maat"))


@requires("workorders.manage")
@require_safe
def photo_original(request, pk):
    return original(get_object_or_404(OrderPhoto, pk=pk))


def _add_photos(order, data, moment, request):
    """Keep the photos of a form with the order, those too that a tablet still has to send."""
    stamp = {"order": order, "moment": moment, "added_by": request.by, "added_at": request.moment}
    made = [OrderPhoto(**stamp) for _picture in data["photos"]]
    with transaction.atomic():
        for photo, one in zip(made, data["photos"], strict=True):
            photo.put(one)
            photo.save()
        made += [OrderPhoto.objects.create(**stamp, photo_uid=uid) for uid in data["photo_uid"]]
    return made


@requires("quality.check")
@require_safe
def intake(request, pk):
    """Staat van de auto: photos, and damage marked on the drawing."""
    return _intake_page(request, _order(pk), DamageForm(initial={"place": request.GET.get("plaats", "")}), PhotosForm())


def _intake_page(request, order, form, photos_form):
    marks = list(order.damage_marks.select_related("marked_by", "photo"))
    context = {
        "order": order,
        "form": form,
        "photos_form": photos_form,
        "marks": marks,
        "photos": order.photos.select_related("added_by"),
        "places": drawing(marks, form["place"].value()),
    }
    return render(request, "workorders/intake.html", context, status=422 if form.errors or photos_form.errors else 200)


def add_damage(request, pk):
    """A mark on the drawing, with the photo of it; `request.by` and `request.moment` say who saw it and when."""
    order, form = _order(pk), DamageForm(request.POST, request.FILES)
    if not form.is_valid():
        return _intake_page(request, order, form, PhotosForm())
    data = form.cleaned_data
    with transaction.atomic():
        photos = _add_photos(order, data, OrderPhoto.Moment.INTAKE, request)
        DamageMark.objects.create(
            order=order,
            place=data["place"],
            kind=data["kind"],
            note=data["note"],
            photo=photos[0] if photos else None,
            marked_by=request.by,
            marked_at=request.moment,
        )
    if request.is_watched:
        messages.success(request, _("De schade staat op de tekening."))
    return redirect("workorders:intake", order.pk)


def add_photos(request, pk):
    """Photos of the car as it came in or went; `request.by` and `request.moment` say who took them and when."""
    order, form = _order(pk), PhotosForm(request.POST, request.FILES)
    if not form.is_valid():
        return _intake_page(request, order, DamageForm(), form)
    made = _add_photos(order, form.cleaned_data, form.cleaned_data["moment"], request)
    if request.is_watched:
        text = ngettext("%(count)s foto is bewaard.", "%(count)s foto’s zijn bewaard.", len(made))
        messages.success(request, text % {"count": len(made)})
    return redirect("workorders:intake", order.pk)


@requires("quality.check")
@require_POST
def remove_mark(request, pk, mark_pk):
    mark = get_object_or_404(DamageMark, pk=mark_pk, order=_order(pk))
    mark.delete()
    messages.success(request, _("%(mark)s is weggehaald.") % {"mark": mark.get_kind_display()})
    return redirect("workorders:intake", pk)
