"""Planning: the board of a day and a week, what is not planned yet, and the working hours it reckons with."""

from datetime import date, timedelta

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import Membership
from cleanconnect.permissions import requires
from cleanconnect.previews import digest
from cleanconnect.views import Create, Delete, Edit

from ..intake import AlreadyCompleted, ChangedMeanwhile
from ..models import Bay, SpecialDay, WorkingDay, WorkOrder
from .board import calendar, on_board
from .capacity import USUAL, days, objections, workers
from .forms import BayForm, PlanForm, SpecialDayForm, WorkingDayForm
from .moving import plan

BACKLOG = 60  # as many unplanned orders as stand beside the board
LONGEST = timedelta(days=45)  # that the board asks for at once


def unplanned():
    """Open orders without a day, or with a day that went by before anybody began; the oldest promise first."""
    late = Q(planned_on__lt=timezone.localdate(), status=WorkOrder.Status.PLANNED)
    orders = WorkOrder.objects.open().filter(Q(planned_on=None) | late).for_overview().with_minutes()
    return orders.order_by("promised_at", "number")


@requires("planning.view")
@require_safe
def board(request):
    """The board itself is drawn by the browser (static/planning.js); without JavaScript there is the list of the day."""
    today = timezone.localdate()
    people, bays = workers(), list(Bay.objects.active())
    context = {
        "resources": {
            "people": [{"id": str(person.pk), "title": person.name} for person in people] + [{"id": "0", "title": _("Niet toegewezen")}],
            "bays": [{"id": str(bay.pk), "title": bay.name} for bay in bays] + [{"id": "0", "title": _("Geen werkplek")}],
        },
        "has_bays": bool(bays),
        "unplanned": list(unplanned()[: BACKLOG + 1]),
        "backlog": BACKLOG,
        "today": today,
        "todays": list(on_board(today, today).for_overview().prefetch_related("assignments__membership")),
        "hours": _opening(),
    }
    return render(request, "workorders/planning/board.html", context)


def _opening():
    """From and to which hour the board shows, as `HH:MM`: an hour around the working hours."""
    rows = list(WorkingDay.objects.exclude(starts_at=None))
    first = min([row.starts_at for row in rows] + ([] if rows else [USUAL[0]])).hour - 1
    last = max([row.ends_at for row in rows] + ([] if rows else [USUAL[1]])).hour + 2
    return {"from": f"{max(first, 0):02}:00", "to": f"{min(last, 24):02}:00"}


def _period(request):
    """The dates `van` and `tot` (not included) of the address."""
    try:
        first, until = (date.fromisoformat(request.GET.get(name, "")[:10]) for name in ("van", "tot"))
    except ValueError:
        raise Http404 from None
    if not timedelta(0) < until - first <= LONGEST:
        raise Http404
    return first, until - timedelta(days=1)


@requires("planning.view")
@require_safe
def events(request):
    """The orders of a period, as the calendar component wants them; `per` is people or bays."""
    first, last = _period(request)
    by_bay, whole_days = request.GET.get("per") == "bays", "dagen" in request.GET
    may_plan = request.membership.may("planning.manage")
    orders = calendar(first, last, by_bay=by_bay, whole_days=whole_days, may_plan=may_plan)
    return JsonResponse(orders, safe=False)


@requires("planning.view")
@require_safe
def capacity(request):
    """The strip above the board: per day what is planned and what fits."""
    first, last = _period(request)
    return render(request, "workorders/planning/_capacity.html", {"days": days(first, last)})


@requires("planning.view")
@require_safe
def backlog(request):
    return render(request, "workorders/planning/_unplanned.html", {"unplanned": list(unplanned()[: BACKLOG + 1]), "backlog": BACKLOG})


