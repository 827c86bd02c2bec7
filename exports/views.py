"""Exporteren: lists and everything as files; a file is there for a week, for who asked for it."""

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from cleanconnect import once
from cleanconnect.links import back_to
from cleanconnect.permissions import requires
from cleanconnect.progress import progress
from cleanconnect.quotas import QuotaFull
from cleanconnect.views import Delete, Overview

from . import making
from .filters import ExportFilter
from .forms import ListForm
from .lists import NoSuchList
from .models import Export

State = Export.State


def _exports(request):
    """What this person may see: an owner all of the company's, a customer what this login made."""
    exports = Export.objects.select_related("created_by")
    return exports if request.membership.may("exports.everything") else exports.filter(created_by=request.membership)


@requires("exports.make")
class ExportOverview(Overview):
    filterset_class = ExportFilter
    template_name = "exports/overview.html"

    def get_queryset(self):
        return _exports(self.request)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"may_export_everything": self.request.membership.may("exports.everything")}


@once.repeatable  # the page stays when its file was saved, and the list may have grown
@requires("exports.make")
@require_POST
def create_list(request):
    form = ListForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        export = making.export_list(form.cleaned_data["adres"], form.cleaned_data["soort"], by=request.membership)
    except NoSuchList:
        raise Http404 from None
    except QuotaFull as full:
        messages.error(request, full.message)
        return back_to(form.cleaned_data["adres"], otherwise="exports:overview")
    return redirect("exports:download" if export.state == State.DONE else "exports:detail", export.pk)


@requires("exports.everything")
@require_POST
def create_everything(request):
    try:
        export = making.export_everything(by=request.membership)
    except QuotaFull as full:
        messages.error(request, full.message)
        return redirect("exports:overview")
    return redirect("exports:detail", export.pk)


@requires("exports.make")
@require_safe
def detail(request, pk):
    """Where the export is now; the bar of one that is being made asks again every second."""
    export = get_object_or_404(_exports(request), pk=pk)
    context = {"export": export, "percent": progress(export)}
    if request.htmx and request.htmx.target == "bar":
        if export.state != State.WAITING:
            return HttpResponseClientRedirect(reverse("exports:detail", args=[pk]))
        return render(request, "exports/detail.html#bar", context)
    return render(request, "exports/detail.html", context)


@requires("exports.make")
@require_safe
@cache_control(private=True, no_store=True)
def download(request, pk):
    export = get_object_or_404(_exports(request), pk=pk, state=State.DONE)
    if not default_storage.exists(export.file.name):
        raise Http404
    return FileResponse(export.file.open(), as_attachment=True, filename=export.file_name)


@requires("exports.make")
class ExportDelete(Delete):
    success_url = reverse_lazy("exports:overview")

    def get_queryset(self):
        return _exports(self.request)

    def remove(self):
        making.forget(self.object)
        return "deleted"
