"""Boekhouding: the codes, an export of a period, and what went when."""

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cleanconnect.permissions import requires

from . import exporting, journal
from .forms import CodesForm, ExportForm
from .models import BookExport

SHOWN = 100


@requires("books.see")
def overview(request):
    form = ExportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            exporting.start(typed["kind"], typed["first"], typed["last"], by=request.membership)
        except exporting.NothingToExport as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("De export wordt gemaakt."))
            return redirect("bookkeeping:overview")
    exports = list(BookExport.objects.select_related("created_by")[:SHOWN])
    newest = {}
    for export in exports:
        if export.state != BookExport.State.FAILED:
            newest.setdefault(export.kind, export.pk)
    for export in exports:
        export.is_last = export.state == BookExport.State.FAILED or newest[export.kind] == export.pk
    details = {"form": form, "exports": exports, "is_waiting": any(export.state == BookExport.State.WAITING for export in exports)}
    template = "bookkeeping/overview.html#exports" if request.htmx else "bookkeeping/overview.html"
    return render(request, template, details, status=422 if form.errors else 200)


@requires("books.see")
@require_safe
def download(request, pk):
    """The file as it was made, also a year later."""
    export = get_object_or_404(BookExport, pk=pk, state=BookExport.State.DONE)
    if not default_storage.exists(export.file.name):
        raise Http404
    return FileResponse(export.file.open(), as_attachment=True, filename=export.file_name)


@requires("invoicing.manage")
def codes(request):
    form = CodesForm(request.POST if request.method == "POST" else None, instance=journal.codes())
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("De boekhoudcodes zijn opgeslagen."))
        return redirect("bookkeeping:overview")
    return render(request, "bookkeeping/codes.html", {"form": form}, status=422 if form.errors else 200)


@requires("invoicing.manage")
def undo(request, pk):
    """*Terugdraaien*, after asking."""
    export = get_object_or_404(BookExport, pk=pk)
    if request.method == "POST":
        try:
            exporting.undo(export)
        except exporting.NotUndoable as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("De export is teruggedraaid; de facturen kunnen opnieuw mee."))
        return redirect("bookkeeping:overview")
    return render(request, "bookkeeping/undo.html", {"export": export})
