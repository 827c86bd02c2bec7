"""Importeren: a file, its columns, what it would do, and doing it; each step is a page that can be left and come back to."""

from django.core.paginator import InvalidPage, Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from cleanconnect import jobs
from cleanconnect.pagination import OpenPaginator
from cleanconnect.permissions import requires
from cleanconnect.progress import progress
from cleanconnect.spreadsheets import write_csv
from cleanconnect.views import Delete

from . import matching, running, tasks
from .examples import workbook
from .forms import ColumnsForm, UploadForm
from .models import Import, Kind
from .reading import max_megabytes

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
State = Import.State


def _page(paginator, request):
    """The page that is asked for, or the first."""
    try:
        return paginator.page(request.GET.get("pagina") or 1)
    except (ValueError, OverflowError, InvalidPage):
        return paginator.page(1)


@requires("imports.manage")
def overview(request):
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        found = form.save(by=request.membership)
        jobs.add(tasks.read, found)
        jobs.add(tasks.forget, found, after=tasks.KEPT_FOR)
        return redirect("imports:detail", found.pk)
    paginator = OpenPaginator(Import.objects.defer("problems", "headers", "sample"), 25)
    page = _page(paginator, request)
    context = {
        "form": form,
        "kinds": Kind,
        "most": max_megabytes(),
        "page_obj": page,
        "paginator": paginator,
    }
    return render(request, "imports/overview.html", context, status=422 if form.errors else 200)


@requires("imports.manage")
@require_safe
def example(request, kind):
    if kind not in Kind.values:
        raise Http404
    made = HttpResponse(workbook(Kind(kind)), content_type=XLSX)
    made["Content-Disposition"] = f'attachment; filename="voorbeeld-{str(Kind(kind).label).lower().replace(" ", "-")}.xlsx"'
    return made


def _locked(pk, *states):
    """The import while it is in one of these states; nothing else changes it meanwhile."""
    return Import.objects.select_for_update(no_key=True).filter(pk=pk, state__in=states).first()


@requires("imports.manage")
@transaction.atomic
def columns(request, pk):
    get_object_or_404(Import, pk=pk)
    found = _locked(pk, State.UPLOADED, State.CHECKED)
    if found is None:
        return redirect("imports:detail", pk)
    form = ColumnsForm(request.POST if request.method == "POST" else None, found=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        jobs.add(tasks.run, found)
        return redirect("imports:detail", pk)
    context = {"form": form, "import": found, "doubles": list(matching.doubles(found.headers).items())}
    return render(request, "imports/columns.html", context, status=422 if form.errors else 200)


@requires("imports.manage")
@require_safe
def detail(request, pk):
    """Where the import is now; the bar of one that runs asks again every second."""
    found = get_object_or_404(Import.objects.select_related("created_by"), pk=pk)
    if request.htmx and request.htmx.target == "bar" and not found.is_waiting:
        return HttpResponseClientRedirect(reverse("imports:detail", args=[pk]))
    if found.state == State.UPLOADED:
        return redirect("imports:columns", pk)
    context = {"import": found, "percent": progress(found)}
    if found.is_waiting:
        page = "imports/running.html"
        return render(request, f"{page}#bar" if request.htmx and not request.htmx.boosted else page, context)
    paginator = Paginator(found.problems, 50)
    context |= {"page_obj": paginator.get_page(request.GET.get("pagina")), "paginator": paginator}
    return render(request, "imports/detail.html", context)


@requires("imports.manage")
@require_POST
@transaction.atomic
def carry_out(request, pk):
    """Import what was checked: all rows, or (`alleen=goed`) the good rows only; with `twijfel=ja` those in doubt too."""
    get_object_or_404(Import, pk=pk)
    found = _locked(pk, State.CHECKED)
    skip_wrong, take_doubtful = request.POST.get("alleen") == "goed", request.POST.get("twijfel") == "ja"
    count = found.good_count + found.doubt_count * take_doubtful if found else 0
    if count and (skip_wrong or not found.wrong_count):
        found.state, found.skip_wrong, found.take_doubtful = State.IMPORTING, skip_wrong, take_doubtful
        found.save(update_fields=["state", "skip_wrong", "take_doubtful"])
        jobs.add(tasks.run, found)
    return redirect("imports:detail", pk)


@requires("imports.manage")
@require_safe
def problems(request, pk):
    """The errors as a CSV file that Excel opens."""
    found = get_object_or_404(Import, pk=pk)
    made = HttpResponse(content_type="text/csv; charset=utf-8")
    made["Content-Disposition"] = f'attachment; filename="fouten-import-{pk}.csv"'
    write_csv(made, [_("Rij"), _("Kolom"), _("Fout")], found.problems)
    return made


@requires("imports.manage")
class ImportDelete(Delete):
    template_name = "imports/confirm_delete.html"
    success_url = reverse_lazy("imports:overview")

    def get_queryset(self):
        return Import.objects.exclude(state=State.IMPORTING).defer("problems")

    def remove(self):
        running.forget(self.object)
        return "deleted"