@requires("planning.manage")
def plan_order(request, pk):
    """Plan one order: from the dialog, by dragging, or from its page.

    What speaks against it is said first; `confirmed` is the digest of what was said of what, so that anything else is looked at again.
    """
    order = get_object_or_404(WorkOrder.objects.open().for_overview().with_minutes(), pk=pk)
    form = PlanForm(request.POST if request.method == "POST" else None, order=order)
    against, seen, meanwhile = [], "", None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        against = objections(
            order,
            day=data["planned_on"],
            starts_at=data["planned_time"],
            minutes=data["planned_minutes"] or order.expected_minutes,
            people=data["assigned"],
            bay=data["bay"],
        )
        seen = digest([form.plan(), against])
        if not against or request.POST.get("confirmed") == seen:
            try:
                plan(order, **data, by=request.membership)
            except AlreadyCompleted:
                form.add_error(None, _("Deze werkorder is intussen gereedgemeld en kan niet meer worden gepland."))
            except ChangedMeanwhile as error:
                meanwhile = error.changes
                form.show_version(error.version)
            else:
                if request.htmx:
                    return HttpResponse(status=204, headers={"HX-Trigger": "planned"})
                planned, undated = _("%(order)s is gepland."), _("%(order)s heeft geen datum en moet nog worden gepland.")
                messages.success(request, (planned if data["planned_on"] else undated) % {"order": order})
                return redirect("workorders:planning")
    context = {"order": order, "form": form, "against": against, "seen": seen, "meanwhile": meanwhile}
    name = "workorders/planning/plan.html" + ("#plan" if request.htmx else "")
    return render(request, name, context, status=422 if request.method == "POST" else 200)


@requires("planning.manage")
def hours(request):
    """Werktijden: of the company, or of one person (`?wie=`); with bays and special days beside it."""
    person = _person(request.GET.get("wie", ""))
    formset = _week(request.POST if request.method == "POST" else None, person)
    if request.method == "POST" and formset.is_valid():
        with transaction.atomic():
            WorkingDay.objects.filter(membership=person).delete()
            if "als_het_bedrijf" not in request.POST:
                WorkingDay.objects.bulk_create(
                    WorkingDay(
                        membership=person,
                        weekday=form.instance.weekday,
                        starts_at=form.cleaned_data.get("starts_at"),
                        ends_at=form.cleaned_data.get("ends_at"),
                        break_minutes=form.cleaned_data.get("break_minutes") or 0,
                    )
                    for form in formset
                )
        messages.success(request, _("De werktijden zijn opgeslagen."))
        return redirect(request.get_full_path())
    context = {
        "formset": formset,
        "person": person,
        "people": workers(),
        "has_own": person and WorkingDay.objects.filter(membership=person).exists(),
        "bays": Bay.objects.active(),
        "special_days": SpecialDay.objects.filter(day__gte=timezone.localdate()).select_related("membership"),
    }
    return render(request, "workorders/planning/hours.html", context, status=422 if request.method == "POST" else 200)


def _person(text):
    if not text:
        return None
    if not text.isdecimal() or len(text) > 18:
        raise Http404
    return get_object_or_404(Membership.objects.who_may("quality.check"), pk=text)


def _week(data, person):
    """A formset of seven days: as they are, as those of the company, or as usual."""
    rows = {row.weekday: row for row in WorkingDay.objects.filter(membership=None)}
    rows |= {row.weekday: row for row in WorkingDay.objects.filter(membership=person)}
    found = []
    for weekday in WorkingDay.Weekday.values:
        row = rows.get(weekday) or WorkingDay(weekday=weekday)
        if row.pk is None and weekday < 5:
            row.starts_at, row.ends_at, row.break_minutes = USUAL
        found.append(row)
    return Week([WorkingDayForm(data, prefix=f"dag-{row.weekday}", instance=row) for row in found])


class Week(list):
    """Seven forms that are right together."""

    def is_valid(self):
        return not any(form.errors for form in list(self))


class Bays:
    model = Bay
    queryset = Bay.objects.active()
    form_class = BayForm
    success_url = reverse_lazy("workorders:hours")


@requires("planning.manage")
class BayCreate(Bays, Create):
    title = gettext_lazy("Werkplek toevoegen")
    lead = gettext_lazy("Een plaats in de hal waar één auto tegelijk wordt behandeld: een wasbrug, een poetsbox, een cabine.")


@requires("planning.manage")
class BayEdit(Bays, Edit):
    title = gettext_lazy("Werkplek bewerken")


@requires("planning.manage")
class BayDelete(Bays, Delete):
    pass


class SpecialDays:
    model = SpecialDay
    queryset = SpecialDay.objects.all()
    form_class = SpecialDayForm
    success_url = reverse_lazy("workorders:hours")


@requires("planning.manage")
class SpecialDayCreate(SpecialDays, Create):
    title = gettext_lazy("Afwijkende dag toevoegen")
    lead = gettext_lazy("Een vrije dag, of een feestdag waarop u wel werkt. De Nederlandse feestdagen staan er al in.")


@requires("planning.manage")
class SpecialDayDelete(SpecialDays, Delete):
    def remove(self):
        self.object.delete()
        return "deleted"
